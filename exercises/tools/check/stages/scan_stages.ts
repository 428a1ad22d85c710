import { delay } from "@std/async/delay";
import type { Listener, Socket } from "../../../../protocol/transport/mod.ts";
import { type ClientUnderTest, OWN_CLOCK_MS } from "../client_under_test.ts";
import { Failure, type Stages, type Symptom } from "../stage.ts";
import { HOST } from "../subject.ts";
import { portsNamed } from "./ports_named.ts";
import { saysWrong } from "./shown.ts";

/** More than a program may have descriptors, and than it can wait for. */
const MANY_PORTS = 3000;
/** What most systems give to a program. */
const MAX_DESCRIPTORS = 1024;

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
      // With one between them: `1, 20` could be the range.
      using range = openAmong(client, 20, [0, 9, 19]);
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
      using _ = await silentPort(client, range, 4);
      await mustFind(client, range);
    },
  },
  "many-closed": {
    title:
      "3,000 closed ports take it neither too long nor too many descriptors",
    points: 1,
    run: async (client) => {
      using range = openAmong(client, MANY_PORTS, [20, MANY_PORTS - 2]);
      try {
        return await mustFind(client, range, MAX_DESCRIPTORS);
      } catch (error) {
        const isWrong = error instanceof Failure &&
          error.symptom !== "never-exits";
        if (!isWrong) throw error;
        await mustFind(client, range);
      }
      throw new Failure("exhausted");
    },
  },
} satisfies Stages<ClientUnderTest>;

interface Range extends Disposable {
  host: string;
  first: number;
  last: number;
  open: number[];
  /** Those to which a connection came. */
  met: Set<number>;
}

/**
 * A range of `count` ports in which those of `open`, counted from 0, are open
 * and no others.
 */
function openAmong(
  client: ClientUnderTest,
  count: number,
  open: readonly number[],
): Range {
  for (let tries = 0; tries < 50; tries++) {
    const host = tries < 25 ? ownHost(client) : HOST;
    const first = anyNumber(LOWEST, HIGHEST - count);
    const met = new Set<number>();
    const listeners = new DisposableStack();
    try {
      for (let i = 0; i < count; i++) {
        const address = { hostname: host, port: first + i };
        const listener = client.tools.listen(address);
        if (open.includes(i)) acceptAll(listeners.use(listener), met);
        else listener.close();
      }
      return {
        host,
        first,
        last: first + count - 1,
        open: open.map((i) => first + i),
        met,
        [Symbol.dispose]: () => listeners.dispose(),
      };
    } catch (error) {
      listeners.dispose();
      const { AddrInUse, AddrNotAvailable, NotCapable } = Deno.errors;
      const isTaken = [AddrInUse, AddrNotAvailable, NotCapable]
        .some((kind) => error instanceof kind);
      if (!isTaken) throw error;
    }
  }
  throw new Error("There is no free range of ports on this machine");
}

/**
 * An address of loopback that nobody else uses, such as another `check` at the
 * same time, where the program is told it and the system has it.
 */
function ownHost({ place }: ClientUnderTest): string {
  const isTold = "words" in place &&
    place.words.some((word) => word.includes("{host}"));
  if (!isTold || Deno.build.os !== "linux") return HOST;
  const number = () => anyNumber(1, 254);
  return `127.${number()}.${number()}.${number()}`;
}

/** Not from the seed: graders that run together have the same. */
function anyNumber(minimum: number, maximum: number): number {
  return minimum + Math.floor(Math.random() * (maximum - minimum + 1));
}

/** Who comes is sent away at once. */
async function acceptAll(
  listener: Listener,
  met: Set<number>,
): Promise<void> {
  try {
    for (;;) {
      (await listener.accept()).close();
      met.add(listener.addr.port);
    }
  } catch {
    // The stage is over.
  }
}

/** Its backlog is full, so that the kernel throws each SYN away. */
async function silentPort(
  { tools }: ClientUnderTest,
  { host, first }: Range,
  at: number,
): Promise<Disposable> {
  const address = { hostname: host, port: first + at };
  const stack = new DisposableStack();
  stack.use(Deno.listen({ ...address, tcpBacklog: 1 }));
  const sockets: Promise<Socket | null>[] = [];
  const stop = new AbortController();
  for (let i = 0; i < 4; i++) {
    sockets.push(
      tools.connect({ ...address, signal: stop.signal })
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
 * @throws {Failure} `missing`: an open port is not named; `silent`: it has found
 * them, and says nothing at all; `wrong`: another one is named; `short`: of many
 * the last ones are missing; `died`; `never-exits`.
 */
async function mustFind(
  client: ClientUnderTest,
  range: Range,
  maxDescriptors?: number,
): Promise<void> {
  const { host, first, last, open, met } = range;
  const program = await client.launch(
    { host, first, last, ports: `${first}-${last}` },
    maxDescriptors,
  );
  const { success } = await client.exit(OWN_CLOCK_MS);
  const named = portsNamed(program.shown, first, last);
  const missing = open.filter((port) => !named.has(port));
  // It may say from where to where it looks.
  const extra = [...named].filter((port) =>
    !open.includes(port) && port !== first && port !== last
  );
  const failure = (symptom: Symptom, ports: number[]) =>
    new Failure(symptom, null, ports.slice(0, 8).join(", "));
  if (extra.length > 0) throw failure("wrong", extra);
  if (missing.length === 0) return;
  if (last - first > MAX_DESCRIPTORS && missing.length < open.length) {
    throw failure("short", missing);
  }
  // An exit code alone can say that nothing is open.
  if (!success && saysWrong(program.output)) {
    throw new Failure("died", null, client.ending());
  }
  // What it has connected to may be accepted only now.
  await delay(client.attempt.patience.quietMs);
  const isSilent = program.output.trim() === "" &&
    missing.every((port) => met.has(port));
  throw failure(isSilent ? "silent" : "missing", missing);
}
