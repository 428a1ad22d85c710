import type { Filled } from "./orders.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** A request is not what it should be; `status` says how. */
export class RequestError extends Error {
  override name = "RequestError";

  constructor(readonly status: 400 | 413 | 415, message: string) {
    super(message);
  }
}

/**
 * The body as JSON. Its type is asked for: a form of another page cannot send
 * that without asking us first.
 *
 * @throws {RequestError} It is no JSON, or more than 64 KiB.
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json(;|$)/i.test(type)) {
    throw new RequestError(415, "Expected application/json");
  }
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch { // Who sent it is gone, or the page's server stops.
    throw new RequestError(400, "The body has no end");
  }
  if (size > MAX_BODY_BYTES) {
    throw new RequestError(413, `Expected at most ${MAX_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError(400, "Expected JSON");
  }
}

/** @throws {RequestError} It is no form that was filled in. */
export function filledIn(body: unknown): Filled {
  const { command, rest = [], ...others } = object(body);
  if (typeof command !== "string" || !isTexts(rest)) throw wrong();
  const named = object(others.arguments ?? {});
  const options = object(others.options ?? {});
  if (!isTexts(Object.values(named))) throw wrong();
  if (!isTexts(Object.values(options).filter((one) => one !== true))) {
    throw wrong();
  }
  return {
    command,
    rest,
    arguments: named as Filled["arguments"],
    options: options as Filled["options"],
  };
}

/** A line for stdin, or null for its end. */
export function inputIn(body: unknown): { text: string | null } {
  const { text, end } = object(body);
  if (end === true && text === undefined) return { text: null };
  if (typeof text !== "string" || end !== undefined) throw wrong();
  return { text };
}

/** The faults of a proxy, as they are written on the command line. */
export function faultsIn(body: unknown): { up: string; down: string } {
  const { up = "", down = "" } = object(body);
  if (typeof up !== "string" || typeof down !== "string") throw wrong();
  return { up, down };
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong();
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function wrong(): RequestError {
  return new RequestError(400, "The body is not what is expected here");
}
