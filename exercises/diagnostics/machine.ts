import { ExerciseError } from "../terminal/exercise_error.ts";
import type { Check } from "./check.ts";
import { heldFlags, type Permission } from "./permissions.ts";

/** What everything runs on. */
export const system: Check = {
  name: "system",
  needs: [],
  otherwise: "failure",
  run: () => `deno ${Deno.version.deno}, ${Deno.build.os}, ${Deno.build.arch}`,
};

/** Which permissions this process holds, of those that the checks need. */
export function permissions(checks: readonly Check[]): Check {
  const known: Permission[] = checks.flatMap(({ needs }) => needs);
  return {
    name: "permissions",
    needs: [],
    otherwise: "failure",
    run: () => heldFlags(known),
  };
}

/** The addresses under which others can reach this machine. */
export function localAddresses(
  networkInterfaces = Deno.networkInterfaces,
): Check {
  return {
    name: "local addresses",
    needs: [{ name: "sys", kind: "networkInterfaces" }],
    otherwise: "warning",
    run: () => {
      const all = networkInterfaces()
        // One that is valid on its own link only is no use without its zone.
        .filter(({ address }) => !/^fe80:/i.test(address));
      const found = all.map(({ name, address }) => `${address} (${name})`);
      if (all.every(({ address }) => isLoopback(address))) {
        throw new ExerciseError(
          `This machine has no address but ${found.join(", ") || "none"}: ` +
            "connect it to a network, if others are to reach it",
        );
      }
      return found.join(", ");
    },
  };
}

/** 127.0.0.0/8 and ::1 (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
