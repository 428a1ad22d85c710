import { type Bench, type Figure, median } from "./bench.ts";
import { nativeLoad } from "./core_bench.ts";
import { load } from "./messages_bench.ts";
import { type ServerProcess, startOurs } from "./processes.ts";

/** Many, in turn: what is looked for is smaller than what one run differs by. */
const RUNS = 16;
/** Less than this is lost by being asked. */
const WANTED = 0.99;

export const benches: Bench[] = [
  { name: "metrics", run: benchMetrics },
];

interface Load {
  name: string;
  unit: string;
  words: string[];
  /** How much was done: in a second, and in all. */
  run: (port: number) => Promise<{ perSecond: number; done: number }>;
}

/** What it costs to be asked once a second, more often than Prometheus does. */
async function benchMetrics(): Promise<Figure[]> {
  const echo = await nativeLoad("echo");
  return [
    ...await withAndWithout({
      name: "echo, 32 clients x 64 bytes, with --metrics",
      unit: "round trips",
      words: ["echoserver", "0", "--quiet", "--idle", "0"],
      async run(port) {
        const perSecond = await echo(port);
        return { perSecond, done: 2 * perSecond };
      },
    }),
    ...await withAndWithout({
      name:
        "messages, 100 clients of which 10 send 8,000 lines, with --metrics",
      unit: "deliveries",
      words: ["msgserver", "0", "--quiet", "--flood", "0"],
      async run(port) {
        const { perSecond = 0 } = await load("long flood", port, 100);
        return { perSecond, done: 10 * 8300 * 99 };
      },
    }),
  ];
}

/**
 * By the clock, and by the server's own processor time, which others on this
 * machine do not take away.
 */
async function withAndWithout(
  { name, unit, words, run }: Load,
): Promise<Figure[]> {
  await using asked = await startAsked(words);
  await using without = await startOurs(...words);
  const sides = [asked, without].map((server) => ({
    server,
    rates: [] as number[],
    cpuRates: [] as number[],
  }));
  for (let i = 0; i < RUNS; i++) {
    // Each is the first as often as the other.
    for (const side of i % 2 === 0 ? sides : sides.toReversed()) {
      const beforeSeconds = cpuSecondsOf(side.server);
      const { perSecond, done } = await run(side.server.port);
      const cpuSeconds = cpuSecondsOf(side.server) - beforeSeconds;
      side.rates.push(perSecond);
      side.cpuRates.push(done / cpuSeconds);
    }
  }
  const figure = (unit: string, [ours = 0, value = 0]: number[]): Figure => ({
    ...{ name, unit, better: "higher", ours },
    peers: [{ name: "without", value, wanted: WANTED }],
  });
  return [
    figure(`${unit}/s`, sides.map(({ rates }) => median(rates))),
    figure(
      `${unit}/s of processor time`,
      sides.map(({ cpuRates }) => median(cpuRates)),
    ),
  ];
}

/** User and system time so far; NaN where there is no /proc. */
function cpuSecondsOf({ pid }: ServerProcess): number {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name of the program may have spaces; a tick is 10 ms.
    const words = stat.slice(stat.lastIndexOf(")")).split(" ");
    return (Number(words[12]) + Number(words[13])) / 100;
  } catch {
    return NaN;
  }
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
