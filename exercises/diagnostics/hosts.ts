import { formatEndpoint, isLiteralAddress } from "../../protocol/address.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import { host, port } from "../terminal/parameters.ts";
import { testConnection } from "../test_connection.ts";
import type { Check } from "./check.ts";
import { knownName } from "./names.ts";

/**
 * The check for one word of the command line: `host` must have an address,
 * `host:port` must answer. An IPv6 address with a port has brackets.
 *
 * @throws {UsageError} It is no host, or no port.
 */
export function hostCheck(word: string): Check {
  const [, before = word, after] = /^(\[.*\]|[^:]*):([^:]*)$/.exec(word) ?? [];
  const hostname = host("").parse(before);
  if (after !== undefined) return reachable(hostname, port("").parse(after));
  return isLiteralAddress(hostname)
    ? portMissing(hostname)
    : knownName(hostname);
}

function reachable(hostname: string, port: number): Check {
  const name = formatEndpoint({ hostname, port });
  return {
    name,
    needs: [{ name: "net", host: name }],
    otherwise: "failure",
    place: { host: hostname, port },
    run: async (options) => {
      const ms = await testConnection(hostname, port, options);
      return `answers, connected in ${ms.toFixed(1)} ms`;
    },
  };
}

function portMissing(hostname: string): Check {
  const example = formatEndpoint({ hostname, port: 80 });
  return {
    name: hostname,
    needs: [],
    otherwise: "warning",
    run: () => {
      throw new ExerciseError(
        "An address, with nothing to look up: " +
          `add a port to connect to, such as ${example}`,
      );
    },
  };
}
