import { formatEndpoint } from "../../protocol/transport/address.ts";
import { endReason } from "../../protocol/transport/end_reason.ts";
import {
  type Handshake,
  tlsConnect,
  tlsListen,
} from "../../protocol/transport/tls.ts";
import type { Network } from "../../protocol/transport/socket.ts";
import { ExerciseError } from "./outcome.ts";
import { type LogValues, stderrLog } from "./server_log.ts";
import type { TlsValues } from "./shared_parameters.ts";

/**
 * Deno's sockets with TLS on top. The files are read now, and not when the
 * first one connects.
 *
 * @throws {ExerciseError} One of them is not what it should be.
 */
export async function tlsNetwork(
  { ca, cert, key, ...values }: TlsValues & Partial<LogValues>,
): Promise<Network> {
  const authority = await readPem(ca, "CERTIFICATE");
  const identity = {
    cert: await readPem(cert, "CERTIFICATE"),
    key: await readPem(key, "PRIVATE KEY"),
  };
  return {
    connect: tlsConnect(Deno.connect, authority === "" ? [] : [authority]),
    listen: tlsListen(identity, undefined, handshakeLog(values)),
  };
}

/** Tells of each handshake in a server's log; a client has none. */
function handshakeLog(
  { log: level, json = false, quiet = false }: Partial<LogValues>,
): ((handshake: Handshake) => void) | undefined {
  if (level === undefined) return undefined;
  const log = stderrLog({ log: level, json, quiet });
  return ({ peer: address, ms, failure }) => {
    const peer = formatEndpoint(address);
    const reason = failure === null ? "done" : endReason(failure);
    const fields = { peer, ms: Math.round(ms), reason };
    log({ level: "debug", event: "handshake", ...fields });
  };
}

/**
 * The text of the file, empty without one. Deno itself takes any file for an
 * authority.
 *
 * @throws {ExerciseError} There is no such `label` in it.
 */
export async function readPem(
  path: string | undefined,
  label: "CERTIFICATE" | "PRIVATE KEY",
): Promise<string> {
  if (path === undefined) return "";
  const text = await Deno.readTextFile(path);
  if (RegExp(`^-----BEGIN ([A-Z]+ )?${label}-----`, "m").test(text)) {
    return text;
  }
  throw new ExerciseError(
    `There is no ${label.toLowerCase()} in ${path}: name another file ` +
      "(tcplab certificate writes ca.pem, cert.pem and key.pem)",
  );
}
