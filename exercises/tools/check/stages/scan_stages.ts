import type { Listener, Socket } from "../../../../protocol/transport/mod.ts";
import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { Failure, type Stages, type Symptom } from "../stage.ts";
import { HOST } from "../subject.ts";

/** More than a program may have descriptors (1024), and than it can wait for. */
const MANY_PORTS = 3000;

/** Ports that the system does not give to who asks for any. */
const [LOWEST, HIGHEST] = [10_000, 30_000];

/** Exercise 1: which ports of a host are open. */
export const scanStages = {
  "one-open": {
    title: "It names the one open port of 20",
    points: 2,
    run: async (client) => {
      using range = openAmong(client, 20, [7]);
      await mustFind(client, range);
    },
  },
  "first-and-last": {
    title: "It tries the first and the last port of the range, too",
    points: 2,
    run: async (client) => {
      using range = openAmong(client, 20, [0, 19]);
      await mustFind(client, range);
    },
  },
  "none-open": {
    title: "It names no port where none is open",
    points: 1,
    run: async (client) => {
      using range = openAmong(client, 20, []);
      await mustFind(client, range);
    },
  },
  "many-open": {
    title: "It names all of 12 open ports",
    points: 1,
    run: async (client) => {
      const open = Array.from({ length: 12 }, (_, i) => 3 * i);
      using range = openAmong(client, 40, open);
      await mustFind(client, range);
    },
  },
  "silent-port": {
    title: "A port that does not answer does not hold it up, and is not open",
    points: 2,
    slow: true,
    run: async (client) => {
      using range = openAmong(client, 12, [9]);
      using _ = await silentPort(client, range.first + 4);
      await mustFind(client, range, OWN_CLOCK_MS);
    },
  },
  "many-closed": {
    title:
      "3,000 closed ports take it neither too long nor too many descriptors",
    points: 1,
    run: async (client) => {
      using range = openAmong(client, MANY_PORTS, [MANY_PORTS - 2]);
      await mustFind(client, range, OWN_CLOCK_MS);
    },
  },
} satisfies Stages<ClientUnderTest>;

interface Range extends Disposable {
  first: number;
  last: number;
  open: number[];
}

/**
 * A range of `count` ports in which those of `open`, counted from 0, are open
 * and no others.
 */
function openAmong(
  { tools, random }: ClientUnderTest,
  count: number,
  open: readonly number[],
): Range {
  for (let tries = 0; tries < 50; tries++) {
    const first = random.number(LOWEST, HIGHEST - count);
    const listeners = new DisposableStack();
    try {
      const taken = Array.from({ length: count }, (_, i) => first + i);
      for (const [i, port] of taken.entries()) {
        const listener = tools.listen({ hostname: HOST, port });
        if (open.includes(i)) acceptAll(listeners.use(listener));
        else listener.close();
      }
      return {
        first,
        last: first + count - 1,
        open: open.map((i) => first + i),
        [Symbol.dispose]: () => listeners.dispose(),
      };
    } catch (error) {
      listeners.dispose();
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("There is no free range of ports on this machine");
}

/** Who comes is sent away at once. */
async function acceptAll(listener: Listener): Promise<void> {
  try {
    for (;;) (await listener.accept()).close();
  } catch {
    // The stage is over.
  }
}

/** Its backlog is full, so that the kernel throws each SYN away. */
async function silentPort(
  { tools }: ClientUnderTest,
  port: number,
): Promise<Disposable> {
  const stack = new DisposableStack();
  stack.use(Deno.listen({ hostname: HOST, port, tcpBacklog: 1 }));
  const sockets: Promise<Socket | null>[] = [];
  const stop = new AbortController();
  for (let i = 0; i < 4; i++) {
    sockets.push(
      tools.connect({ hostname: HOST, port, signal: stop.signal })
        .catch(() => null),
    );
  }
  // Two of them stand, the others wait for ever.
  await Promise.any(sockets);
  stack.defer(() => {
    stop.abort();
    for (const socket of sockets) socket.then((socket) => socket?.close());
  });
  return stack;
}

/**
 * @throws {Failure} `missing`: an open port is not named; `wrong`: another one
 * is; `never-exits`.
 */
async function mustFind(
  client: ClientUnderTest,
  { first, last, open }: Range,
  withinMs = OWN_CLOCK_MS,
): Promise<void> {
  const program = await client.launch({
    first,
    last,
    ports: `${first}-${last}`,
  });
  await client.exit(withinMs);
  const named = portsNamed(program.shown, first, last);
  const missing = open.filter((port) => !named.has(port));
  const extra = [...named].filter((port) => !open.includes(port));
  const wrong = (symptom: Symptom, ports: number[]) =>
    new Failure(symptom, null, ports.slice(0, 8).join(", "));
  if (missing.length > 0) throw wrong("missing", missing);
  if (extra.length > 0) throw wrong("wrong", extra);
}

const CLOSED =
  /closed|cerrad|filtered|filtrad|no responde|timed? ?out|refused|rechaz|silent|not open|unreachable/i;

/**
 * The ports that it says are open, in whatever words: each number of the range,
 * but for those of lines that call them something else, and for the range.
 */
function portsNamed(shown: string, first: number, last: number): Set<number> {
  const ports = new Set<number>();
  const isRange = RegExp(`\\b${first}\\D{1,9}${last}\\b`);
  for (const line of shown.split("\n")) {
    if (isRange.test(line) && !/open|abiert/i.test(line)) continue;
    if (CLOSED.test(line) && !/\bopen\b|abiert/i.test(line)) continue;
    const text = line.replace(isRange, "");
    for (const [digits] of text.matchAll(/(?<![\d.])\d+(?![\d.]*\d)/g)) {
      const port = Number(digits);
      if (port >= first && port <= last) ports.add(port);
    }
  }
  return ports;
}
