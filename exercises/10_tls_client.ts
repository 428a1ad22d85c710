/**
 * Exercise 10: TLS.
 *
 * Teaches: TLS (RFC 8446) lies between TCP and what you say. First the
 * handshake: both agree on keys, and the server proves with a certificate that
 * it has the name you asked for. You believe it because you trust the authority
 * that signed the certificate. From then on who stands between sees lengths and
 * times, but no text, and can change nothing unnoticed. A FIN alone is no end:
 * anybody could send one. Only close_notify is.
 * Python: ssl.create_default_context(cafile=...), wrap_socket().
 *
 * First, once: deno task certificate
 * Terminal 1: deno run --allow-net=127.0.0.1:7443 --allow-read=certificates exercises/04_echo_server.ts 7443 --tls --cert certificates/cert.pem --key certificates/key.pem
 * Terminal 2: deno run --allow-net=127.0.0.1:7443 --allow-read=certificates exercises/10_tls_client.ts 127.0.0.1 7443 --ca certificates/ca.pem
 *
 * You will see: how long TCP took, then TLS, the echo, and how it ended.
 * Read with it: protocol/transport/tls_socket.ts, what can go wrong;
 * protocol/transport/tls.ts, the same for every exercise (--tls).
 * Try next: without --ca; a proxy between, with --trace, then with --down cut.
 */
import { printable } from "../protocol/text.ts";
import {
  type Connect,
  type ConnectOptions,
  Deadline,
  ProtocolError,
  type Socket,
} from "../protocol/transport/mod.ts";
import { TlsSocket } from "../protocol/transport/tls_socket.ts";
import { commands } from "./catalogue.ts";
import { defineCommand, EXIT_OK, printLine, runMain } from "./cli/mod.ts";
import { readPem } from "./cli/tls_network.ts";

/** Of more than this nobody wants to see the end. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface TlsOptions {
  /** Authorities to trust beside those that Deno knows, as PEM. */
  caCerts?: string[];
  /** Sent as a line. */
  text?: string;
  /** How long everything may take, in ms; 0: no limit. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Decorates what is said: what is inside of TLS can be seen from here only. */
  watch?: ((connect: Connect) => Connect) | undefined;
  /** TLS goes on top of Deno's own connections only. */
  connect?: (options: ConnectOptions) => Promise<Deno.TcpConn>;
}

/**
 * Sends a line and reads to the end of the answer, over TLS.
 *
 * @throws {TlsError} The server is not `host`, or its end was no clean one.
 */
export async function tlsClient(
  host: string,
  port: number,
  { timeoutMs = 5000, signal, connect = Deno.connect, ...rest }: TlsOptions =
    {},
): Promise<{ connectMs: number; handshakeMs: number; answer: string }> {
  const { caCerts = [], text = "hello", watch = asItIs } = rest;
  using deadline = new Deadline("total", timeoutMs, signal);
  const startMs = performance.now();
  using tcp = await connect({ hostname: host, port, signal: deadline.signal });
  const connectedMs = performance.now();
  tcp.setNoDelay(); // Else the handshake waits for an ACK (Nagle).

  // This sends nothing yet. From here on `tcp` belongs to TLS.
  const tls = await Deno.startTls(tcp, { hostname: host, caCerts });
  using conn = new TlsSocket(tls);
  deadline.signal.addEventListener("abort", () => conn.close());
  try {
    deadline.signal.throwIfAborted();
    await conn.handshake(); // The proof. Without it nobody is told anything.
    const handshakeMs = performance.now() - connectedMs;

    // `conn` itself, unless the page draws what is said.
    using peer = await watch(() => Promise.resolve(conn))(
      { hostname: host, port, signal: deadline.signal },
    );
    await peer.write(new TextEncoder().encode(`${text}\r\n`));
    await peer.closeWrite(); // close_notify, then FIN: that was all.
    const answer = await readToEnd(peer);
    return { connectMs: connectedMs - startMs, handshakeMs, answer };
  } catch (error) {
    throw deadline.signal.reason ?? error;
  }
}

function asItIs(connect: Connect): Connect {
  return connect;
}

/** Null is the peer's close_notify; a FIN without it throws. */
async function readToEnd(conn: Socket): Promise<string> {
  const bytes = new Uint8Array(MAX_ANSWER_BYTES);
  for (let length = 0; length < bytes.length;) {
    const count = await conn.read(bytes.subarray(length));
    if (count === null) {
      return new TextDecoder().decode(bytes.subarray(0, length));
    }
    length += count;
  }
  throw new ProtocolError(`It sent more than ${MAX_ANSWER_BYTES} bytes`);
}

export const main = defineCommand(
  commands.tls,
  async ({ host, port, timeout, text, ca }, { signal, watch }) => {
    const trusted = await readPem(ca, "CERTIFICATE");
    const { connectMs, handshakeMs, answer } = await tlsClient(host, port, {
      caCerts: trusted === "" ? [] : [trusted],
      text,
      timeoutMs: timeout,
      signal,
      watch,
    });
    printLine(`TCP: connected in ${connectMs.toFixed(1)} ms`);
    printLine(`TLS: it proved to be ${host} in ${handshakeMs.toFixed(1)} ms`);
    printLine(printable(answer).trim());
    printLine("It ended with close_notify: nothing is missing");
    return EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
