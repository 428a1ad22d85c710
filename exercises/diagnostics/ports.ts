import { formatEndpoint } from "../../protocol/address.ts";
import type { CommandSpec } from "../terminal/command_spec.ts";
import type { Check } from "./check.ts";

/** Whether the ports that the servers take by default are free. */
export function labPorts(commands: readonly CommandSpec[]): Check[] {
  return commands.filter(({ listens }) => listens).map((command) => {
    const hostname = defaultOf(command.options.host) ?? "127.0.0.1";
    const port = Number(defaultOf(command.arguments.port));
    return freePort(hostname, port, command.name);
  });
}

/** Tries to listen, as `server` would. */
export function freePort(
  hostname: string,
  port: number,
  server: string,
): Check {
  return {
    name: `port ${port}`,
    needs: [{ name: "net", host: formatEndpoint({ hostname, port }) }],
    otherwise: "warning",
    place: { host: hostname, port },
    run: () => {
      Deno.listen({ hostname, port }).close();
      return `free for ${server}`;
    },
  };
}

function defaultOf(parameter?: { default?: string } | { flag: true }) {
  return parameter && "default" in parameter ? parameter.default : undefined;
}
