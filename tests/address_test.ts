import { assertEquals } from "@std/assert";
import {
  addressFamily,
  formatEndpoint,
  isLiteralAddress,
  isSelfConnection,
} from "../protocol/transport/address.ts";
import { resolveHost } from "../exercises/cli/mod.ts";

Deno.test("formatEndpoint() puts IPv6 in brackets", () => {
  const port = 80;
  assertEquals(formatEndpoint({ hostname: "::1", port }), "[::1]:80");
  assertEquals(formatEndpoint({ hostname: "[::1]", port }), "[::1]:80");
  assertEquals(formatEndpoint({ hostname: "10.0.0.1", port }), "10.0.0.1:80");
  assertEquals(formatEndpoint({ hostname: "a.test", port }), "a.test:80");
});

Deno.test("isLiteralAddress() tells addresses from names", () => {
  for (const literal of ["127.0.0.1", "::1", "fe80::1%eth0"]) {
    assertEquals(isLiteralAddress(literal), true, literal);
  }
  for (const name of ["localhost", "a.b.c.d", "1.2.3", "10.0.0.1.test"]) {
    assertEquals(isLiteralAddress(name), false, name);
  }
});

Deno.test("addressFamily() goes by the colon", () => {
  assertEquals(addressFamily("::ffff:127.0.0.1"), "IPv6");
  assertEquals(addressFamily("127.0.0.1"), "IPv4");
});

Deno.test("isSelfConnection() wants both address and port the same", () => {
  const end = { hostname: "127.0.0.1", port: 40000 };
  assertEquals(isSelfConnection(end, { ...end }), true);
  assertEquals(isSelfConnection(end, { ...end, port: 40001 }), false);
  assertEquals(isSelfConnection(end, { ...end, hostname: "127.0.0.2" }), false);
});

Deno.test("resolveHost() names first what a connect tries first", async () => {
  const { signal } = new AbortController();
  const addresses = await resolveHost("localhost", signal);
  using listeners = new DisposableStack();
  let port = 0;
  const accepting: Promise<Deno.TcpConn>[] = [];
  for (const hostname of addresses) {
    const listener = listeners.use(Deno.listen({ hostname, port }));
    port = listener.addr.port;
    accepting.push(listener.accept());
  }
  using conn = await Deno.connect({ hostname: "localhost", port });
  assertEquals(conn.remoteAddr.hostname, addresses[0]);
  listeners.dispose();
  for (const accepted of await Promise.allSettled(accepting)) {
    if (accepted.status === "fulfilled") accepted.value.close();
  }
});
