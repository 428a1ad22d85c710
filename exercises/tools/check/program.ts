import { abortable } from "@std/async/abortable";
import { Countdown } from "../../../protocol/transport/deadline.ts";
import { ExerciseError } from "../../cli/outcome.ts";

/** Of what a program prints, so much is kept for a stage to look at. */
const KEPT_CHARACTERS = 1024 * 1024;

/** Of a line that it printed so much is told. */
const TOLD_CHARACTERS = 500;

/** How a program that somebody else wrote is started. */
export interface Command {
  words: readonly string[];
  /** Added to the environment. */
  env: Record<string, string>;
  /** The folder that it runs in; none: ours. */
  cwd?: string;
}

/** A program under test, from its start until it and all it started are gone. */
export class Program implements AsyncDisposable {
  /** What it printed on stdout and stderr: the end of it, if it was much. */
  output = "";
  /** What it printed on stdout alone. */
  shown = "";
  isInputEnded = false;
  /** How it ended; null while it runs. */
  status: Deno.CommandStatus | null = null;
  readonly exited: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<unknown>;
  #onChange = () => {};

  /**
   * It is ended when `signal` fires.
   *
   * @throws {ExerciseError} There is no such program, or it must not run.
   * @throws The signal's reason, when it has fired.
   */
  constructor({ words, env, cwd }: Command, signal: AbortSignal) {
    signal.throwIfAborted();
    const [name = "", ...args] = words;
    try {
      this.#child = new Deno.Command(name, {
        args,
        // Python would keep back what it prints on a pipe.
        env: { PYTHONUNBUFFERED: "1", ...env },
        ...cwd === undefined ? {} : { cwd },
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        // A process group of its own: what it starts ends with it.
        detached: true,
      }).spawn();
    } catch (error) {
      throw cannotStart(name, error);
    }
    running.add(this);
    const onAbort = () => this.kill();
    signal.addEventListener("abort", onAbort);
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {}); // It need not read its stdin.
    this.#reading = Promise.all([
      this.#keep(this.#child.stdout, true),
      this.#keep(this.#child.stderr, false),
    ]);
    this.exited = this.#child.status.then(async (status) => {
      // What it printed last is still on the way; a child of its own that
      // lives on can hold the pipe open.
      const end = Promise.withResolvers<void>();
      using _ = Countdown.after(500, end.resolve);
      await Promise.race([this.#reading, end.promise]);
      signal.removeEventListener("abort", onAbort);
      this.status = status;
      this.#onChange();
      return status;
    });
  }

  /**
   * Types `text` on its stdin. That it does not read it is no error, and nobody
   * waits for it.
   */
  type(text: string): void {
    this.typeBytes(new TextEncoder().encode(text));
  }

  async typeBytes(bytes: Uint8Array): Promise<void> {
    await this.#stdin.write(bytes).catch(() => {});
  }

  /** Ends its stdin, when it has read all of it. */
  endInput(): void {
    this.isInputEnded = true;
    this.#stdin.close().catch(() => {});
  }

  /**
   * Waits until `isThere` finds what it looks for in what was shown, on stdout
   * or, as those do that log everything, on stderr.
   *
   * @returns false: it was not there within `withinMs`, or before the end.
   */
  async shows(
    isThere: (shown: string) => boolean,
    withinMs: number,
  ): Promise<boolean> {
    let late = false;
    using _ = Countdown.after(withinMs, () => {
      late = true;
      this.#onChange();
    });
    for (;;) {
      if (isThere(this.shown) || isThere(this.output)) return true;
      if (late || this.status !== null) return false;
      await new Promise<void>((resolve) => this.#onChange = resolve);
    }
  }

  /** How it ended by itself; null: it did not, within `withinMs`. */
  async exit(withinMs: number): Promise<Deno.CommandStatus | null> {
    const end = new AbortController();
    using _ = Countdown.after(withinMs, () => end.abort());
    return await abortable(this.exited, end.signal).catch(() => null);
  }

  /** The last lines that it printed, each as far as one wants to read it. */
  lastLines(count = 20): string[] {
    const lines = this.output.split("\n").filter((line) => line.trim() !== "");
    return lines.slice(-count).map((line) => line.slice(0, TOLD_CHARACTERS));
  }

  /** Sends it a signal; none, where it has ended. */
  signal(name: Deno.Signal): void {
    try {
      this.#child.kill(name);
    } catch {
      // It has ended, or the system knows no such signal.
    }
  }

  /** Ends it, and all that it has started, at once. */
  kill(): void {
    running.delete(this);
    try {
      // Needs the permission to run anything: it is no child of ours that dies.
      Deno.kill(-this.#child.pid, "SIGKILL");
    } catch {
      this.signal("SIGKILL");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.exited;
    await this.#stdin.abort().catch(() => {});
  }

  async #keep(
    stream: ReadableStream<Uint8Array>,
    isShown: boolean,
  ): Promise<void> {
    const text = stream.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      this.output = kept(this.output + part);
      if (isShown) this.shown = kept(this.shown + part);
      this.#onChange();
    }
  }
}

function kept(text: string): string {
  // Cut now and then: a program may print 100 MB.
  return text.length > 2 * KEPT_CHARACTERS
    ? text.slice(-KEPT_CHARACTERS)
    : text;
}

/** Ctrl-C pressed twice ends us at once, and must leave no process behind. */
const running = new Set<Program>();
globalThis.addEventListener("unload", () => {
  for (const program of running) program.kill();
});

function cannotStart(name: string, error: unknown): unknown {
  if (error instanceof Deno.errors.NotFound) {
    return new ExerciseError(`There is no program ${name}: is it installed?`);
  }
  if (error instanceof Deno.errors.NotCapable) {
    return new ExerciseError(
      `It may not run ${name}: add --allow-run=${name} to deno run`,
    );
  }
  return error;
}
