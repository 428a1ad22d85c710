/**
 * Exercise 2: what a connection knows.
 *
 * Teaches: a TCP connection is named by four values, address and port at both
 * ends (RFC 9293, section 3.3.1). The system picks the local two. A name can
 * stand for several addresses; one of them is used.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1:8000 exercises/05_basic_server.ts 8000
 * Terminal 2: deno run --allow-net=127.0.0.1 exercises/02_connection_info.ts 127.0.0.1 8000
 *
 * You will see: both ends, and what Python and Java call each value.
 * Read with it: nothing more, the socket is here.
 * Try next: run it twice: which of the four values changes? Then `localhost`
 * in place of 127.0.0.1 (the permission names the host as you write it).
 */
import { jsonLine, roundMs } from "../protocol/text.ts";
import {
  addressFamily,
  type ClientOptions,
  Deadline,
  type Endpoint,
  formatHost,
  isLiteralAddress,
  refuseSelfConnection,
} from "../protocol/transport/mod.ts";
import {
  defineCommand,
  EXIT_OK,
  printLine,
  resolveHost,
  runMain,
} from "./cli/mod.ts";
import { commands } from "./catalogue.ts";

export interface ConnectionInfo {
  local: Endpoint;
  remote: Endpoint;
  family: "IPv4" | "IPv6";
  type: "stream";
  /** From the call to the open connection, name resolution included, in ms. */
  connectMs: number;
}

/** Connects, asks the connection for its two ends, and closes it. */
export async function connectionInfo(
  host: string,
  port: number,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): Promise<ConnectionInfo> {
  using deadline = new Deadline("connect", timeoutMs, signal);
  const startMs = performance.now();
  using conn = await connect({ hostname: host, port, signal: deadline.signal });
  const connectMs = performance.now() - startMs;
  refuseSelfConnection(conn);

  const { localAddr: local, remoteAddr: remote } = conn;
  return {
    local: { hostname: local.hostname, port: local.port },
    remote: { hostname: remote.hostname, port: remote.port },
    family: addressFamily(remote.hostname),
    type: "stream",
    connectMs: roundMs(connectMs),
  };
}

/** Which of a name's addresses was used, and why that one. */
export async function explainChoice(
  host: string,
  chosen: string,
  signal: AbortSignal,
  resolve = resolveHost,
): Promise<string> {
  let addresses: string[];
  try {
    addresses = await resolve(host, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return `${chosen} (run with --allow-net=${formatHost(host)} to see ` +
      "which others the name has)";
  }
  if (isLiteralAddress(host)) {
    return `${chosen}, given as it is: nothing to resolve`;
  }
  const [first] = addresses;
  if (!addresses.includes(chosen)) {
    return `${chosen}; now the name stands for ${addresses.join(", ")}`;
  }
  if (addresses.length === 1) return `${chosen}, the only address of the name`;
  // Asked anew, the resolver may have another order than when we connected.
  const why = first === chosen
    ? "the resolver's first, and it answered"
    : `the resolver's first is ${first}, which did not connect, ` +
      "or was not the first before";
  return `${chosen} of ${addresses.join(", ")}: ${why}`;
}

export const main = defineCommand(commands.info, async (values, context) => {
  const { host, port, timeout, json } = values;
  const info = await connectionInfo(host, port, {
    ...context,
    timeoutMs: timeout,
  });
  if (json) {
    printLine(jsonLine({ host, ...info }));
    return EXIT_OK;
  }
  printLine(formatInfo(info));
  const choice = await explainChoice(
    host,
    info.remote.hostname,
    context.signal,
  );
  printLine(`\nConnected in ${info.connectMs} ms to ${choice}`);
  return EXIT_OK;
});

/** The values, with the calls that give them in Python and in Java. */
function formatInfo({ local, remote, family, type }: ConnectionInfo): string {
  const digit = family.slice(-1);
  const rows = [
    ["", "value", "Python", "Java"],
    ["local address", local.hostname, "getsockname()[0]", "getLocalAddress()"],
    ["local port", local.port, "getsockname()[1]", "getLocalPort()"],
    ["remote address", remote.hostname, "getpeername()[0]", "getInetAddress()"],
    ["remote port", remote.port, "getpeername()[1]", "getPort()"],
    [
      "family",
      family,
      `family (AF_INET${digit === "6" ? digit : ""})`,
      `Inet${digit}Address`,
    ],
    ["type", type, "type (SOCK_STREAM)", "Socket"],
  ];
  return rows.map((row) => row.map((cell) => String(cell).padEnd(18)).join(" "))
    .map((line) => line.trimEnd()).join("\n");
}

if (import.meta.main) await runMain(main);
