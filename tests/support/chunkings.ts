import type { Reader } from "../../protocol/transport/socket.ts";

/** A way in which the network can cut the same bytes. */
export interface Chunking {
  name: string;
  chunks: Uint8Array[];
}

/** Whole, one byte per read, and every split in two. */
export function chunkings(bytes: Uint8Array): Chunking[] {
  const all: Chunking[] = [
    { name: "whole", chunks: bytes.length > 0 ? [bytes] : [] },
    {
      name: "one byte per read",
      chunks: Array.from(bytes, (byte) => Uint8Array.of(byte)),
    },
  ];
  for (let at = 1; at < bytes.length; at++) {
    const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
    all.push({ name: `split at ${at}`, chunks });
  }
  return all;
}

/** A peer that sends `chunks`, one per read, and ends; or fails with `error`. */
export function readerOf(chunks: Uint8Array[], error?: Error): Reader {
  const queue = [...chunks];
  return {
    read(buffer) {
      const chunk = queue.shift();
      if (chunk === undefined) {
        return error ? Promise.reject(error) : Promise.resolve(null);
      }
      const count = Math.min(chunk.length, buffer.length);
      buffer.set(chunk.subarray(0, count));
      if (count < chunk.length) queue.unshift(chunk.subarray(count));
      return Promise.resolve(count);
    },
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
