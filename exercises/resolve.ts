import { lookup } from "node:dns/promises";
import { isLiteralAddress } from "../protocol/address.ts";

/**
 * The addresses of `host` in the resolver's order, as the system sees them:
 * /etc/hosts first, which `Deno.resolveDns` does not read. A literal address
 * is its own and only one. Needs `--allow-net=<host>` for a name.
 *
 * @throws {Deno.errors.NotCapable} Without that permission.
 * @throws {Error} `getaddrinfo ENOTFOUND <host>` for a name that nobody knows.
 */
export async function resolveHost(host: string): Promise<string[]> {
  if (isLiteralAddress(host)) return [host];
  const permission = { name: "net", host } as const;
  if ((await Deno.permissions.query(permission)).state !== "granted") {
    // node:dns would say EPERM and not which permission.
    throw new Deno.errors.NotCapable(`Requires net access to "${host}"`);
  }
  const addresses = await lookup(host, { all: true });
  return [...new Set(addresses.map(({ address }) => address))];
}
