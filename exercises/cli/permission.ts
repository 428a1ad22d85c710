import { formatHost } from "../../protocol/transport/address.ts";

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
