import { delay } from "@std/async/delay";
import {
  type Endpoint,
  formatEndpoint,
} from "../../../protocol/transport/mod.ts";
import { scanPorts } from "../../01_port_scanner.ts";
import type { Program } from "./program.ts";
import { HOST, type Tools } from "./subject.ts";

/** Where students' servers listen when they do not heed what they are told. */
const USUAL_PORTS = [7007, 1313, 8000, 9000, 9100, 8080, 5000, 3000, 12345];

/** A server's port stays open for longer, in ms. */
const LASTING_MS = 1000;

/** How long a port of this machine may take to answer, in ms. */
const ANSWER_MS = 500;

/** Finds the server that lives, and does not listen where it was told. */
export class Elsewhere {
  readonly #places = new Map<string, Endpoint>();

  constructor(
    readonly port: number,
    readonly tools: Tools,
    /** Where others were found to listen. */
    readonly taken: Set<string>,
  ) {}

  /** Where it is by one of the usual mistakes, or by its own words; or null. */
  async look({ output }: Program): Promise<string | null> {
    const named = output.match(/\b[1-9]\d{1,4}\b/g) ?? [];
    for (const place of this.#usual(named.map(Number))) {
      const name = formatEndpoint(place);
      this.#places.set(name, place);
      if (!this.taken.has(name) && await this.#answers(place)) return name;
    }
    return null;
  }

  /** Whether it is the program that listens there; it is ended to know. */
  async isTakenBy(program: Program, name: string): Promise<boolean> {
    program.kill();
    await program.exited;
    if (!await this.#answers(this.#places.get(name)!)) return true;
    this.taken.add(name);
    return false;
  }

  /**
   * Where it is among all ports, or null: the one that is open, and is not when
   * the program has been ended.
   */
  async lookEverywhere(program: Program): Promise<string | null> {
    const { connect, signal } = this.tools;
    const all = Array.from({ length: 65_535 }, (_, i) => i + 1);
    const scan = async (ports: number[]) => {
      const options = { connect, signal, timeoutMs: ANSWER_MS };
      const results = await scanPorts(HOST, ports, options);
      return results.filter(({ state }) => state === "open")
        .map(({ port }) => port);
    };
    const open = await scan(all);
    // Ports of other programs come and go as well.
    await delay(LASTING_MS, { signal });
    const before = await scan(open);
    program.kill();
    await program.exited;
    const after = new Set(await scan(before));
    const port = before.find((port) => !after.has(port));
    return port === undefined ? null : formatEndpoint({ hostname: HOST, port });
  }

  /** Another family, the bytes of the port swapped, a fixed port. */
  #usual(named: readonly number[]): Endpoint[] {
    const swapped = (this.port & 0xff) << 8 | this.port >> 8;
    const ports = new Set([swapped, ...USUAL_PORTS, ...named]);
    const others = [...ports].filter((port) =>
      port !== this.port && port > 0 && port < 65536
    );
    return [
      { hostname: "::1", port: this.port },
      ...others.map((port) => ({ hostname: HOST, port })),
    ];
  }

  async #answers(place: Endpoint): Promise<boolean> {
    const { connect, signal } = this.tools;
    try {
      using _ = await connect({ ...place, signal });
      return true;
    } catch {
      return false;
    }
  }
}
