/**
 * The load generator, a process of its own so that it shares no event loop
 * with a server. `load.ts <what> <port> <clients> <seconds>` prints one number
 * a second on average: round trips, bytes, or connections.
 */
const [what, portText, clientsText, secondsText] = Deno.args;
const port = Number(portText);
const clients = Number(clientsText);
const durationMs = Number(secondsText) * 1000;

const LINE_BYTES = 64;
const CHUNK_BYTES = 256 * 1024;

let running = true;
let counted = 0;

const loads: Record<string, () => Promise<void>> = {
  async echo() {
    using conn = await connect();
    const message = new Uint8Array(LINE_BYTES).fill(0x78);
    const reply = new Uint8Array(LINE_BYTES);
    while (running) {
      await conn.write(message);
      for (let got = 0; got < LINE_BYTES;) {
        got += await conn.read(reply.subarray(got)) ?? fail();
      }
      counted++;
    }
  },
  async stream() {
    using conn = await connect();
    const chunk = new Uint8Array(CHUNK_BYTES).fill(0x78);
    const sending = (async () => {
      while (running) {
        for (let sent = 0; sent < chunk.length;) {
          sent += await conn.write(chunk.subarray(sent));
        }
      }
      await conn.closeWrite();
    })();
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) break;
      if (running) counted += count;
    }
    await sending;
  },
  async daytime() {
    const buffer = new Uint8Array(256);
    while (running) {
      using conn = await connect();
      while (await conn.read(buffer) !== null);
      counted++;
    }
  },
};

function connect(): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

function fail(): never {
  throw new Error("The server ended the connection");
}

const run = loads[what ?? ""] ?? fail();
const startMs = performance.now();
const lanes = Array.from({ length: clients }, run);
setTimeout(() => running = false, durationMs);
await Promise.all(lanes);
// The stream drains after its time is up: only what came in time counts.
const elapsedMs = what === "stream" ? durationMs : performance.now() - startMs;
console.log(counted / elapsedMs * 1000);
