import { formatHost } from "../../protocol/address.ts";
import { Deadline } from "../../servers/deadline.ts";
import { resolveHost } from "../resolve.ts";
import { ExerciseError } from "../terminal/exercise_error.ts";
import type { Check } from "./check.ts";
import { isLoopback } from "./machine.ts";

/** Whether `localhost` is this machine, as the commands here take for granted. */
export function localhost(resolve = resolveHost): Check {
  return nameCheck("name resolution", "localhost", (addresses) => {
    if (!addresses.every(isLoopback)) {
      throw new ExerciseError(
        `localhost is ${addresses.join(", ")}, not this machine: ` +
          "mend its line in the file of hosts (127.0.0.1 localhost)",
      );
    }
  }, resolve);
}

/** Whether the system knows the addresses of a name. */
export function knownName(host: string, resolve = resolveHost): Check {
  return nameCheck(host, host, () => {}, resolve);
}

function nameCheck(
  name: string,
  host: string,
  verify: (addresses: string[]) => void,
  resolve: typeof resolveHost,
): Check {
  return {
    name,
    needs: [{ name: "net", host: formatHost(host) }],
    otherwise: "failure",
    place: { host },
    run: async ({ timeoutMs, signal }) => {
      using deadline = new Deadline("total", timeoutMs, signal);
      const addresses = await resolve(host, deadline.signal);
      verify(addresses);
      return `${host} is ${addresses.join(", ")}`;
    },
  };
}
