import { abortable } from "@std/async/abortable";
import {
  formatEndpoint,
  type Listener,
  type Socket,
} from "../../../protocol/transport/mod.ts";
import { Countdown } from "../../../protocol/transport/deadline.ts";
import { Peer } from "./peer.ts";
import { Program } from "./program.ts";
import { howEnded, NotStartedError } from "./server_process.ts";
import { Failure, Skip } from "./stage.ts";
import {
  type Attempt,
  commandFor,
  HOST,
  limitOf,
  type Random,
  type Tools,
  type Values,
} from "./subject.ts";

/** Where a client comes from: its command, or the port where one waits for it. */
export type ClientPlace =
  | { words: readonly string[]; dir: string | null }
  | { port: number; hostname: string };

/**
 * How long a client may take to notice by its own clock that nothing comes, in
 * ms: students choose 2 to 10 s.
 */
export const OWN_CLOCK_MS = 12_000;
/** How long one may take to end when all is well and the server has ended. */
export const USUAL_MS = 5000;

/** A client as one stage sees it: the stage is the server that it meets. */
export class ClientUnderTest implements AsyncDisposable {
  readonly random: Random;
  readonly #disposables = new AsyncDisposableStack();
  #listener: Listener | null = null;
  #program: Program | null = null;
  #peer: Peer | null = null;

  constructor(
    readonly place: ClientPlace,
    readonly tools: Tools,
    readonly attempt: Attempt,
  ) {
    this.random = attempt.random;
  }

  /** The folder that it writes to. @throws {Skip} We have not started it. */
  get dir(): string {
    if ("dir" in this.place && this.place.dir !== null) return this.place.dir;
    throw new Skip("folder");
  }

  /** @throws {Skip} We have not started it, and see only its connection. */
  get program(): Program {
    if (this.#program) return this.#program;
    throw new Skip("unseen");
  }

  /** What it printed last, as far as that can be seen. */
  lastLines(): string[] {
    return this.#program?.lastLines() ?? [];
  }

  /**
   * Starts the program, with `{port}` and `values` filled in, and accepts its
   * connection; where it is somebody else who starts it, waits for it.
   *
   * @throws {NotStartedError} It ended, or did not connect in time.
   */
  async meet(values: Values = {}): Promise<Peer> {
    await this.begin(values);
    return this.#peer = await this.accept();
  }

  /** Listens, and starts the program; `accept()` meets it. */
  async begin(values: Values = {}): Promise<void> {
    const { place, tools } = this;
    const { hostname, port } = "port" in place
      ? place
      : { hostname: HOST, port: 0 };
    this.#listener = this.#disposables.use(tools.listen({ hostname, port }));
    if ("port" in place) {
      tools.tell("startYourClient", formatEndpoint(this.#listener.addr));
    } else await this.launch({ port: this.#listener.addr.port, ...values });
  }

  /**
   * Starts the program, with `values` filled in; with so many descriptors at
   * most, where a shell may be run that sets the limit.
   */
  async launch(values: Values, maxDescriptors?: number): Promise<Program> {
    if ("port" in this.place) return this.program;
    const { words, dir } = this.place;
    const limit = maxDescriptors === undefined
      ? []
      : await limitOf(maxDescriptors);
    const command = await commandFor([...limit, ...words], values, dir);
    const program = new Program(command, this.tools.signal);
    return this.#program = this.#disposables.use(program);
  }

  /** Accepts its next connection. */
  async accept(): Promise<Peer> {
    const { signal, startTimeoutMs } = this.tools;
    const stop = new AbortController();
    const program = this.#program;
    const giveUp = () => program && stop.abort(new NotStartedError(program));
    program?.exited.then(giveUp);
    using _ = program && Countdown.after(startTimeoutMs, giveUp);
    const accepting = this.#listener!.accept();
    accepting.catch(() => {}); // Given up.
    const socket: Socket = await abortable(
      accepting,
      AbortSignal.any([signal, stop.signal]),
    );
    const peer = new Peer(socket, this.attempt.patience);
    this.#disposables.use(peer);
    return peer;
  }

  /** Types a line; where it is somebody else who types, says which one. */
  type(line: string): void {
    if (this.#program) this.#program.type(`${line}\n`);
    else this.tools.tell("typeThis", line);
  }

  /**
   * Waits until the program has ended by itself, and returns whether all was
   * well. Of one that somebody else has started no more is seen than that it
   * ends the connection.
   *
   * @throws {Failure} `never-exits`: it did not, within `withinMs`.
   */
  async exit(
    withinMs = this.attempt.patience.answerMs,
  ): Promise<{ success: boolean }> {
    if (this.#program) {
      const status = await this.#program.exit(withinMs);
      if (status === null) throw new Failure("never-exits");
      return status;
    }
    await this.#peer?.rest(withinMs);
    if (this.#peer?.end === "open") throw new Failure("never-exits");
    return { success: true };
  }

  /** How the program ended: `exit code 1`, `SIGPIPE`. */
  ending(): string {
    return howEnded(this.program);
  }

  /** Kills the program, and closes what the stage has left open. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disposables.disposeAsync();
  }
}
