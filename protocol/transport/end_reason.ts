import { messageOf, ProtocolError } from "../errors.ts";
import { TimeoutError } from "./deadline.ts";

/** Why a connection ended early, in a word or phrase for a log. */
export function endReason(error: unknown): string {
  if (error instanceof TimeoutError) return error.clock;
  if (isReset(error)) return "reset";
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof ProtocolError) return error.message;
  if (error instanceof DOMException && error.name === "AbortError") {
    return "shutdown";
  }
  return `error: ${messageOf(error)}`;
}

/** Whether the peer sent RST, or is gone in a way that looks like it. */
export function isReset(error: unknown): boolean {
  return error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.NotConnected;
}
