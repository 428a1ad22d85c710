import type { Hash } from "node:crypto";
import type { Refusal } from "../../protocol/files.ts";
import type { Writer } from "../../protocol/transport/socket.ts";
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
  /** Told how many of the file's `total` bytes are there. */
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

/** The lesson's function: exercises/08_file_client.ts. */
export type FetchFile = (
  client: FileClient,
  name: string,
  open: (size: number) => Promise<Writer>,
  options?: FetchOptions,
) => Promise<Fetched | Refusal>;
