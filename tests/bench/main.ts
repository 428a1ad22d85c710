/**
 * `deno task bench [name...]`: the figures that we hold, each as a ratio to a
 * peer in the same run. A peer that is not installed is named and skipped.
 * Nothing here is a test: a busy machine gives other figures.
 */
import { bold, dim, green, red } from "@std/fmt/colors";
import type { Bench, Figure, PeerFigure } from "./bench.ts";

/** Each `*_bench.ts` beside this file exports `benches`. */
async function loadBenches(): Promise<Bench[]> {
  const names = [...Deno.readDirSync(new URL(".", import.meta.url))]
    .map(({ name }) => name).filter((name) => name.endsWith("_bench.ts"));
  const modules = await Promise.all(
    names.sort().map((name) => import(`./${name}`)),
  );
  return modules.flatMap((module: { benches: Bench[] }) => module.benches);
}

function show(figure: Figure): void {
  const ours = `${format(figure.ours)} ${figure.unit}`;
  console.log(`${bold(figure.name)}: ${ours}${held(figure)}`);
  for (const peer of figure.peers) console.log(`  ${showPeer(figure, peer)}`);
}

function held({ ours, wanted, better }: Figure): string {
  return wanted === undefined ? "" : verdict(ours, wanted, better);
}

function showPeer(
  { ours, unit, better }: Figure,
  { name, value, wanted }: PeerFigure,
): string {
  if (value === null) return dim(`${name}: not installed, skipped`);
  const ratio = ours / value;
  const figures = `${name}: ${format(value)} ${unit}, ` +
    `ours / ${name} = ${ratio.toFixed(2)}`;
  return wanted === undefined
    ? figures
    : figures + verdict(ratio, wanted, better);
}

function verdict(
  value: number,
  wanted: number,
  better: Figure["better"],
): string {
  const ok = better === "higher" ? value >= wanted : value <= wanted;
  const bound = `${better === "higher" ? "at least" : "at most"} ${wanted}`;
  return ok ? green(`  (${bound}: held)`) : red(`  (${bound}: MISSED)`);
}

function format(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 4 });
}

const benches = await loadBenches();
const names = benches.map(({ name }) => name).join(", ");
if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
  console.log(`deno task bench [name...]: all of ${names}, or those named`);
  Deno.exit(0);
}
const wanted = Deno.args.length > 0
  ? benches.filter(({ name }) => Deno.args.includes(name))
  : benches;
if (wanted.length === 0) {
  console.error(`There is no such benchmark: choose of ${names}`);
  Deno.exit(2);
}
for (const bench of wanted) {
  console.log(dim(`-- ${bench.name}`));
  for (const figure of await bench.run()) show(figure);
}
