import { loadZstd } from "../../protocol/file_chunks.ts";

/** Deno before 2.7 has none, and a server says so. */
export const HAS_ZSTD = await loadZstd() !== null;

/** What our file server answers to FEATURES. */
export const FEATURES = `FEATURES RESUME SHA256${HAS_ZSTD ? " ZSTD" : ""}`;
