/**
 * The load on a message server, a process of its own so that it shares no
 * event loop with it: `messages_load.ts <what> <port> <clients> [pid]` prints
 * its figures as JSON. With several ports, `9000,9001`, each gets its share.
 */
import { Client, line } from "./messages_client.ts";

const [what = "", portText, clientsText, pidText] = Deno.args;
const ports = portText!.split(",").map(Number);
const port = ports[0]!;
const clients = Number(clientsText);
const pid = Number(pidText);

/** With its line end; `<nick> ` comes before it. */
const LINE_BYTES = 64;

const loads: Record<string, () => Promise<Record<string, number>>> = {
  /** Ten send so many lines each, as fast as they can. */
  flood: () => flood(2000),
  "long flood": () => flood(8000),

  /** All come at once, are idle, and then one says a line. */
  async everyone() {
    const emptyMb = rssMb();
    const startMs = performance.now();
    const all = await join(clients, { bufferBytes: 2048 });
    const joinMs = performance.now() - startMs;
    const idleMb = rssMb() - emptyMb;
    const done = heard(all, clients - 1);
    const saidMs = performance.now();
    await all[0]!.say(line(0, 0, LINE_BYTES));
    await done;
    return { joinMs, idleMb, lineMs: performance.now() - saidMs };
  },

  /** Now and then one says a line. */
  async room() {
    const all = await join(clients);
    const latencies: number[] = [];
    let saidMs = 0;
    for (const client of all) {
      client.onLine = () => latencies.push(performance.now() - saidMs);
    }
    for (let number = 0; number < 500; number++) {
      saidMs = performance.now();
      await all[number % clients]!.say(
        line(number % clients, Math.floor(number / clients), LINE_BYTES),
      );
      await pause(5);
    }
    return { p99: percentile(latencies, 0.99) };
  },

  /** One after the other says a line, which all others have to hear. */
  async line() {
    const all = await join(clients);
    const latencies: number[] = [];
    let saidMs = 0;
    for (const client of all) {
      client.onLine = () => latencies.push(performance.now() - saidMs);
    }
    for (let sender = 0; sender < 30; sender++) {
      const done = heard(all, clients - 1);
      saidMs = performance.now();
      await all[sender]!.say(line(sender, 0, LINE_BYTES));
      await done;
      // The first are slower: both sides still compile themselves.
      if (sender < 5) latencies.length = 0;
      await pause(50);
    }
    return { p99: percentile(latencies, 0.99) };
  },

  busy: () => saturate(false),
  slow: () => saturate(true),

  /** All are told that the server stops, and hear its FIN. */
  async stop() {
    const all = await join(clients);
    const startMs = performance.now();
    Deno.kill(pid, "SIGTERM");
    await Promise.all(all.map(({ ended }) => ended));
    return { ms: performance.now() - startMs };
  },
};

async function flood(lines: number): Promise<Record<string, number>> {
  const all = await join(clients);
  // So that neither side is timed while it still compiles itself.
  await shout(all, 0, 300);
  const startMs = performance.now();
  const deliveries = await shout(all, 300, lines);
  return { perSecond: deliveries / (performance.now() - startMs) * 1000 };
}

/** Ten send so many lines; the number that all others have heard of them. */
async function shout(
  all: readonly Client[],
  first: number,
  count: number,
): Promise<number> {
  const deliveries = 10 * count * (all.length - 1);
  const done = heard(all, deliveries);
  for (const [sender, client] of all.slice(0, 10).entries()) {
    const lines = Array.from(
      { length: count },
      (_, i) => line(sender, first + i, LINE_BYTES),
    );
    void client.say(lines.join(""));
  }
  await done;
  return deliveries;
}

/** Half of the clients say 50 MB, at a steady pace, beside one who is deaf. */
async function saturate(deaf: boolean): Promise<Record<string, number>> {
  const bytes = 4000;
  const total = 50_000_000 / bytes;
  if (deaf) await Deno.connect({ hostname: "127.0.0.1", port });
  const all = await join(clients, { lineBytes: bytes });
  for (const client of all) client.leavings = 0;
  const senders = clients / 2;
  const saidMs = new Float64Array(total);
  const latencies: number[] = [];
  const done = heard(all, total * (clients - 1));
  for (const client of all) {
    client.onLine = (sender, number) => {
      latencies.push(performance.now() - saidMs[number * senders + sender]!);
    };
  }
  for (let said = 0; said < total;) {
    for (let sender = 0; sender < senders && said < total; sender++) {
      saidMs[said] = performance.now();
      void all[sender]!.say(line(sender, Math.floor(said / senders), bytes));
      said++;
    }
    await pause(1);
  }
  await done;
  const perClient = all.map(({ leavings }) => leavings);
  return {
    p99: percentile(latencies, 0.99),
    leavings: Math.max(...perClient),
    fewestLeavings: Math.min(...perClient),
  };
}

/** Connects all at once, and waits until each knows of those after it. */
async function join(
  count: number,
  { lineBytes = LINE_BYTES, bufferBytes = 64 * 1024 } = {},
): Promise<Client[]> {
  const all = await Promise.all(
    Array.from(
      { length: count },
      (_, i) =>
        Client.join(ports[i % ports.length]!, { lineBytes, bufferBytes }),
    ),
  );
  const notices = () => all.reduce((sum, client) => sum + client.notices, 0);
  for (let before = -1; before !== notices();) {
    before = notices();
    await pause(500);
  }
  return all;
}

/** Fulfilled after so many lines to all clients together. */
function heard(all: readonly Client[], count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    for (const client of all) {
      client.onRead = (lines) => {
        left -= lines;
        if (left === 0) resolve();
      };
    }
  });
}

function percentile(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1]!;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Of the server; NaN where there is no /proc. */
function rssMb(): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024 / 1e6;
  } catch {
    return NaN;
  }
}

console.log(JSON.stringify(await loads[what]!()));
Deno.exit();
