import { type Connect, TimeoutError } from "../../../protocol/transport/mod.ts";
import { Peer } from "./peer.ts";
import {
  howEnded,
  isRefused,
  NotStartedError,
  type ServerPlace,
  StartedServer,
} from "./server_process.ts";
import { type Evidence, Failure, Skip } from "./stage.ts";
import {
  type Attempt,
  freePort,
  HOST,
  limitOf,
  type Random,
} from "./subject.ts";

/** A server as one stage sees it: who connects, and what became of it. */
export class ServerUnderTest implements Disposable {
  readonly random: Random;
  /** What runs now is of no use to other stages. */
  isSpoiled = false;
  readonly #peers: Peer[] = [];

  constructor(readonly place: ServerPlace, readonly attempt: Attempt) {
    this.random = attempt.random;
  }

  /** The folder that it serves. @throws {Skip} We have not started it. */
  get dir(): string {
    const { place } = this;
    if (place instanceof StartedServer && place.dir !== null) return place.dir;
    throw new Skip("folder");
  }

  /**
   * A new client.
   *
   * @throws {Failure} Nobody listens any more, or nobody accepts.
   * @throws {Deno.errors.ConnectionRefused} Nobody has ever listened.
   * @throws {Skip} It speaks TLS.
   */
  async connect(): Promise<Peer> {
    if (this.place.authority !== null) throw new Skip("tls");
    return await this.connectBy();
  }

  /** The same, whether or not the program speaks TLS. */
  async connectBy(connect?: Connect): Promise<Peer> {
    try {
      const socket = await this.place.reach(connect);
      const peer = new Peer(socket, this.attempt.patience);
      this.#peers.push(peer);
      return peer;
    } catch (error) {
      if (!this.place.wasThere) throw error;
      if (error instanceof TimeoutError) throw new Failure("silent");
      if (!isRefused(error)) throw error;
      return await this.#refused();
    }
  }

  /**
   * A new client whose `data` are there when the program accepts it: it is
   * stopped meanwhile, if it is ours to stop.
   */
  async connectWith(data: string): Promise<Peer> {
    return await this.whileStopped(async () => {
      const client = await this.connect();
      await client.send(data);
      return client;
    });
  }

  /**
   * What clients do while the program is stopped, it finds all at once when it
   * goes on. One that somebody else started is not stopped.
   */
  async whileStopped<T>(act: () => Promise<T>): Promise<T> {
    const { program } = this.place;
    program?.signal("SIGSTOP");
    try {
      return await act();
    } finally {
      program?.signal("SIGCONT");
    }
  }

  /** @throws {Skip} Somebody else started it: where is not for us to say. */
  requireStarted(): Promise<void> {
    this.#started();
    return Promise.resolve();
  }

  /** `count` clients, connected one after the other. */
  async connectMany(count: number): Promise<Peer[]> {
    const peers: Peer[] = [];
    while (peers.length < count) peers.push(await this.connect());
    return peers;
  }

  /**
   * Ends the program while a client is connected, so that its port is left in
   * TIME_WAIT (RFC 9293, 3.3.2), and starts it again on the same port.
   *
   * @throws {Failure} `in-use`: it does not get its port.
   */
  async restart(): Promise<void> {
    const place = this.#started();
    const { port } = place;
    await place.stop();
    for (const peer of this.#peers.splice(0)) {
      await peer.rest(); // Our end closes second: who does so is not in TIME_WAIT.
      peer.close();
    }
    try {
      await place.start(port);
    } catch (error) {
      if (!(error instanceof NotStartedError)) throw error;
      throw new Failure("in-use", null, error.message);
    }
  }

  /**
   * Starts it anew with at most `limit` descriptors.
   *
   * @throws {Skip} No shell may be run that sets the limit.
   */
  async restartWithDescriptors(limit: number): Promise<void> {
    const place = this.#started();
    const shell = await limitOf(limit);
    if (shell.length === 0) throw new Skip("shell");
    this.isSpoiled = true;
    await place.start(freePort(place.tools.listen, HOST), shell);
  }

  /** Closes what the stage has left open. */
  [Symbol.dispose](): void {
    for (const peer of this.#peers) peer.close();
  }

  #started(): StartedServer {
    if (this.place instanceof StartedServer) return this.place;
    throw new Skip("attached");
  }

  async #refused(): Promise<never> {
    if (this.place.program === null) throw new Failure("gone");
    throw await this.#death() ?? new Failure("refused");
  }

  /** How the program ended, if that is why a connection did; else `error`. */
  async whyEnded(error: unknown): Promise<unknown> {
    const isEnd = error instanceof Failure &&
      ["ended", "cut", "reset"].includes(error.symptom);
    return isEnd ? await this.#death(error.evidence) ?? error : error;
  }

  async #death(evidence: Evidence | null = null): Promise<Failure | null> {
    const { program } = this.place;
    const status = await program?.exit(this.attempt.patience.quietMs) ?? null;
    if (program === null || status === null) return null;
    const symptom = status.success ? "finished" : "died";
    return new Failure(symptom, evidence, howEnded(program));
  }
}
