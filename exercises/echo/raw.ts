import { copy } from "../../protocol/copy.ts";
import { UnexpectedEndError } from "../../protocol/errors.ts";
import type { Reader } from "../../protocol/line_reader.ts";
import type { Writer } from "../../protocol/write_all.ts";
import { Connection } from "../../servers/connection.ts";
import { connectWithin } from "../../servers/deadline.ts";
import type { ClientOptions } from "../client_options.ts";

/**
 * Relays bytes both ways at once until the server ends its direction.
 *
 * @throws {UnexpectedEndError} It ended before all that was read came back.
 */
export async function echoRaw(
  host: string,
  port: number,
  input: Reader,
  output: Writer,
  { timeoutMs = 5000, signal, connect = Deno.connect }: ClientOptions = {},
): Promise<void> {
  using conn = new Connection(
    await connectWithin(timeoutMs, connect, { hostname: host, port, signal }),
    { signal },
  );
  let taken = 0;
  const counted: Reader = {
    async read(buffer) {
      const count = await input.read(buffer);
      taken += count ?? 0;
      return count;
    },
  };
  const receiving = copy(conn, output);
  const sending = copy(counted, conn).then(async () => {
    await conn.closeWrite();
    conn.idleTimeoutMs = timeoutMs; // Now only the server is waited for.
  });
  // The server's end is the end, even while stdin still waits for more.
  const received = await Promise.race([
    receiving,
    sending.then(() => receiving),
  ]);
  if (received < taken) {
    throw new UnexpectedEndError(`${received} of ${taken} bytes came back`);
  }
}
