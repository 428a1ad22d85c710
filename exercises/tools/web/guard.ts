import { timingSafeEqual } from "@std/crypto/timing-safe-equal";

/**
 * What stands on every answer: nothing is loaded from elsewhere, no script is
 * inline, nobody frames the page, and nothing of it is kept.
 */
export const HEADERS = {
  "content-security-policy": "default-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** A sentence as an answer that is no success. */
export function refusal(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "text/plain; charset=utf-8" },
  });
}

/**
 * Null when `request` may be answered. A page elsewhere can send requests to
 * this address, and a name of its own can lead here (DNS rebinding): so the
 * Host must be ours, an Origin too, and who asks for more than the page itself
 * must know the token. Looked at in that order, before anything else.
 */
export function guard(
  request: Request,
  { port, token }: { port: number; token: string },
): Response | null {
  // As browsers write it: without the port where that is 80.
  const hosts = ["127.0.0.1", "localhost"]
    .map((name) => new URL(`http://${name}:${port}`).host);
  const host = request.headers.get("host") ?? "";
  if (!hosts.includes(host)) {
    return refusal(421, `This is the page of ${hosts[0]}, and no other host's`);
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) {
    return refusal(403, "Another page may not use this one");
  }
  const { pathname } = new URL(request.url);
  if (pathname !== "/api" && !pathname.startsWith("/api/")) return null;
  const given = request.headers.get("authorization") ?? "";
  if (isSame(given, `Bearer ${token}`)) return null;
  return refusal(401, "The token is missing: use the address that web printed");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => new TextEncoder().encode(text));
  return a!.length === b!.length && timingSafeEqual(a!, b!);
}
