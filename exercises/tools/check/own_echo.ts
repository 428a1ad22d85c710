import { echoClient } from "../../04_echo_client.ts";
import { echoServer } from "../../04_echo_server.ts";
import { HOST } from "./subject.ts";

/** Three answers of our own that take longer together, and nobody is to blame. */
const SLOW_MS = 500;

/** Whether an echo within this process is slow, too. */
export async function isSlowMachine(): Promise<boolean> {
  const startMs = performance.now();
  await using server = echoServer(0);
  await Array.fromAsync(echoClient(HOST, server.addr.port, ["a", "b", "c"]));
  return performance.now() - startMs > SLOW_MS;
}
