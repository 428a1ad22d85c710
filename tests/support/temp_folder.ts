import { Random } from "./random.ts";

/** A folder of its own for one test, gone when the test is over. */
export class TempFolder implements Disposable {
  readonly path: string;

  /** @param files Name and content of each file in it. */
  constructor(files: Record<string, string | Uint8Array> = {}) {
    // Without links in its path: --allow-read=<path> then is what it says.
    this.path = Deno.realPathSync(Deno.makeTempDirSync());
    for (const [name, content] of Object.entries(files)) {
      this.write(name, content);
    }
  }

  /** The path of what is called `name` in it. */
  of(name: string): string {
    return `${this.path}/${name}`;
  }

  write(name: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    Deno.writeFileSync(this.of(name), bytes);
  }

  read(name: string): Uint8Array {
    return Deno.readFileSync(this.of(name));
  }

  /** What is in it, in the order of the names. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** A prime: the block never begins at the same place of a buffer again. */
const BLOCK_BYTES = 65_521;

/** Bytes that tell if some are missing or moved; the same in every run. */
export function testBytes(length: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  const size = Math.min(length, BLOCK_BYTES);
  const block = Uint8Array.from({ length: size }, () => random.below(256));
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += size) {
    bytes.set(block.subarray(0, length - at), at);
  }
  return bytes;
}
