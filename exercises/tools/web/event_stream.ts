import type { Run, Runs } from "./runs.ts";

/**
 * What all runs tell, those that start later, too, until the reader is gone, or
 * `stopping` has fired and all is told: lines of NDJSON. A browser opens six
 * connections to one host at most, so it must not need one for each run.
 *
 * @param after By run, the event that its reader has got; none: from the first.
 */
export function eventStream(
  { runs, stopping }: { runs: Runs; stopping: AbortSignal },
  after: ReadonlyMap<string, number>,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const followed = new Set<Promise<void>>();
  const encoder = new TextEncoder();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const follow = async ({ id, log }: Run) => {
    const place = log.placeAfter(after.get(id) ?? 0);
    for (;;) {
      // Who reads slowly finds fewer, newer ones, and how many were dropped.
      await writer.ready;
      const lines = await log.read(place, gone.signal);
      if (lines === null) return;
      void writer.write(encoder.encode(lines)).catch(() => {});
    }
  };
  const watch = (run: Run) => {
    const following = follow(run).catch(() => {})
      .finally(() => followed.delete(following));
    followed.add(following);
  };
  const forget = runs.onStart(watch);
  runs.all.forEach(watch);
  // An empty line, so that there is an answer before there is an event.
  void writer.write(encoder.encode("\n")).catch(() => {});
  const end = async () => {
    await Promise.all(followed);
    await writer.close().catch(() => {});
  };
  if (stopping.aborted) void end();
  else stopping.addEventListener("abort", end);
  void writer.closed.catch(() => {}).finally(() => {
    stopping.removeEventListener("abort", end);
    forget();
    gone.abort();
  });
  return readable;
}

/** `1:20,2:7`: the newest event that is known of each run. Null: it is not so. */
export function parseAfter(text: string): Map<string, number> | null {
  if (!/^(\d{1,9}:\d{1,15}(,|$))*$/.test(text)) return null;
  return new Map(
    text.split(",").filter((part) => part !== "").map((part) => {
      const [run = "", seq] = part.split(":");
      return [run, Number(seq)];
    }),
  );
}
