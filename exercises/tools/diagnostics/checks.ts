import {
  formatEndpoint,
  formatHost,
} from "../../../protocol/transport/address.ts";
import { Deadline } from "../../../protocol/transport/deadline.ts";
import { echoClient } from "../../04_echo_client.ts";
import { echoServer } from "../../04_echo_server.ts";
import type { CommandSpec } from "../../cli/command_spec.ts";
import { explainError, type Explanation } from "../../cli/explain_error.ts";
import { resolveHost } from "../../cli/host.ts";
import {
  type Check,
  type CheckOptions,
  heldFlags,
  type Permission,
} from "./check.ts";

/** What everything runs on. */
export const system: Check = {
  name: "system",
  run: () => `deno ${Deno.version.deno}, ${Deno.build.os}, ${Deno.build.arch}`,
};

/** Which permissions this process holds, of those that the checks need. */
export function permissions(checks: readonly Check[]): Check {
  const known = checks.flatMap(({ needs = [] }) => needs);
  return { name: "permissions", run: () => heldFlags(known) };
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
      const found = all.map(({ name, address }) => `${address} (${name})`)
        .join(", ");
      return all.every(({ address }) => isLoopback(address))
        ? {
          what: `This machine has no address${found && ` but ${found}`}`,
          next: "connect it to a network, if others are to reach it",
        }
        : found;
    },
  };
}

/** 127.0.0.0/8 and ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

/** Whether `localhost` is this machine, as the commands here take for granted. */
export function localhost(resolve = resolveHost): Check {
  const known = knownName(
    "localhost",
    resolve,
    (addresses) =>
      addresses.every(isLoopback) ? null : {
        what: `localhost is ${addresses.join(", ")}, not this machine`,
        next: "mend its line in the file of hosts (127.0.0.1 localhost)",
      },
  );
  return { ...known, name: "name resolution" };
}

/** Whether the system knows the addresses of a name. */
export function knownName(
  host: string,
  resolve = resolveHost,
  problemWith: (addresses: string[]) => Explanation | null = () => null,
): Check {
  return {
    name: host,
    needs: [net(formatHost(host))],
    place: { host },
    run: async ({ timeoutMs, signal }) => {
      using deadline = new Deadline("total", timeoutMs, signal);
      const addresses = await resolve(host, deadline.signal);
      return problemWith(addresses) ?? `${host} is ${addresses.join(", ")}`;
    },
  };
}

/** The permission for a host, or one of its ports. */
export function net(host: string): Permission {
  return { name: "net", host };
}

/** Without this no exercise works. */
export const ipv4Loopback: Check = {
  name: "IPv4 loopback",
  needs: [net("127.0.0.1")],
  place: { host: "127.0.0.1" },
  run: (options) => echo("127.0.0.1", options),
};

/** Some machines, and many containers, have no IPv6 at all. */
export function ipv6Loopback(startServer = echoServer): Check {
  return {
    name: "IPv6 loopback",
    needs: [net("[::1]")],
    otherwise: "warning",
    run: (options) =>
      echo("::1", options, startServer).catch((error) => {
        const { what } = explainError(error, { host: "::1" });
        const next = "use 127.0.0.1 in place of ::1";
        return { what: `IPv6 does not work here (${what})`, next };
      }),
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
  const [echoed] = await Array.fromAsync(
    echoClient(address, port, ["hello"], options),
  );
  const ms = echoed!.rttMs.toFixed(1);
  return `${address} listens, connects and echoes in ${ms} ms`;
}

/** Whether the ports that the servers take by default are free. */
export function labPorts(commands: readonly CommandSpec[]): Check[] {
  return commands.filter(({ listens }) => listens).map((command) => {
    const port = Number(command.arguments.port?.default);
    return freePort("127.0.0.1", port, command.name);
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
    needs: [net(formatEndpoint({ hostname, port }))],
    otherwise: "warning",
    place: { doing: "listen", host: hostname, port },
    run: () => {
      Deno.listen({ hostname, port }).close();
      return `free for ${server}`;
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
  needs: [net("127.0.0.1")],
  otherwise: "warning",
  run: () => {
    const count = countListeners(WANTED);
    return count >= WANTED ? `${count} more can be open at once` : {
      what: `Only ${count} more can be open at once`,
      next: "raise the limit (ulimit -n 4096), or serve and scan with fewer " +
        "(--max-connections, --concurrency)",
    };
  },
};

/**
 * How many listeners can be open at once, up to `wanted`. Nothing else happens
 * in this process in the meantime, so that nothing else runs short.
 */
function countListeners(wanted: number): number {
  using listeners = new DisposableStack();
  for (let count = 0; count < wanted; count++) {
    try {
      listeners.use(Deno.listen({ hostname: "127.0.0.1", port: 0 }));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== "EMFILE" && code !== "ENFILE") throw error;
      return count;
    }
  }
  return wanted;
}
