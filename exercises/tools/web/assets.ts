import { HEADERS, refusal } from "./guard.ts";

const TYPES: Record<string, string> = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

/** No file of ours has a name as long as this. */
const MAX_NAME = 50;

/** Answers with a file of page/: `/` is its index. */
export async function answerAsset(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname === "/" ? "/index.html" : pathname;
  // No dots but the last: nothing outside of the folder has such a name.
  const [, name = "", ending = ""] = /^\/((?:\w+\/)*\w+\.(\w+))$/.exec(path) ??
    [];
  const type = Object.hasOwn(TYPES, ending) ? TYPES[ending] : null;
  const isShort = name.length < MAX_NAME; // The system takes no longer ones.
  const text = type && isShort && await read(name);
  if (!text) return refusal(404, "There is no such page");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("It can only be read\n", {
      status: 405,
      headers: { ...HEADERS, allow: "GET, HEAD" },
    });
  }
  const headers = { ...HEADERS, "content-type": `${type}; charset=utf-8` };
  return new Response(request.method === "HEAD" ? null : text, { headers });
}

async function read(name: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(new URL(`./page/${name}`, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
