import { abortable } from "@std/async/abortable";
import { isLiteralAddress } from "../../protocol/transport/address.ts";
import { requireNet } from "./permission.ts";

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
