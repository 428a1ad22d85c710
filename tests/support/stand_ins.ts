import { assert, assertEquals } from "@std/assert";
import type { Runnable } from "../../exercises/cli/command_spec.ts";
import { parseCommand } from "../../exercises/cli/parse_command.ts";
import {
  commandsOf,
  isWrong,
  readCommand,
  tasks,
  type Typed,
} from "./guide.ts";
import { CERTIFICATES } from "../../exercises/cli/shared_parameters.ts";
import { ownHost } from "./network.ts";
import { TempFolder } from "./temp_folder.ts";

const GUIDE_HOST = "127.0.0.1";

/** From here on a scan finds what the machine has, and not what we started. */
const MANY_PORTS = 100;

/** What stands for the address and the ports of the guide where it is played. */
export class StandIns implements Disposable {
  /** Who knocks on every port of 127.0.0.1 must not come into the play. */
  readonly #host = ownHost();
  /** Nobody's own certificates are touched. */
  readonly #certificates = new TempFolder();
  /** The ports of the guide, and ours. */
  readonly #ports = new Map<number, number>();

  [Symbol.dispose](): void {
    this.#certificates[Symbol.dispose]();
  }

  /** Learns from the first lines of a server, the guide's and ours. */
  noteServer(documented: string, actual: string): void {
    const [there, here] = [documented, actual].map((line) =>
      Number(/^Listening on .*:(\d+)$/.exec(line)?.[1])
    );
    assert(here, actual);
    this.#ports.set(there!, here);
    assertEquals(this.normalize(actual), documented);
  }

  /** The line for `sh`, with our ports for the guide's. */
  translate(typed: Typed, isServer: boolean): string {
    const commands = commandsOf(typed.line).map((command) => {
      const { entry, args } = readCommand(command);
      let here = command;
      if (entry && !isWrong(typed)) {
        const { own, reached } = portsOf(entry, args);
        for (const port of [...own, ...reached]) {
          const bound = isServer && own.includes(port);
          const actual = `${bound ? 0 : this.#portFor(port)}`;
          here = numberIn(args.join(" "), port)
            ? here.replaceAll(number(port), actual)
            : `${here} ${actual}`;
        }
      }
      if (entry?.listens && !args.includes("--host")) {
        // The host of a proxy is the one that it connects to.
        const option = "host" in entry.arguments ? "--listen" : "--host";
        here += ` ${option} ${GUIDE_HOST}`;
      }
      // Our host is not the guide's, and wants to be in it, too.
      if (entry?.name === "certificate") {
        here += ` ${CERTIFICATES} ${GUIDE_HOST}`;
      }
      here = here.replace(/^deno task (\S+)/, (_, name) => tasks[name]!)
        .replace(/^deno\b/, `'${Deno.execPath()}'`);
      here = here.replaceAll(CERTIFICATES, this.#certificates.path);
      // The demo has servers of its own.
      return entry?.name === "demo"
        ? here
        : here.replaceAll(GUIDE_HOST, this.#host);
    });
    // A signal is for the program, not for its shell.
    return commands.length === 1
      ? `exec ${commands[0]} 2>&1`
      : `{ ${commands.join(" | ")}; } 2>&1`;
  }

  /** Where nothing of this scene listens, nothing at all listens. */
  #portFor(documented: number): number {
    const port = this.#ports.get(documented) ?? closedPort();
    this.#ports.set(documented, port);
    return port;
  }

  /** The same for lines that differ by time, place and luck only. */
  normalize(line: string): string {
    for (const [documented, actual] of this.#ports) {
      line = line.replaceAll(number(actual), `${documented}`);
    }
    return line.replace(`::1, ${this.#host}`, "::1")
      .replaceAll(this.#host, GUIDE_HOST)
      .replaceAll(this.#certificates.path, CERTIFICATES)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(ISO 8601)")
      .replaceAll(/\w+day, \w+ \d+, \d{4} [\d:]+-UTC/g, "(RFC 867)")
      // Not every name of a day or a month is as long.
      .replace(/(?<=\(RFC 867\)\\r\\n" )\d+/, "(some)")
      .replace(/^\d\d:\d\d:\d\d /, "(clock) ")
      .replace(/ ms=\d+/, " ms=(some)")
      .replace(/(?<=Connected in |"connectMs":)[\d.]+/, "(ms)")
      .replace(/ in [\d.]+ m?s \([\d.]+ \w+\/s\)/, " in (time and rate)")
      .replaceAll(/(?<![\d.])\d+\.\d+(?![\d.])/g, "(decimal)")
      .replaceAll(/(?<!\d)\d{5}(?!\d)/g, "(port)")
      .replace(/\d+ open, \d{3,} closed/, "(some) open, (most) closed")
      .replace(/ *registered as \S+$|,"service":"[^"]+"/, "")
      .replaceAll(/ +/g, " ").trim();
  }
}

/**
 * A port that nothing listens on, and that the system gives to nobody: not from
 * the range for port 0 and for outgoing connections.
 */
function closedPort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/**
 * The ports that a command names, or means when it names none; and the one
 * that a proxy connects to.
 */
function portsOf(entry: Runnable, args: string[]) {
  const values = parseCommand(entry, args) as {
    port?: number;
    ports?: number | number[];
    "host-port"?: number;
  };
  const all = [values.ports ?? values.port ?? []].flat();
  const own = all.length < MANY_PORTS ? all : [];
  return { own, reached: [values["host-port"] ?? []].flat() };
}

/** A number that is no part of another, or of an address. */
function number(value: number): RegExp {
  return new RegExp(String.raw`(?<![\d.])${value}(?![\d.])`, "g");
}

function numberIn(text: string, value: number): boolean {
  return number(value).test(text);
}
