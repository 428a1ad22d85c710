/**
 * Exercise 7: the chat client.
 *
 * Teaches: two directions that know nothing of each other. What others say
 * comes at any time, so reading must not wait for the keyboard, nor the
 * keyboard for the network: one task for each, and one end for both. Python:
 * a thread for each, or select().
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:9000 exercises/07_message_server.ts 9000
 * Terminal 2: deno run --allow-net=127.0.0.1:9000 exercises/07_message_client.ts 127.0.0.1 9000
 *
 * You will see: what the others say, above the line that you type. Ctrl-D or
 * /quit leaves.
 * Read with it: 07_chat/speaker.ts, the other direction;
 * protocol/transport/connection.ts, which both share.
 * Try next: --name ana in a third terminal; printf 'hi\nall\n' | ...; stop the
 * server.
 */
import {
  formatServerLine,
  MAX_SERVER_LINE_BYTES,
} from "../protocol/messages.ts";
import {
  type ClientOptions,
  Connection,
  Deadline,
} from "../protocol/transport/mod.ts";
import { openScreen } from "./07_chat/open_screen.ts";
import { Speaker, type SpeakerOptions } from "./07_chat/speaker.ts";
import {
  defineCommand,
  ExerciseError,
  EXIT_INTERRUPTED,
  EXIT_OK,
  runMain,
  withLogin,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

export type MessageClientOptions = ClientOptions & Pick<SpeakerOptions, "name">;

/** The last line to who has left with `/quit`, and has been heard to the end. */
const GOODBYE = formatServerLine({ type: "goodbye" });

/**
 * Sends the lines that `say` gives, and `/quit` after the last, or when
 * `signal` fires; meanwhile yields what the server sends, to its end. The
 * signal that `say` is handed fires when nothing more can be said.
 *
 * @throws {ExerciseError} The server ended the conversation before it had heard
 * all of it.
 * @throws {TimeoutError} It did not say a word to begin with, or to end.
 */
export async function* messageClient(
  host: string,
  port: number,
  say: (signal: AbortSignal) => AsyncIterable<string>,
  options: MessageClientOptions = {},
): AsyncGenerator<string> {
  const { timeoutMs = 5000, signal, connect = Deno.connect } = options;
  using deadline = new Deadline("connect", timeoutMs, signal);
  using conn = new Connection(
    await connect({ hostname: host, port, signal: deadline.signal }),
    { idleTimeoutMs: timeoutMs, maxLineBytes: MAX_SERVER_LINE_BYTES },
  );
  deadline.stop(); // Connected: from here on the idle clock counts.
  conn.setKeepAlive(); // The other side may be gone and not have said so.
  const speaker = new Speaker(conn, { ...options, timeoutMs });
  let speaking: Promise<void> | undefined;
  let last = "";
  try {
    for (;;) {
      const line = await conn.readLine();
      if (line === null) break;
      // The server speaks first. Then nobody has to talk all the time.
      if (speaking === undefined) {
        conn.idleTimeoutMs = 0;
        speaking = speaker.speak(say);
      }
      yield last = line;
    }
  } finally {
    speaker.stop();
    await speaking;
  }
  if (last !== GOODBYE) {
    throw new ExerciseError(
      "The server ended the conversation: its last line may say why",
    );
  }
}

export const main = defineCommand(commands.chat, async (values, context) => {
  const { host, port, name, timeout } = values;
  const session = await withLogin("chat", values, context);
  const screen = await openScreen(values, context.signal);
  const signal = AbortSignal.any([context.signal, screen.interruption]);
  const options = { ...session, timeoutMs: timeout, signal, name };
  const say = (signal: AbortSignal) => screen.lines(signal);
  try {
    for await (const line of messageClient(host, port, say, options)) {
      await screen.show(line);
    }
    screen.end?.();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
});

if (import.meta.main) await runMain(main);
