import { delay } from "@std/async/delay";
import {
  type Connect,
  Deadline,
  type Endpoint,
  refuseSelfConnection,
  type Socket,
} from "../../../protocol/transport/mod.ts";
import type { Certificates } from "./certificates.ts";
import { Elsewhere } from "./elsewhere.ts";
import { type Command, Program } from "./program.ts";
import { Failure, Skip } from "./stage.ts";
import { commandFor, freePort, HOST, type Tools } from "./subject.ts";

/** From then on it is looked for where it is by the usual mistakes, too. */
const ELSEWHERE_AFTER_MS = 1000;
const LONGEST_PAUSE_MS = 100;

/** The program did not get as far as to be graded: it ended, or was too slow. */
export class NotStartedError extends Error {
  override name = "NotStartedError";

  constructor(readonly program: Program) {
    super(howEnded(program));
  }
}

/** The server under test, as the stages reach it. */
export interface ServerPlace {
  /** Null where somebody else has started it. */
  readonly program: Program | null;
  /** Makes sure that it runs, for a stage whose connections `tools` make. */
  begin(tools: Tools): Promise<void>;
  /** Connects to it; `connect` for who shakes hands as well. */
  reach(connect?: Connect): Promise<Socket>;
  /** Who signed its certificate, as PEM; null: it was given none. */
  readonly authority: string | null;
  /** It was there once: that it is refused now is its own doing. */
  readonly wasThere: boolean;
  /** The next `begin()` starts a new process. */
  stop(): Promise<void>;
}

/** A server that runs already. */
export class RunningServer implements ServerPlace {
  readonly program = null;
  readonly authority = null;
  wasThere = false;
  #tools: Tools | null = null;

  constructor(readonly place: Endpoint) {}

  begin(tools: Tools): Promise<void> {
    this.#tools = tools;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async reach(connect = this.#tools!.connect): Promise<Socket> {
    const { watch, signal, startTimeoutMs } = this.#tools!;
    using deadline = new Deadline("connect", startTimeoutMs, signal);
    const options = { ...this.place, signal: deadline.signal };
    const socket = await watch(connect)(options);
    this.wasThere = true;
    return socket;
  }
}

/** A server that is started here, again and again, each time on a free port. */
export class StartedServer implements ServerPlace {
  program: Program | null = null;
  port = 0;
  /** It was found to listen in another place than where it was told. */
  #isElsewhere = false;
  /** Where it was looked for, and others listen. */
  readonly #taken = new Set<string>();
  wasThere = false;
  /** The connect that showed that it is ready is its first client. */
  #first: Socket | null = null;

  constructor(
    readonly words: readonly string[],
    public tools: Tools,
    /** The folder that it serves; null: its role has none. */
    readonly dir: string | null = null,
    readonly certificates: Certificates | null = null,
  ) {}

  get authority(): string | null {
    return this.certificates?.authority ?? null;
  }

  async begin(tools: Tools): Promise<void> {
    this.tools = tools;
    if (this.#isElsewhere) throw new Skip("elsewhere");
    if (this.program?.status === null) return;
    try {
      await this.start(freePort(this.tools.listen, HOST));
      this.wasThere = true;
    } catch (error) {
      // It has been seen to start: this time it died.
      if (!(error instanceof NotStartedError && this.wasThere)) throw error;
      throw new Failure("died", null, error.message);
    }
  }

  /**
   * Starts it on `port`; `wrapper` are words to put before its command.
   *
   * @throws {NotStartedError} It ended, or did not listen in time.
   * @throws {Failure} It listens elsewhere.
   */
  async start(port: number, wrapper: readonly string[] = []): Promise<void> {
    await this.stop();
    const places = new Elsewhere(port, this.tools, this.#taken);
    this.port = port;
    const { cert, key } = this.certificates ?? {};
    const values = { port, ...cert && key ? { cert, key } : {} };
    const words = [...wrapper, ...this.words];
    const command = await commandFor(words, values, this.dir);
    this.#first = await this.#run(command, places);
  }

  async #run(command: Command, places: Elsewhere): Promise<Socket> {
    this.program = new Program(command, this.tools.signal);
    const ready = await this.#ready(this.program, places);
    // Somebody else has begun to listen meanwhile, and it was ended for that.
    return ready ?? await this.#run(command, places);
  }

  async reach(connect = this.#firstOrNew()): Promise<Socket> {
    // One that is not taken here would wait for a handshake.
    this.#first?.close();
    this.#first = null;
    const { watch, signal } = this.tools;
    return await watch(connect)({ hostname: HOST, port: this.port, signal });
  }

  #firstOrNew(): Connect {
    const first = this.#first;
    this.#first = null;
    return first
      ? () => Promise.resolve(first)
      : (place) => this.#connect(place);
  }

  async stop(): Promise<void> {
    this.#first?.close();
    this.#first = null;
    await this.program?.[Symbol.asyncDispose]();
    this.program = null;
  }

  /** Its first connection, or null: it was ended, and is to be started again. */
  async #ready(
    program: Program,
    places: Elsewhere,
  ): Promise<Socket | null> {
    const { startTimeoutMs, signal } = this.tools;
    const startMs = performance.now();
    let pauseMs = 5;
    for (;;) {
      signal.throwIfAborted();
      const hasEnded = program.status !== null;
      try {
        return await this.#connect({ hostname: HOST, port: this.port });
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
      if (hasEnded) throw new NotStartedError(program);
      const waitedMs = performance.now() - startMs;
      if (waitedMs > ELSEWHERE_AFTER_MS) {
        const place = await places.look(program);
        if (place && await places.isTakenBy(program, place)) {
          this.#mustNotBe(place);
        } else if (place) return null;
      }
      if (waitedMs > startTimeoutMs) {
        const reason = new NotStartedError(program);
        this.#mustNotBe(await places.lookEverywhere(program));
        throw reason;
      }
      await delay(pauseMs, { signal });
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS);
    }
  }

  /** @throws {Failure} It was found there. */
  #mustNotBe(place: string | null): void {
    if (place === null) return;
    this.#isElsewhere = true;
    throw new Failure("elsewhere", null, place);
  }

  async #connect(place: Endpoint): Promise<Socket> {
    const { connect, signal } = this.tools;
    const socket = await connect({ ...place, signal });
    try {
      // A port that is free now can be given to our own end.
      refuseSelfConnection(socket);
    } catch (error) {
      socket.close();
      throw error;
    }
    return socket;
  }
}

/** On loopback, a listener that closes meanwhile can also answer with RST. */
export function isRefused(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionReset;
}

/** `exit code 1`, `SIGPIPE`; nothing while it runs. */
export function howEnded({ status }: Program): string {
  if (status === null) return "";
  return status.signal ?? `exit code ${status.code}`;
}
