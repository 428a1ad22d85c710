import { type Exchange, Recorder } from "../../cli/diagram/exchange.ts";
import { DIAGRAMS } from "../../cli/trace/watch.ts";
import type { DiagramEnding } from "../../cli/shared_parameters.ts";
import { eventFields } from "../../cli/trace/trace_words.ts";
import { EXIT_FAILED, EXIT_INTERRUPTED } from "../../cli/outcome.ts";
import { EventLog } from "./event_log.ts";
import type { Piece } from "./run_outbox.ts";
import type { RunAnswer, RunRequest } from "./run_worker.ts";

/** So many run at once; and of those that have ended so many are kept. */
export const MAX_RUNS = 20;

/** Who is told to stop does so in less; else it is ended, in ms. */
const STOP_MS = 2000;

/** A command as it was asked for. */
export interface Order {
  command: string;
  words: string[];
  /** As one would type it. */
  line: string;
}

/** What a run needs of its worker. */
type RunWorker = Pick<
  Worker,
  "postMessage" | "terminate" | "onmessage" | "onerror"
>;

function startWorker(): RunWorker {
  const script = new URL("./run_worker.ts", import.meta.url);
  return new Worker(script, { type: "module" });
}

/** One command that runs, or did, in a worker of its own. */
export class Run {
  readonly log: EventLog;
  /** Null while it runs. */
  code: number | null = null;
  readonly #worker: RunWorker;
  readonly #recorder = new Recorder();
  #drawn: Exchange | null = null;
  readonly #ended = Promise.withResolvers<void>();

  constructor(
    readonly id: string,
    readonly order: Order,
    worker: RunWorker = startWorker(),
  ) {
    this.log = new EventLog(id);
    this.#worker = worker;
    this.#worker.onmessage = ({ data }: MessageEvent<RunAnswer>) => {
      for (const piece of data) this.#take(piece);
      this.#post("arrived");
    };
    this.#worker.onerror = (event) => {
      event.preventDefault(); // It would end the page's server, too.
      this.#end(EXIT_FAILED, `${event.message}\n`);
    };
    const { command, words } = order;
    this.#post({ start: { command, words } });
  }

  /** What the list of runs says of it. */
  get summary() {
    const { id, code, order: { command, line } } = this;
    const state = code === null ? "running" : "ended";
    return { id, command, line, state, code };
  }

  /** Gives it a line, or the end of its input. */
  type(line: string | null): void {
    this.#post({ input: line === null ? null : `${line}\n` });
  }

  setFaults(faults: { up: string; down: string }): void {
    this.#post({ faults });
  }

  /** Tells it to stop in order, and ends it if that takes longer than `ms`. */
  async stop(ms = STOP_MS): Promise<void> {
    this.#post("stop");
    const late = setTimeout(
      () => this.#end(EXIT_INTERRUPTED, "It did not stop, and was ended\n"),
      ms,
    );
    await this.#ended.promise;
    clearTimeout(late);
  }

  /** The exchange so far; or what the command itself chose of it. */
  diagram(ending: DiagramEnding): string {
    return DIAGRAMS[ending](
      this.#drawn ?? this.#recorder.exchange(this.order.command),
    );
  }

  #post(request: RunRequest): void {
    if (this.code === null) this.#worker.postMessage(request);
  }

  #take(piece: Piece): void {
    switch (piece.kind) {
      case "draw":
        this.#drawn = piece.exchange;
        return;
      case "trace":
        this.#recorder.add(piece.event);
        this.log.add({ kind: "trace", event: eventFields(piece.event) });
        return;
      case "end":
        return this.#end(piece.code);
      default:
        this.log.add(piece);
    }
  }

  #end(code: number, text = ""): void {
    if (this.code !== null) return;
    this.code = code;
    this.#worker.terminate();
    if (text !== "") this.log.add({ kind: "err", text });
    this.log.add({ kind: "end", code });
    this.#ended.resolve();
  }
}

/** All runs of the page, a bounded number of them. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #onStart = new Set<(run: Run) => void>();
  #count = 0;
  #stopped = false;

  get all(): Run[] {
    return [...this.#runs.values()];
  }

  get(id: string): Run | null {
    return this.#runs.get(id) ?? null;
  }

  /** Null when too many run already, or all have been told to stop. */
  start(order: Order, worker?: RunWorker): Run | null {
    const ended = this.all.filter(({ code }) => code !== null);
    const running = this.#runs.size - ended.length;
    if (running >= MAX_RUNS || this.#stopped) return null;
    for (const { id } of ended.slice(0, -MAX_RUNS)) this.#runs.delete(id);
    const run = new Run(`${++this.#count}`, order, worker);
    this.#runs.set(run.id, run);
    for (const heard of this.#onStart) heard(run);
    return run;
  }

  /** Calls `heard` for each run that starts, until what this returns is called. */
  onStart(heard: (run: Run) => void): () => void {
    this.#onStart.add(heard);
    return () => this.#onStart.delete(heard);
  }

  /** False while it runs: it must be stopped first. */
  forget({ id, code }: Run): boolean {
    return code !== null && this.#runs.delete(id);
  }

  /** Stops them, and starts no others. */
  async stopAll(): Promise<void> {
    this.#stopped = true;
    const running = this.all.filter(({ code }) => code === null);
    await Promise.all(running.map((run) => run.stop()));
  }
}
