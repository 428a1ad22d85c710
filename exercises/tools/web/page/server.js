/**
 * What the page asks of its server. The token came in the fragment, which a
 * browser sends to nobody; it goes back in a header, which no other page can set.
 */

const token = location.hash.slice(1);

/** How long the page draws nothing for, at most, while much arrives: in ms. */
const BUSY_MS = 8;

/** The server said no: `errors` has a sentence for each field, or for "". */
export class Refused extends Error {
  constructor(status, errors) {
    super(Object.values(errors).join(" "));
    this.status = status;
    this.errors = errors;
  }
}

/** @throws {Refused} */
export async function ask(method, path, body) {
  const response = await send(path, {
    method,
    ...body === undefined ? {} : {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    },
  });
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson ? await response.json() : null;
}

/** Saves what `path` answers as a file. */
export async function save(path, name) {
  const blob = await (await send(path)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Everything that all runs tell, an object at a time, until `signal` fires.
 * `seen` gives what is already known, by run. A stream that breaks off is asked
 * for again from there; `onState` hears of both.
 */
export async function follow(seen, take, onState, signal) {
  for (let pause = 250; !signal.aborted; pause = Math.min(2 * pause, 5000)) {
    try {
      const after = [...seen()].map(([run, seq]) => `${run}:${seq}`).join();
      const { body } = await send(`api/events?after=${after}`, { signal });
      onState("connected");
      pause = 250;
      await readLines(body, take);
    } catch (error) {
      if (error instanceof Refused) return onState("refused");
    }
    onState("lost");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function readLines(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line !== "") take(JSON.parse(line));
    // Not to read is to slow down who writes. A hidden page has no frames.
    if (performance.now() - sinceMs > BUSY_MS && !document.hidden) {
      await new Promise(requestAnimationFrame);
      sinceMs = performance.now();
    }
  }
}

async function send(path, { headers, ...options } = {}) {
  // A header takes no such thing as a letter of Greek: it is no token.
  const known = /^[\w-]+$/.test(token) ? token : "none";
  const response = await fetch(path, {
    ...options,
    headers: { ...headers, authorization: `Bearer ${known}` },
    cache: "no-store",
  });
  if (response.ok) return response;
  const said = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  const { errors } = isJson ? JSON.parse(said) : { errors: { "": said } };
  throw new Refused(response.status, errors);
}
