import { echoClient } from "../04_echo_client.ts";
import { echoServer } from "../echo_server.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import { explainError } from "../terminal/explain_error.ts";
import type { Check, CheckOptions } from "./check.ts";

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
