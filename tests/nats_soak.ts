/**
 * `deno task soak:nats [seconds] [seed]`: 3 servers, 300 clients that join,
 * leave, rename and talk, a broker that is killed and started twice, and a
 * server that is killed. Afterwards all must agree, and what was heard add up.
 */
import { delay } from "@std/async/delay";
import { startServer } from "./bench/processes.ts";
import { HAS_NATS, NatsBroker } from "./support/nats_broker.ts";
import { QUIET_HOST } from "./support/network.ts";
import { Random } from "./support/random.ts";
import { SoakClient, SoakLedger } from "./support/soak_client.ts";

const [SECONDS = 60, SEED = 1] = Deno.args.map(Number);
const CLIENTS = 300;
const PAUSE_MS = 8;
const NAMES = Array.from({ length: 60 }, (_, i) => `name${i}`);
/** When the broker is away, and when a server dies, as parts of the time. */
const OUTAGES = [[0.2, 0.25], [0.45, 0.6]] as const;
const DEATH = 0.75;
/** Lines this near to an outage may be lost in it, in ms. */
const NEAR_MS = 1000;
const SETTLE_MS = 30_000;

if (!HAS_NATS) Deno.exit(0);
const random = new Random(SEED);
const ledger = new SoakLedger();
const broker = await NatsBroker.start();
const servers = await Promise.all(
  Array.from({ length: 3 }, () =>
    startServer(Deno.execPath(), [
      ...["run", "--no-prompt", "--allow-net", "main.ts", "msgserver", "0"],
      ...["--host", QUIET_HOST, "--quiet", "--nats", broker.address],
    ])),
);
const [first, second, third] = servers.map(({ port }) => port) as [
  number,
  number,
  number,
];
let ports = [first, second, third];
// They meet; then the watchers come, and nothing escapes them.
const watchers: SoakClient[] = [];
for (const [i, port] of ports.entries()) {
  await delay(2000);
  const watcher = await SoakClient.join(port, -1 - i, ledger);
  watcher.present.push(...watchers.map(({ name }) => name));
  watchers.push(watcher);
}
await delay(2000);
let clients: SoakClient[] = [];
let joined = 0;
const join = async (port: number) =>
  void clients.push(await SoakClient.join(port, joined++, ledger));
for (let i = 0; i < CLIENTS; i++) await join(ports[i % 3]!);

const outages: { fromMs: number; toMs: number }[] = [];
let killedMs = 0;
let dead: SoakClient[] = [];
let renames = 0;
const startMs = performance.now();
for (;;) {
  const part = (performance.now() - startMs) / 1000 / SECONDS;
  if (part >= 1) break;
  await tellFate(part);
  await act();
  await delay(PAUSE_MS);
}
const lists = await settled();
console.log(
  `${SECONDS} s: ${joined} clients came, ${renames} renames were asked for, ` +
    `${ledger.said.size} lines were said`,
);
judge();
console.log(ledger.problems.length === 0 ? "All agree" : "NOT ALL AGREE:");
for (const problem of ledger.problems.slice(0, 20)) console.log(problem);
await broker.kill();
for (const server of servers.slice(0, 2)) await server[Symbol.asyncDispose]();
Deno.exit(ledger.problems.length === 0 ? 0 : 1);

async function tellFate(part: number): Promise<void> {
  const isAway = outages.at(-1)?.toMs === Infinity;
  const shouldBe = OUTAGES.some(([from, to]) => part >= from && part < to);
  if (shouldBe && !isAway) {
    outages.push({ fromMs: performance.now(), toMs: Infinity });
    await broker.kill();
  } else if (!shouldBe && isAway) {
    await broker.start();
    outages.at(-1)!.toMs = performance.now();
  }
  if (part > DEATH && killedMs === 0) {
    dead = clients.filter(({ port }) => port === third);
    clients = clients.filter(({ port }) => port !== third);
    ports = [first, second];
    killedMs = performance.now();
    Deno.kill(servers[2]!.pid, "SIGKILL");
  }
}

/** One of the clients does something; half of the time it talks. */
async function act(): Promise<void> {
  const choice = random.below(20);
  const client = random.pick(clients);
  if (choice < 10) client.talk();
  else if (choice < 15) {
    client.send(`/nick ${random.pick(NAMES)}`);
    renames++;
  } else if (clients.length >= CLIENTS || choice === 15) {
    clients.splice(clients.indexOf(client), 1);
    client.send("/quit");
  } else await join(random.pick(ports));
}

/** The lists of the servers, once they have been the same for a while. */
async function settled(): Promise<string[]> {
  const ask = async () => {
    for (const one of watchers.slice(0, 2)) one.send("/list");
    await delay(1000);
    return watchers.slice(0, 2).map(({ list }) => list);
  };
  const endMs = performance.now() + SETTLE_MS;
  await delay(6000); // Longer than it takes to be dead.
  for (let before = await ask();;) {
    const lists = await ask();
    const isQuiet = `${lists}` === `${before}` && lists[0] === lists[1];
    if (isQuiet || performance.now() > endMs) return lists;
    before = lists;
  }
}

function judge(): void {
  const [one, two] = watchers as [SoakClient, SoakClient];
  const names = [...clients, one, two].map(({ name }) => name).sort();
  check(lists[0] === lists[1], `the lists differ:\n${lists.join("\n")}`);
  // A long list shows those who came first, and how many more there are.
  const [, count, shown = ""] =
    /^\* (\d+) connected: (.*?)(?: and \d+ more)?$/.exec(lists[0]!) ?? [];
  const wrong = shown.split(", ").filter((name) => !names.includes(name));
  check(
    Number(count) === names.length && wrong.length === 0,
    `${count} are listed, ${names.length} are there; not there: ${wrong}`,
  );
  for (const [watcher, other] of [[one, second], [two, first]] as const) {
    const told = [...watcher.present].sort();
    check(`${told}` === `${names}`, `told: ${told}\nbut there are: ${names}`);
    const missing = [...ledger.said].filter(([text, { port }]) =>
      port !== watcher.port && !watcher.heard.has(text)
    );
    const living = missing.filter(([, { port }]) => port === other);
    check(
      living.length <= watcher.lost && watcher.lost <= missing.length,
      `${missing.length} lines are missing, ${living.length} of them of a ` +
        `living server, and ${watcher.lost} were told of as lost`,
    );
    for (const [text, { ms }] of living) {
      const isNear = outages.some(({ fromMs, toMs }) =>
        ms > fromMs - NEAR_MS && ms < toMs + NEAR_MS
      );
      check(isNear, `${text} is missing, and the broker was there`);
    }
    const own = [...ledger.said].filter(([, { port }]) =>
      port === watcher.port
    );
    check(
      own.every(([text]) => watcher.heard.has(text)),
      "a line of the own server is missing",
    );
    // No other can have had the name of a guest since.
    const gone = new Set(
      dead.map(({ name }) => name).filter((name) => name.startsWith("guest-")),
    );
    const leavings = watcher.leavings.filter(({ name, ms }) =>
      ms > killedMs && gone.has(name)
    );
    const lastMs = Math.max(...leavings.map(({ ms }) => ms)) - killedMs;
    console.log(
      `  a watcher heard ${watcher.heard.size} lines; ${missing.length} are ` +
        `missing, ${watcher.lost} of them told; ${leavings.length} guests of ` +
        `a dead server had left after ${Math.round(lastMs)} ms`,
    );
    check(lastMs < 5000, "that took too long");
  }
}

function check(holds: boolean, problem: string): void {
  if (!holds) ledger.problems.push(problem);
}
