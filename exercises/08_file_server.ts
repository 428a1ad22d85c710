/**
 * Exercise 8: the file server.
 *
 * Teaches: a protocol of one's own. Lines ask and answer; the size in the
 * answer frames the raw bytes that follow, whatever they are. A name from the
 * network is not a path: what it stands for is looked at before it is opened,
 * and again after. A client that reads slowly slows its own transfer only. See
 * protocol/README.md. Python: os.open(path, os.O_NOFOLLOW | os.O_NONBLOCK).
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:9100 --allow-read=shared_files exercises/08_file_server.ts 9100
 * Terminal 2: deno run --allow-net=127.0.0.1:9100 exercises/08_file_client.ts 127.0.0.1 9100 list
 *
 * You will see: a line in the log for each client and each file that was sent.
 * Read with it: servers/files/file_handler.ts, one client;
 * servers/files/shared_folder.ts, what a name may open.
 * Try next: `nc 127.0.0.1 9100`, then LIST, GET ../LICENSE, GET hello.txt and
 * READY; put a link to a file outside into the folder.
 */
import { quote } from "../protocol/text.ts";
import {
  filesHandler,
  type FilesOptions,
} from "../servers/files/file_handler.ts";
import { SharedFolder } from "../servers/files/shared_folder.ts";
import { serve, type Server, type ServerOptions } from "../servers/serve.ts";
import {
  defineCommand,
  ExerciseError,
  openLogins,
  runMain,
  serverOptions,
  serveUntilStopped,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

export interface FileServerOptions
  extends ServerOptions, Pick<FilesOptions, "logins"> {
  /** The folder whose files are offered. */
  dir?: string;
}

/** Listens on `port` (0 picks a free one) and offers the files of `dir`. */
export function fileServer(
  port = 9100,
  options: FileServerOptions = {},
): Server {
  const { hostname = "127.0.0.1", listen = Deno.listen } = options;
  const { dir = "shared_files" } = options;
  // First the folder: without one there is nothing to listen for.
  const folder = openFolder(dir);
  const listener = listen({ hostname, port });
  return serve(listener, filesHandler(folder, options), options);
}

function openFolder(dir: string): SharedFolder {
  try {
    return new SharedFolder(dir);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ExerciseError(
      `There is no folder ${quote(dir)}: make it (tcplab samples ${dir}), ` +
        "or choose another with --dir",
      { cause: error },
    );
  }
}

export const main = defineCommand(
  commands.fileserver,
  async ({ dir, users, ...values }, context) => {
    const options = serverOptions(values, context);
    const logins = await openLogins(users, options.log);
    return await serveUntilStopped(
      fileServer(values.port, { dir, logins, ...options }),
    );
  },
);

if (import.meta.main) await runMain(main);
