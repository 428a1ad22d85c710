import type { Endpoint } from "../../../protocol/transport/mod.ts";
import { asksForCertificates, certificatesIn } from "./certificates.ts";
import type { ClientPlace } from "./client_under_test.ts";
import type { Role } from "./role.ts";
import {
  RunningServer,
  type ServerPlace,
  StartedServer,
} from "./server_process.ts";
import type { Tools } from "./subject.ts";

/** Where the program under test is: a server's place, or a client's. */
export type Place =
  & AsyncDisposable
  & ({ server: ServerPlace } | { client: ClientPlace });

/** A command that starts it; or where it runs, or will connect to. */
export type Given = { words: readonly string[] } | Endpoint;

/**
 * The program that was given, and where its role has a folder, a new one,
 * which is removed at the end with what lies beside it.
 */
export async function placeOf(
  { kind, hasFolder, prepare }: Role,
  given: Given,
  tools: Tools,
): Promise<Place> {
  const words = "words" in given ? given.words : null;
  const speaksTls = words !== null && asksForCertificates(words);
  const needsHome = words !== null && hasFolder || speaksTls;
  const home = needsHome ? await Deno.makeTempDir() : null;
  await using begun = new AsyncDisposableStack();
  if (home) begun.defer(() => Deno.remove(home, { recursive: true }));
  const dir = home && hasFolder ? `${home}/files` : null;
  if (dir) {
    await Deno.mkdir(dir);
    await prepare?.(dir);
  }
  const certificates = home && speaksTls
    ? await certificatesIn(`${home}/certificates`)
    : null;
  const stack = begun.move(); // From here on it is the caller's to remove.
  const end = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  if (kind === "client") {
    const client = "words" in given ? { words: given.words, dir } : given;
    return { client, ...end };
  }
  const server = "words" in given
    ? new StartedServer(given.words, tools, dir, certificates)
    : new RunningServer(given);
  return { server, ...end };
}
