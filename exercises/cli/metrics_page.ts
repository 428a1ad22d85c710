import { Metrics, METRICS_TYPE, renderMetrics } from "../../servers/metrics.ts";
import { ProcessMetrics } from "../../servers/process_metrics.ts";
import { printNote } from "../terminal/stderr.ts";
import { notedListen } from "./explain_error.ts";

/** Nobody else on the network can ask. */
const HOST = "127.0.0.1";

/**
 * Runs `attempt`, and answers on `port` of loopback, 0 for a free one, with
 * what the server counts meanwhile.
 */
export async function measured<T>(
  port: number,
  attempt: (metrics: Metrics) => Promise<T>,
): Promise<T> {
  const metrics = new Metrics();
  using ofProcess = new ProcessMetrics();
  metrics.add(() => ofProcess.read());
  const stop = new AbortController();
  const page = servePage(port, metrics, stop.signal);
  printNote(`Metrics on http://${HOST}:${page.addr.port}/metrics`);
  try {
    return await attempt(metrics);
  } finally {
    stop.abort(); // Whoever is asking at this moment is cut off.
    await page.finished;
  }
}

/** @throws {Deno.errors.AddrInUse} Another program has that port. */
export function servePage(
  port: number,
  metrics: Metrics,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  const listen = notedListen((at): Deno.HttpServer<Deno.NetAddr> =>
    Deno.serve(
      { ...at, signal, onListen() {} },
      (request): Promise<Response> => answer(request, page.addr.port, metrics),
    )
  );
  const page = listen({ hostname: HOST, port });
  return page;
}

/**
 * Only to who asks for this address by its own name: the page of another site
 * can have its name resolved to 127.0.0.1, and would read along.
 */
async function answer(
  request: Request,
  port: number,
  metrics: Metrics,
): Promise<Response> {
  const host = request.headers.get("host");
  if (host !== `${HOST}:${port}` && host !== `localhost:${port}`) {
    return refuse(421, "This address has another name");
  }
  if (new URL(request.url).pathname !== "/metrics") {
    return refuse(404, "There is only /metrics");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(405, "It can only be read", { allow: "GET, HEAD" });
  }
  return new Response(renderMetrics(await metrics.read()), {
    headers: { "content-type": METRICS_TYPE },
  });
}

function refuse(status: number, text: string, headers = {}): Response {
  return new Response(`${text}\n`, { status, headers });
}
