import { messageOf, ProtocolError } from "../errors.ts";
import { TimeoutError } from "./deadline.ts";

/** How a connection can end. The clocks are named as they are. */
export const END_KINDS = [
  "closed",
  "connect",
  "idle",
  "total",
  "reset",
  "refused",
  "shutdown",
  "protocol",
  "error",
] as const;
export type EndKind = typeof END_KINDS[number];

/** How a connection ended: `error` is what ended it too early, or null. */
export function endKind(error: unknown): EndKind {
  if (error === null) return "closed";
  if (error instanceof TimeoutError) return error.clock;
  if (isReset(error)) return "reset";
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof ProtocolError) return "protocol";
  if (error instanceof DOMException && error.name === "AbortError") {
    return "shutdown";
  }
  return "error";
}

/** The same in a word or phrase for a log. */
export function endReason(error: unknown): string {
  const kind = endKind(error);
  if (kind === "protocol") return messageOf(error);
  return kind === "error" ? `error: ${messageOf(error)}` : kind;
}

/** Whether the peer sent RST, or is gone in a way that looks like it. */
export function isReset(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.NotConnected;
}
