import { createHash, type Hash } from "node:crypto";
import type { Refusal } from "../../protocol/file_reply.ts";
import type { Writer } from "../../protocol/write_all.ts";
import type { FileClient } from "./file_client.ts";

/** The first bytes of a file, which are there already. */
export interface Beginning {
  bytes: number;
  /** A SHA-256 that has taken them. */
  hash: Hash;
}

export interface FetchOptions {
  /** Ask only for what comes behind it. */
  beginning?: Beginning | null;
  /** Compare with the server's hash, where it has one. */
  verify?: boolean;
  /** How much is read at once, in bytes. */
  chunkBytes?: number;
  /** Told how many of the `total` bytes that were asked for have come. */
  onProgress?: (bytes: number, total: number) => void;
}

/** A file that has come: exactly the bytes that were announced. */
export interface Fetched {
  kind: "fetched";
  size: number;
  /** How many bytes came now: fewer than `size` behind a beginning. */
  received: number;
  /** In hex; null when nothing was there to compare it with. */
  sha256: string | null;
  /** Whether the server's hash is the same; null: not compared. */
  same: boolean | null;
}

/**
 * Fetches a file: GET, SENDING_FILE, READY, the bytes, SHA256. The hash is
 * taken while the bytes arrive.
 *
 * @param open Called with the size once the server has announced the file.
 */
export async function fetchFile(
  client: FileClient,
  name: string,
  open: (size: number) => Promise<Writer>,
  { beginning = null, verify = true, chunkBytes = 1024 * 1024, onProgress }:
    FetchOptions = {},
): Promise<Fetched | Refusal> {
  const hashed = verify && (await client.features()).has("SHA256");
  const hash = hashed ? beginning?.hash ?? createHash("sha256") : null;
  const offset = beginning?.bytes ?? 0;
  const announced = await client.announce(name, offset);
  if (announced.kind === "error") return announced;
  const { size } = announced;
  const total = size - offset;
  let received = 0;
  await client.receive(total, await open(size), {
    chunkBytes,
    onBytes: (bytes) => {
      hash?.update(bytes);
      received += bytes.length;
      onProgress?.(received, total);
    },
  });
  if (hash === null) {
    if (verify) await client.checkInStep();
    return { kind: "fetched", size, received, sha256: null, same: null };
  }
  const sha256 = hash.digest("hex");
  const told = await client.hashOf(name, size);
  if (told.kind === "error") return told;
  const same = told.hex === sha256;
  return { kind: "fetched", size, received, sha256, same };
}
