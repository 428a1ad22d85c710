/**
 * The laboratory as a page in the browser: choose an exercise, fill in its
 * form, run it, and see the exchange drawn while it happens.
 *
 * Terminal 1: deno run --no-prompt --allow-net=127.0.0.1 --allow-read=. exercises/tools/web.ts
 *
 * You will see: the address of the page. Its token, behind the #, is what lets
 * a browser in: nobody who does not have it can start anything.
 * Try next: a server and three clients side by side; the proxy between them.
 */
import { commands } from "../catalogue.ts";
import { defineCommand, EXIT_OK, printLine, runMain } from "../cli/mod.ts";
import { answerApi } from "./web/api.ts";
import { answerAsset } from "./web/assets.ts";
import { guard, refusal } from "./web/guard.ts";
import { RequestError } from "./web/requests.ts";
import { Runs } from "./web/runs.ts";

const HOST = "127.0.0.1";

/** How long a browser may take to read how the last runs ended. */
const LAST_WORDS_MS = 500;

/** A page that runs; `closed` is fulfilled when all of it has stopped. */
export interface Page {
  url: string;
  port: number;
  token: string;
  closed: Promise<void>;
}

/** Serves the page on loopback until `signal` fires; then ends what it runs. */
export function servePage(
  port: number,
  { signal, allowRemote = false }: {
    signal: AbortSignal;
    allowRemote?: boolean;
  },
): Page {
  const token = crypto.randomUUID();
  const runs = new Runs();
  const stopping = new AbortController();
  const desk = { runs, allowRemote, stopping: stopping.signal };
  const server = Deno.serve({
    hostname: HOST,
    port,
    onListen: () => {},
  }, async (request) => {
    const { port } = server.addr;
    const refused = guard(request, { port, token });
    if (refused) return refused;
    try {
      return new URL(request.url).pathname.startsWith("/api/")
        ? await answerApi(request, desk)
        : await answerAsset(request);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return refusal(error.status, error.message);
    }
  });
  const end = async () => {
    await runs.stopAll();
    stopping.abort();
    // Whoever reads of them is told the end, but need not be waited for: who
    // does not read, or has not sent all, is left. (What is being shut down
    // cannot be aborted any more: Deno throws.)
    const ended = Promise.withResolvers<void>();
    const late = setTimeout(ended.resolve, LAST_WORDS_MS);
    void server.shutdown().then(ended.resolve, ended.reject);
    await ended.promise;
    clearTimeout(late);
  };
  const closed = Promise.withResolvers<void>();
  const onStop = () => closed.resolve(end());
  if (signal.aborted) onStop();
  else signal.addEventListener("abort", onStop, { once: true });
  const own = server.addr.port;
  return {
    url: `http://${HOST}:${own}/#${token}`,
    port: own,
    token,
    closed: closed.promise,
  };
}

export const main = defineCommand(commands.web, async (values, context) => {
  const { signal } = context;
  const allowRemote = values["allow-remote"];
  const page = servePage(values.port, { signal, allowRemote });
  printLine(`The page: ${page.url}`);
  await page.closed;
  return EXIT_OK;
});

if (import.meta.main) await runMain(main);
