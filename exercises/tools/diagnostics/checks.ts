import {
  formatEndpoint,
  formatHost,
  isLiteralAddress,
} from "../../../protocol/transport/address.ts";
import { Deadline } from "../../../protocol/transport/deadline.ts";
import { echoClient } from "../../04_echo_client.ts";
import { echoServer } from "../../04_echo_server.ts";
import type { CommandSpec } from "../../cli/command_spec.ts";
import { explainError } from "../../cli/explain_error.ts";
import { ExerciseError } from "../../cli/outcome.ts";
import { resolveHost, splitEndpoint } from "../../cli/host.ts";
import { host, port } from "../../cli/parameters.ts";
import { testConnection } from "../test_connection.ts";
import {
  type Check,
  type CheckOptions,
  heldFlags,
  type Permission,
} from "./check.ts";

/**
 * The check for one word of the command line: `host` must have an address,
 * `host:port` must answer. An IPv6 address with a port has brackets.
 *
 * @throws {UsageError} It is no host, or no port.
 */
export function hostCheck(word: string): Check {
  const [before, after] = splitEndpoint(word) ?? [word];
  const hostname = host("").parse(before);
  if (after !== undefined) return reachable(hostname, port("").parse(after));
  return isLiteralAddress(hostname)
    ? portMissing(hostname)
    : knownName(hostname);
}

function reachable(hostname: string, port: number): Check {
  const name = formatEndpoint({ hostname, port });
  return {
    name,
    needs: [{ name: "net", host: name }],
    otherwise: "failure",
    place: { host: hostname, port },
    run: async (options) => {
      const ms = await testConnection(hostname, port, options);
      return `answers, connected in ${ms.toFixed(1)} ms`;
    },
  };
}

function portMissing(hostname: string): Check {
  const example = formatEndpoint({ hostname, port: 80 });
  return {
    name: hostname,
    needs: [],
    otherwise: "warning",
    run: () => {
      throw new ExerciseError(
        "An address, with nothing to look up: " +
          `add a port to connect to, such as ${example}`,
      );
    },
  };
}

/** Without this no exercise works. */
export const ipv4Loopback: Check = {
  name: "IPv4 loopback",
  needs: [{ name: "net", host: "127.0.0.1" }],
  otherwise: "failure",
  place: { host: "127.0.0.1" },
  run: (options) => echo("127.0.0.1", options),
};

/** Some machines, and many containers, have no IPv6 at all. */
export function ipv6Loopback(startServer = echoServer): Check {
  return {
    name: "IPv6 loopback",
    needs: [{ name: "net", host: "[::1]" }],
    otherwise: "warning",
    run: async (options) => {
      try {
        return await echo("::1", options, startServer);
      } catch (error) {
        const [why] = explainError(error, { host: "::1" }).split(": ");
        throw new ExerciseError(
          `IPv6 does not work here (${why}): use 127.0.0.1 in place of ::1`,
        );
      }
    },
  };
}

/** A line to a server on a free port of `address`, and back. */
async function echo(
  address: string,
  options: CheckOptions,
  startServer = echoServer,
): Promise<string> {
  const { signal } = options;
  await using server = startServer(0, { hostname: address, signal });
  const { port } = server.addr;
  let ms = 0;
  for await (const { rttMs } of echoClient(address, port, ["hello"], options)) {
    ms = rttMs;
  }
  return `${address} listens, connects and echoes in ${ms.toFixed(1)} ms`;
}

/** What everything runs on. */
export const system: Check = {
  name: "system",
  needs: [],
  otherwise: "failure",
  run: () => `deno ${Deno.version.deno}, ${Deno.build.os}, ${Deno.build.arch}`,
};

/** Which permissions this process holds, of those that the checks need. */
export function permissions(checks: readonly Check[]): Check {
  const known: Permission[] = checks.flatMap(({ needs }) => needs);
  return {
    name: "permissions",
    needs: [],
    otherwise: "failure",
    run: () => heldFlags(known),
  };
}

