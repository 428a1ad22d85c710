import { type Bench, type Figure, inTurn } from "./bench.ts";
import { nativeLoad } from "./core_bench.ts";
import { load } from "./messages_bench.ts";
import { type ServerProcess, startOurs } from "./processes.ts";

/** Many, in turn: what is looked for is smaller than what one run differs by. */
const RUNS = 15;

export const benches: Bench[] = [
  { name: "metrics", run: benchMetrics },
];

/** What it costs to be asked once a second, as Prometheus does at its fastest. */
async function benchMetrics(): Promise<Figure[]> {
  const echo = await nativeLoad("echo");
  const flood = async (port: number) =>
    (await load("flood", port, 100)).perSecond!;
  const quiet = ["0", "--quiet"];
  return [
    await withAndWithout(
      "echo, 32 clients x 64 bytes, with --metrics",
      "round trips/s",
      ["echoserver", ...quiet, "--idle", "0"],
      echo,
    ),
    await withAndWithout(
      "messages, 100 clients of which 10 send 2,000 lines, with --metrics",
      "deliveries/s",
      ["msgserver", ...quiet, "--flood", "0"],
      flood,
    ),
  ];
}

async function withAndWithout(
  name: string,
  unit: string,
  words: string[],
  measure: (port: number) => Promise<number>,
): Promise<Figure> {
  await using without = await startOurs(...words);
  await using asked = await startAsked(words);
  const [ours = 0, value = 0] = await inTurn(
    RUNS,
    () => measure(asked.port),
    () => measure(without.port),
  );
  const peers = [{ name: "without", value, wanted: 0.99 }];
  return { name, unit, better: "higher", ours, peers };
}

/** A server whose metrics are read once a second. */
async function startAsked(words: string[]): Promise<ServerProcess> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const server = await startOurs(...words, "--metrics", `${port}`);
  const timer = setInterval(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    await answer.text();
  }, 1000);
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await server[Symbol.asyncDispose]();
    },
  };
}
