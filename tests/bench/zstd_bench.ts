/** Exercise 8, compressed, over a line of 10 MB/s: whole processes. */
import { type Bench, type Figure, inTurn } from "./bench.ts";
import { Client } from "./files_clients.ts";
import { startOurFileServer } from "./files_stage.ts";
import { startServer } from "./processes.ts";
import { jsonLine } from "../../protocol/text.ts";
import { Random } from "../support/random.ts";

/** Each takes 20 s without compression: it is the line that is measured. */
const RUNS = 2;
const BYTES = 200e6;
const RATE = 10e6;

export const benches: Bench[] = [{ name: "zstd", run: benchZstd }];

async function benchZstd(): Promise<Figure[]> {
  return [
    await overLine("200 MB of a log at 10 MB/s", serverLog(), 1 / 3),
    await overLine("200 MB of source text at 10 MB/s", await sourceText()),
    await overLine("200 MB of random bytes at 10 MB/s", randomBytes(), 1.05),
  ];
}

/**
 * Seconds to get `BYTES` that repeat `block`, compressed and not. The block is
 * longer than a chunk, beyond which zstd does not look back here: to repeat it
 * makes nothing shorter.
 */
async function overLine(
  name: string,
  block: Uint8Array,
  wanted?: number,
): Promise<Figure> {
  const dir = await Deno.makeTempDir();
  try {
    await writeRepeated(`${dir}/big`, block);
    await using server = await startOurFileServer(dir);
    await using line = await startServer(Deno.execPath(), [
      ...["run", "--no-prompt", "-A", "exercises/09_proxy.ts", "0"],
      ...["127.0.0.1", `${server.port}`, "--down", `rate=${RATE}`, "--quiet"],
    ]);
    const client = new Client();
    const [ours = 0, value = 0] = await inTurn(
      RUNS,
      () => client.get(line.port, "-", "--compress"),
      () => client.get(line.port, "-"),
    );
    const bound = wanted === undefined ? {} : { wanted };
    const peers = [{ name: "without --compress", value, ...bound }];
    return { name, unit: "s", better: "lower", ours, peers };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What `fileserver --json` might say of 20,000 files sent. */
function serverLog(): Uint8Array {
  const random = new Random(1);
  let time = Date.UTC(2026, 10, 25);
  const lines = Array.from({ length: 20_000 }, () => {
    time += random.below(5000);
    return jsonLine({
      time: new Date(time).toISOString(),
      event: "sent",
      peer: `192.168.${random.below(4)}.${random.below(250)}:` +
        `${32_768 + random.below(28_000)}`,
      name: `lecture ${1 + random.below(60)}.pdf`,
      bytes: random.below(30_000_000),
    });
  });
  return new TextEncoder().encode(lines.join("\n"));
}

/** The program's own: short lines and many comments. */
async function sourceText(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const dir of ["protocol", "servers", "exercises", "exercises/cli"]) {
    for await (const { name, isFile } of Deno.readDir(dir)) {
      if (isFile) parts.push(await Deno.readFile(`${dir}/${name}`));
    }
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(1024 * 1024);
  for (let at = 0; at < bytes.length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

async function writeRepeated(path: string, block: Uint8Array): Promise<void> {
  using file = await Deno.create(path);
  for (let left = BYTES; left > 0;) {
    left -= await file.write(block.subarray(0, left));
  }
}
