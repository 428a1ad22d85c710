import { Connection } from "../../../protocol/transport/mod.ts";

/** Three answers of our own that take longer together, and nobody is to blame. */
const SLOW_MS = 500;

/** Whether an echo within this process is slow, too. */
export async function isSlowMachine(): Promise<boolean> {
  const startMs = performance.now();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = listener.addr;
  using client = new Connection(await Deno.connect({ hostname, port }));
  using server = new Connection(await listener.accept());
  for (let i = 0; i < 3; i++) {
    await client.write(new Uint8Array([i]));
    await server.write(await server.readExactly(1));
    await client.readExactly(1);
  }
  return performance.now() - startMs > SLOW_MS;
}
