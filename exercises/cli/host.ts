import { abortable } from "@std/async/abortable";
import { quote } from "../../protocol/text.ts";
import {
  formatHost,
  isLiteralAddress,
} from "../../protocol/transport/address.ts";
import { refuse, UsageError } from "./outcome.ts";

/**
 * A host and a port in one word, `127.0.0.1:80` or `[::1]:80`, as two; null for
 * anything else. There may be more ports, as in `localhost:22,80`.
 */
export function splitEndpoint(
  word: string,
): [host: string, ports: string] | null {
  const [, host, ports] = /^(\[.+\]|[^:]+):([\w,-]*)$/.exec(word) ?? [];
  return host === undefined ? null : [host, ports ?? ""];
}

/**
 * A name or an address, and no more: "http://..." is no host.
 *
 * @throws {UsageError} It is neither.
 */
export function parseHost(text: string): string {
  const bare = /^\[.*:.*\]$/.test(text) ? text.slice(1, -1) : text;
  const host = bare.includes(":") ? parseIPv6(bare) : parseName(bare);
  if (host !== null) return host;
  return refuse("a host name or an IPv4 or IPv6 address", text);
}

/** The URL parser knows IPv6, but not its zones. */
function parseIPv6(text: string): string | null {
  const [address, zone = "0"] = text.split("%", 2);
  return URL.canParse(`http://[${address}]`) && /^[\w.-]+$/.test(zone)
    ? text
    : null;
}

/**
 * A name as it stands in the DNS: `mañana.test` is `xn--maana-pta.test` there
 * (IDNA), and only some of what resolves names does that by itself.
 *
 * @throws {UsageError} It is an address of which it is not sure which one.
 */
function parseName(text: string): string | null {
  const url = `http://${text}`;
  if (!/^[\p{L}\p{N}_.-]+$/u.test(text) || !URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  if (/^\d+(\.\d+){3}$/.test(hostname) && hostname !== text) {
    throw new UsageError(
      `Expected an IPv4 address as four decimal numbers, got ${quote(text)} ` +
        `(some read it as ${hostname})`,
    );
  }
  return /^[\w.-]+$/.test(text) ? text : hostname;
}

/**
 * The addresses of `host` in the resolver's order, as the system sees them:
 * /etc/hosts first, which `Deno.resolveDns` does not read. A literal address
 * is its own and only one. Needs `--allow-net=<host>` for a name.
 *
 * @throws The signal's reason when it fires first.
 * @throws {Deno.errors.NotCapable} Without that permission.
 * @throws {Error} `getaddrinfo ENOTFOUND <host>` for a name that nobody knows.
 */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
): Promise<string[]> {
  if (isLiteralAddress(host)) return [host];
  await requireNet(host); // node:dns would say EPERM, and not which flag.
  // Slow to load: most commands resolve nothing by themselves.
  const { lookup } = await import("node:dns/promises");
  // By default node:dns puts IPv4 first: that is not what a connect would try.
  const found = lookup(host, { all: true, order: "verbatim" });
  // The system's resolver cannot be stopped, only left behind.
  const addresses = await abortable(found, signal);
  return [...new Set(addresses.map(({ address }) => address))];
}

/**
 * Makes sure, once and before the first socket, that `host` may be reached: on
 * all `ports`, or as a whole where none are given. On a terminal Deno asks the
 * person; asking in the middle would stop the clocks' thread, and once a port.
 *
 * @throws {Deno.errors.NotCapable} It may not.
 */
export async function requireNet(
  host: string,
  ports: readonly number[] = [],
): Promise<void> {
  const name = formatHost(host);
  if (holds(name)) return;
  const single = ports.length === 1 ? `${name}:${ports[0]}` : name;
  if (ports.length > 0 && ports.every((port) => holds(`${name}:${port}`))) {
    return;
  }
  const { state } = await Deno.permissions.request({
    name: "net",
    host: single,
  });
  if (state !== "granted") {
    throw new Deno.errors.NotCapable(`Requires net access to "${single}"`);
  }
}

function holds(host: string): boolean {
  return Deno.permissions.querySync({ name: "net", host }).state === "granted";
}
