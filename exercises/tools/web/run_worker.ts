/// <reference lib="deno.worker" />
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import type { Main, SetFaults } from "../../cli/command_spec.ts";
import { Outbox, type Piece } from "./run_outbox.ts";
import { RunInput, standIns } from "./stand_ins.ts";

/** What is posted to the worker of a run; the first starts it. */
export type RunRequest =
  | { start: { command: string; words: string[] } }
  | { input: string | null }
  | { faults: Parameters<SetFaults>[0] }
  | "stop"
  | "arrived";

/** What it posts: in order, and nothing before the last one has arrived. */
export type RunAnswer = Piece[];

const stop = new AbortController();
const outbox = new Outbox((pieces: RunAnswer) => self.postMessage(pieces));
const input = new RunInput();
let setFaults: SetFaults | null = null;

// Before any of the command is loaded: what it takes for the process's own.
Object.assign(Deno, standIns(input, outbox));
// Asked for in the terminal, it would stop everything until somebody answers.
Deno.permissions.request = (descriptor) => Deno.permissions.query(descriptor);

self.onmessage = ({ data }: MessageEvent<RunRequest>) => {
  if (data === "arrived") outbox.arrived();
  else if (data === "stop") {
    stop.abort(new DOMException("Stopped", "AbortError"));
  } else if ("input" in data) input.put(data.input);
  else if ("faults" in data) setFaults?.(data.faults);
  else void run(data.start);
};

/** Runs the command, and tells its exit code when all else is told. */
async function run(
  { command, words }: { command: string; words: string[] },
): Promise<void> {
  let code = 1;
  try {
    const { catalogue } = await import("../../catalogue.ts");
    const { main }: { main: Main } = await catalogue
      .find(({ name }) => name === command)!.load();
    code = await main(words, {
      signal: stop.signal,
      watcher: {
        see: (event) => outbox.push({ kind: "trace", event: copyOf(event) }),
        draw: (exchange) => outbox.push({ kind: "draw", exchange }),
      },
      onFaults: (set) => setFaults = set,
    });
  } catch (error) {
    // A fault of ours shows its stack, as everywhere.
    const text = `${error instanceof Error ? error.stack : error}\n`;
    outbox.push({ kind: "err", text });
  }
  // Logs write what this turn has told.
  await new Promise((resolve) => setTimeout(resolve));
  outbox.push({ kind: "end", code });
}

/** Its bytes were lent. */
function copyOf(event: TraceEvent): TraceEvent {
  return event.data ? { ...event, data: event.data.slice() } : event;
}
