import { ProtocolError } from "./errors.ts";
import { counted, quote } from "./text.ts";

/** The most that a chunk may hold, on the wire and expanded, in bytes. */
export const MAX_CHUNK_BYTES = 256 * 1024;

/** More than any content or frame here takes (ZSTD_compressBound). */
const ROOM_BYTES = MAX_CHUNK_BYTES + MAX_CHUNK_BYTES / 128;

/** A tenth smaller than with 1, and as fast: text came at 146 MB/s. */
const LEVEL = 3;

/** A frame may ask for so much memory: 8 MiB (RFC 8878, 3.1.1.1.2). */
const WINDOW_LOG = 23;

/** The line before the `bytes` of a chunk, with its line end; 0: no more. */
export function formatChunkLine(bytes: number): string {
  return `CHUNK ${bytes}\r\n`;
}

/**
 * How many bytes follow, from a line such as `CHUNK 4711`; 0: no more.
 *
 * @throws {ProtocolError} The line is another one, or they are too many.
 */
export function parseChunkLine(line: string): number {
  const [, digits] = /^CHUNK (\d+)$/.exec(line) ?? [];
  if (digits === undefined) {
    throw new ProtocolError(`Expected CHUNK and a size, got ${quote(line)}`);
  }
  const bytes = Number(digits);
  if (bytes <= MAX_CHUNK_BYTES) return bytes;
  throw new ProtocolError(
    `Chunk of ${digits} bytes is longer than ${MAX_CHUNK_BYTES}`,
  );
}

/**
 * Both directions of Zstandard (RFC 8878), one whole frame at a time. What a
 * call returns is good until the next of its kind.
 */
export interface Zstd {
  /** One frame, which holds `content`: at most `MAX_CHUNK_BYTES`. */
  compress(content: Uint8Array): Uint8Array;
  /**
   * What `frame` holds: 1 to `maxBytes` bytes.
   *
   * @throws {ProtocolError} It is no frame, holds nothing or more than that,
   * needs more memory than a chunk may, or is not all there is.
   */
  expand(frame: Uint8Array, maxBytes: number): Uint8Array;
}

/** Null where Deno has no zstd. Loads it on demand: that takes 15 ms. */
export async function loadZstd(): Promise<Zstd | null> {
  const zlib = await import("node:zlib");
  if (zlib.zstdCompressSync === undefined) return null;
  const { ZSTD_c_compressionLevel, ZSTD_d_windowLogMax } = zlib.constants;
  const frames = new Uint8Array(ROOM_BYTES);
  const contents = new Uint8Array(ROOM_BYTES);
  // Not the streams: some of their errors Deno throws where nobody can catch
  // them (2.9). All fits in one part: else it may end with an empty frame more.
  const chunkSize = ROOM_BYTES;
  return {
    compress(content) {
      const params = { [ZSTD_c_compressionLevel]: LEVEL };
      // With its size known a frame is smaller, and made faster.
      const options = { params, chunkSize, pledgedSrcSize: content.length };
      return moveTo(frames, zlib.zstdCompressSync(content, options));
    },
    expand(frame, maxBytes) {
      const params = { [ZSTD_d_windowLogMax]: WINDOW_LOG };
      const limits = { chunkSize, maxOutputLength: maxBytes };
      const expand = () =>
        // Its type leaves `info` out.
        zlib.zstdDecompressSync(frame, {
          params,
          ...limits,
          info: true,
        }) as unknown as WithInfo;
      const { buffer, engine } = attempt(expand, maxBytes);
      if (buffer.length === 0) throw new ProtocolError("Chunk holds nothing");
      const rest = frame.length - engine.bytesWritten;
      if (rest > 0) {
        const bytes = counted(rest, "byte");
        throw new ProtocolError(`Chunk has ${bytes} after its zstd frame`);
      }
      if (frameLength(frame) === frame.length) return moveTo(contents, buffer);
      throw new ProtocolError("Chunk holds a zstd frame that is cut short");
    },
  };
}

/**
 * How long a frame is, by what it says itself (RFC 8878, 3.1.1). Of one that is
 * cut short, Deno's zlib returns the beginning, and says nothing (2.9).
 */
function frameLength(frame: Uint8Array): number {
  const descriptor = frame[4]!;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  let at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + sizeBytes;
  while (at < frame.length) {
    const header = frame[at]! | frame[at + 1]! << 8 | frame[at + 2]! << 16;
    const isRepeated = (header >> 1 & 3) === 1; // One byte stands for all.
    at += 3 + (isRepeated ? 1 : header >> 3);
    if (header & 1) return at + (descriptor & 4); // It was the last.
  }
  return Infinity;
}

/**
 * Copies `bytes` into `room`, and frees their own memory at once. Left to the
 * garbage collector, 64 MB of them pile up.
 */
function moveTo(room: Uint8Array, bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  room.set(bytes);
  if (bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
  return room.subarray(0, length);
}

/** What was expanded, and how much of the frame that took. */
interface WithInfo {
  buffer: Uint8Array;
  engine: { bytesWritten: number };
}

/** Zlib's own errors say what it called, not what the peer did. */
function attempt<T>(expand: () => T, maxBytes: number): T {
  try {
    return expand();
  } catch (cause) {
    const isTooLong = (cause as { code?: string }).code ===
      "ERR_BUFFER_TOO_LARGE";
    const what = isTooLong
      ? `Chunk expands to more than the ${maxBytes} bytes allowed`
      : `Chunk is no zstd frame, or damaged: ${(cause as Error).message}`;
    throw new ProtocolError(what, { cause });
  }
}
