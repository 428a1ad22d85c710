import {
  type ClientOptions,
  Connection,
  copy,
  Deadline,
  type Reader,
  UnexpectedEndError,
  type Writer,
} from "../../protocol/transport/mod.ts";
import { Outstanding } from "./comparison.ts";

export interface RawOptions extends ClientOptions {
  /** Whether what comes must be what was sent. */
  compare?: boolean;
}

/**
 * Relays bytes both ways at once until the server ends its direction.
 *
 * @throws {UnexpectedEndError} It ended before all that was read came back.
 * @throws {ProtocolError} More came back, as soon as it does.
 * @throws {ExerciseError} Other bytes came back, as soon as they do.
 */
export async function echoRaw(
  host: string,
  port: number,
  input: Reader,
  output: Writer,
  options: RawOptions = {},
): Promise<void> {
  const { timeoutMs = 5000, signal, connect = Deno.connect } = options;
  const { compare = true } = options;
  using deadline = new Deadline("connect", timeoutMs, signal);
  using conn = new Connection(
    await connect({ hostname: host, port, signal: deadline.signal }),
    { signal },
  );
  deadline.stop();
  const outstanding = new Outstanding();
  let taken = 0;
  const counted: Reader = {
    async read(buffer) {
      const count = await input.read(buffer);
      taken += count ?? 0;
      if (compare && count) outstanding.send(buffer.subarray(0, count));
      return count;
    },
  };
  // The server must take and give. While nothing is sent, or what came is not
  // taken from us, it is not the server that is waited for.
  let [sending, printing] = [false, false];
  const watch = () => {
    conn.idleTimeoutMs = sending && !printing ? timeoutMs : 0;
  };
  const server = watched(conn, (waits) => (sending = waits, watch()));
  const screen = watched(output, (waits) => (printing = waits, watch()));
  const receiving = copy(conn, {
    async write(data) {
      const count = await screen.write(data);
      // Shown first: who looks at it sees where it differs.
      if (compare) outstanding.compare(data.subarray(0, count));
      return count;
    },
  });
  const sent = copy(counted, server).then(async () => {
    await conn.closeWrite();
    sending = true;
    watch();
  });
  // The server's end is the end, even while stdin still waits for more.
  const received = await Promise.race([
    receiving,
    sent.then(() => receiving),
  ]);
  if (compare && received < taken) {
    throw new UnexpectedEndError(`${received} of ${taken} bytes came back`);
  }
}

/** `target`; `onWait` is told when a write to it begins, and when it ends. */
function watched(target: Writer, onWait: (waits: boolean) => void): Writer {
  return {
    async write(data) {
      onWait(true);
      const count = await target.write(data);
      onWait(false);
      return count;
    },
  };
}
