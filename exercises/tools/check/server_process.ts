import { delay } from "@std/async/delay";
import {
  type Connect,
  type Endpoint,
  formatEndpoint,
  refuseSelfConnection,
  type Socket,
} from "../../../protocol/transport/mod.ts";
import { Program } from "./program.ts";
import { Failure, Skip } from "./stage.ts";
import { commandFor, freePort, HOST, type Tools } from "./subject.ts";

/** Where students' servers listen when they do not heed what they are told. */
const USUAL_PORTS = [7007, 1313, 8000, 9000, 9100, 8080, 5000, 3000, 12345];

/** From then on it is looked for elsewhere, too. */
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
  /** Connects to it. */
  reach(): Promise<Socket>;
  /** The next `begin()` starts a new process. */
  stop(): Promise<void>;
}

/** A server that runs already. */
export class RunningServer implements ServerPlace {
  readonly program = null;
  #tools: Tools | null = null;

  constructor(readonly place: Endpoint) {}

  begin(tools: Tools): Promise<void> {
    this.#tools = tools;
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  reach(): Promise<Socket> {
    const { connect, watch, signal } = this.#tools!;
    return watch(connect)({ ...this.place, signal });
  }
}

/** A server that is started here, again and again, each time on a free port. */
export class StartedServer implements ServerPlace {
  program: Program | null = null;
  port = 0;
  /** Where it was found to listen in place of where it was told. */
  #isElsewhere = false;
  #hasStarted = false;
  /** The connect that showed that it is ready is its first client. */
  #first: Socket | null = null;

  constructor(
    readonly words: readonly string[],
    public tools: Tools,
    /** The folder that it serves; null: its role has none. */
    readonly dir: string | null = null,
  ) {}

  async begin(tools: Tools): Promise<void> {
    this.tools = tools;
    if (this.#isElsewhere) throw new Skip("elsewhere");
    if (this.program?.status === null) return;
    try {
      await this.start(freePort(this.tools.listen, HOST));
      this.#hasStarted = true;
    } catch (error) {
      // It has been seen to start: this time it died.
      if (!(error instanceof NotStartedError && this.#hasStarted)) throw error;
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
    const taken = new Set<string>();
    for (const place of elsewhere(port)) {
      if (await this.#answers(place)) taken.add(formatEndpoint(place));
    }
    this.port = port;
    this.program = new Program(
      await commandFor([...wrapper, ...this.words], { port }, this.dir),
    );
    this.#first = await this.#ready(this.program, taken);
  }

  async reach(): Promise<Socket> {
    const first = this.#first;
    this.#first = null;
    const connect: Connect = first
      ? () => Promise.resolve(first)
      : (place) => this.#connect(place);
    return await this.tools.watch(connect)({ hostname: HOST, port: this.port });
  }

  async stop(): Promise<void> {
    this.#first?.close();
    this.#first = null;
    await this.program?.[Symbol.asyncDispose]();
    this.program = null;
  }

  async #ready(program: Program, taken: Set<string>): Promise<Socket> {
    const { startTimeoutMs, signal } = this.tools;
    const startMs = performance.now();
    for (
      let pauseMs = 5;;
      pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)
    ) {
      signal.throwIfAborted();
      const hasEnded = program.status !== null;
      try {
        return await this.#connect({ hostname: HOST, port: this.port });
      } catch (error) {
        if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      }
      if (hasEnded) throw new NotStartedError(program);
      const waitedMs = performance.now() - startMs;
      if (waitedMs > ELSEWHERE_AFTER_MS) await this.#lookElsewhere(taken);
      if (waitedMs > startTimeoutMs) throw new NotStartedError(program);
      await delay(pauseMs, { signal });
    }
  }

  async #lookElsewhere(taken: Set<string>): Promise<void> {
    const named = this.program?.output.match(/\b[1-9]\d{1,4}\b/g) ?? [];
    for (const place of elsewhere(this.port, named.map(Number))) {
      const name = formatEndpoint(place);
      if (taken.has(name) || !await this.#answers(place)) continue;
      this.#isElsewhere = true;
      throw new Failure("elsewhere", null, name);
    }
  }

  async #answers(place: Endpoint): Promise<boolean> {
    try {
      using _ = await this.#connect(place);
      return true;
    } catch {
      return false;
    }
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

/** The usual mistakes: another family, the bytes of the port swapped. */
function elsewhere(port: number, named: readonly number[] = []): Endpoint[] {
  const swapped = (port & 0xff) << 8 | port >> 8;
  const ports = [swapped, ...USUAL_PORTS, ...named].filter((other) =>
    other !== port && other > 0 && other < 65536
  );
  return [
    { hostname: "::1", port },
    ...[...new Set(ports)].map((port) => ({ hostname: HOST, port })),
  ];
}

/** `exit code 1`, `SIGPIPE`; nothing while it runs. */
export function howEnded({ status }: Program): string {
  if (status === null) return "";
  return status.signal ?? `exit code ${status.code}`;
}
