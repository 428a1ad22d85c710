import {
  formatEndpoint,
  formatHost,
  isLiteralAddress,
} from "../../../protocol/transport/address.ts";
import { Deadline } from "../../../protocol/transport/deadline.ts";
import { echoClient } from "../../04_echo_client.ts";
import { echoServer } from "../../04_echo_server.ts";
import { catalogue } from "../../catalogue.ts";
import { explainError } from "../../cli/explain_error.ts";
import { resolveHost, splitEndpoint } from "../../cli/host.ts";
import { host, port } from "../../cli/parameters.ts";
import { testConnection } from "../test_connection.ts";
import { type Check, type CheckOptions, heldFlags, net } from "./finding.ts";

/**
 * Everything to look at, in the order of the report; `hosts` (`name`,
 * `name:port`, `[::1]:port`) come last.
 *
 * @throws {UsageError} One of them is no host, or has no such port.
 */
export function networkChecks(hosts: readonly string[] = []): Check[] {
  const checks = [
    localAddresses(),
    localhost(),
    ipv4Loopback,
    ipv6Loopback,
    ...catalogue.flatMap(({ listens, name, arguments: { port } }) =>
      listens && port?.default !== undefined
        ? [freePort("127.0.0.1", Number(port.default), name)]
        : []
    ),
    openFiles,
    ...hosts.map(hostCheck),
  ];
  const known = checks.flatMap(({ needs }) => needs ? [needs] : []);
  const permissions = { name: "permissions", run: () => heldFlags(known) };
  return [system, permissions, ...checks];
}

/**
 * The check for one word of the command line: `host` must have an address,
 * `host:port` must answer. An IPv6 address with a port has brackets.
 *
 * @throws {UsageError} It is no host, or no port.
 */
export function hostCheck(word: string): Check {
  const [before, after] = splitEndpoint(word) ?? [word];
  const hostname = host("").parse(before);
  if (after !== undefined) return answers(hostname, port("").parse(after));
  if (!isLiteralAddress(hostname)) return knownName(hostname);
  const example = formatEndpoint({ hostname, port: 80 });
  const what = "An address, with nothing to look up";
  const next = `add a port to connect to, such as ${example}`;
  return { name: hostname, otherwise: "warning", run: () => ({ what, next }) };
}

function answers(hostname: string, port: number): Check {
  const name = formatEndpoint({ hostname, port });
  return {
    name,
    needs: net(name),
    place: { doing: "connect", host: hostname, port },
    run: async (options) => {
      const ms = await testConnection(hostname, port, options);
      return `answers, connected in ${ms.toFixed(1)} ms`;
    },
  };
}

/** What everything runs on. */
const system: Check = {
  name: "system",
  run: () => `deno ${Deno.version.deno}, ${Deno.build.os}, ${Deno.build.arch}`,
};

/** The addresses under which others can reach this machine. */
export function localAddresses(
  networkInterfaces = Deno.networkInterfaces,
): Check {
  return {
    name: "local addresses",
    needs: { name: "sys", kind: "networkInterfaces" },
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

/** Whether names are resolved, and localhost is what all here take it for. */
export function localhost(resolve = resolveHost): Check {
  return { ...knownName("localhost", resolve), name: "name resolution" };
}

/** Whether the system knows the addresses of a name. */
export function knownName(host: string, resolve = resolveHost): Check {
  return {
    name: host,
    needs: net(formatHost(host)),
    place: { host },
    run: async ({ timeoutMs, signal }) => {
      using deadline = new Deadline("total", timeoutMs, signal);
      const addresses = await resolve(host, deadline.signal);
      const found = `${host} is ${addresses.join(", ")}`;
      return host !== "localhost" || addresses.every(isLoopback) ? found : {
        what: `${found}, not this machine`,
        next: "mend its line in the file of hosts (127.0.0.1 localhost)",
      };
    },
  };
}

/** Without this no exercise works. */
export const ipv4Loopback: Check = {
  name: "IPv4 loopback",
  needs: net("127.0.0.1"),
  place: { host: "127.0.0.1" },
  run: (options) => echo("127.0.0.1", options),
};

/** Some machines, and many containers, have no IPv6 at all. */
export const ipv6Loopback: Check = {
  name: "IPv6 loopback",
  needs: net("[::1]"),
  otherwise: "warning",
  run: (options) =>
    echo("::1", options).catch((error) => {
      const { what } = explainError(error, { host: "::1" });
      const next = "use 127.0.0.1 in place of ::1";
      return { what: `IPv6 does not work here (${what})`, next };
    }),
};

/** A line to a server on a free port of `address`, and back. */
async function echo(address: string, options: CheckOptions): Promise<string> {
  const { signal } = options;
  await using server = echoServer(0, { hostname: address, signal });
  const { port } = server.addr;
  const [echoed] = await Array.fromAsync(
    echoClient(address, port, ["hello"], options),
  );
  const ms = echoed!.rttMs.toFixed(1);
  return `${address} listens, connects and echoes in ${ms} ms`;
}

/** Whether a port that a server takes by default is free: tries to listen. */
export function freePort(
  hostname: string,
  port: number,
  server: string,
): Check {
  return {
    name: `port ${port}`,
    needs: net(formatEndpoint({ hostname, port })),
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
  needs: net("127.0.0.1"),
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