/** The addresses under which others can reach this machine. */
export function localAddresses(
  networkInterfaces = Deno.networkInterfaces,
): Check {
  return {
    name: "local addresses",
    needs: [{ name: "sys", kind: "networkInterfaces" }],
    otherwise: "warning",
    run: () => {
      const all = networkInterfaces()
        // One that is valid on its own link only is no use without its zone.
        .filter(({ address }) => !/^fe80:/i.test(address));
      const found = all.map(({ name, address }) => `${address} (${name})`);
      if (all.every(({ address }) => isLoopback(address))) {
        throw new ExerciseError(
          `This machine has no address but ${found.join(", ") || "none"}: ` +
            "connect it to a network, if others are to reach it",
        );
      }
      return found.join(", ");
    },
  };
}

/** 127.0.0.0/8 and ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

/** Whether `localhost` is this machine, as the commands here take for granted. */
export function localhost(resolve = resolveHost): Check {
  return nameCheck("name resolution", "localhost", (addresses) => {
    if (!addresses.every(isLoopback)) {
      throw new ExerciseError(
        `localhost is ${addresses.join(", ")}, not this machine: ` +
          "mend its line in the file of hosts (127.0.0.1 localhost)",
      );
    }
  }, resolve);
}

/** Whether the system knows the addresses of a name. */
export function knownName(host: string, resolve = resolveHost): Check {
  return nameCheck(host, host, () => {}, resolve);
}

function nameCheck(
  name: string,
  host: string,
  verify: (addresses: string[]) => void,
  resolve: typeof resolveHost,
): Check {
  return {
    name,
    needs: [{ name: "net", host: formatHost(host) }],
    otherwise: "failure",
    place: { host },
    run: async ({ timeoutMs, signal }) => {
      using deadline = new Deadline("total", timeoutMs, signal);
      const addresses = await resolve(host, deadline.signal);
      verify(addresses);
      return `${host} is ${addresses.join(", ")}`;
    },
  };
}

/** A server here takes 1,000 connections at once, and needs a few files. */
const WANTED = 1024;

/**
 * Whether the system lets this process have enough connections at once. Each
 * is an open file to the system, and a listener is one too. Tried, not read:
 * the limit stands in /proc/self/limits, which Deno shows only with
 * --allow-all, and there is no such file but on Linux.
 */
export const openFiles: Check = {
  name: "open files",
  needs: [{ name: "net", host: "127.0.0.1" }],
  otherwise: "warning",
  run: () => {
    const count = countListeners(WANTED);
    if (count < WANTED) {
      throw new ExerciseError(
        `Only ${count} more can be open at once: ` +
          "raise the limit (ulimit -n 4096), or serve and scan with fewer " +
          "(--max-connections, --concurrency)",
      );
    }
    return `${count} more can be open at once`;
  },
};

/**
 * How many listeners can be open at once, up to `wanted`. Nothing else happens
 * in this process in the meantime, so that nothing else runs short.
 */
function countListeners(wanted: number): number {
  const listeners: Deno.Listener[] = [];
  try {
    while (listeners.length < wanted) {
      listeners.push(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== "EMFILE" && code !== "ENFILE") throw error;
  } finally {
    for (const listener of listeners) listener.close();
  }
  return listeners.length;
}

/** Whether the ports that the servers take by default are free. */
export function labPorts(commands: readonly CommandSpec[]): Check[] {
  return commands.filter(({ listens }) => listens).map((command) => {
    const hostname = defaultOf(command.options.host) ?? "127.0.0.1";
    const port = Number(defaultOf(command.arguments.port));
    return freePort(hostname, port, command.name);
  });
}

/** Tries to listen, as `server` would. */
export function freePort(
  hostname: string,
  port: number,
  server: string,
): Check {
  return {
    name: `port ${port}`,
    needs: [{ name: "net", host: formatEndpoint({ hostname, port }) }],
    otherwise: "warning",
    place: { host: hostname, port },
    run: () => {
      Deno.listen({ hostname, port }).close();
      return `free for ${server}`;
    },
  };
}

function defaultOf(parameter?: { default?: string } | { flag: true }) {
  return parameter && "default" in parameter ? parameter.default : undefined;
}
