/** A range of ports for a port scanner, at an address that is nobody else's. */
import type { Listener, Socket } from "../../../../protocol/transport/mod.ts";
import type { ClientUnderTest } from "../client_under_test.ts";
import { HOST } from "../subject.ts";

/** Ports that the system does not give to who asks for any. */
const [LOWEST, HIGHEST] = [10_000, 30_000];

/** Ports, one behind the other, of which some are open. */
export interface Range extends Disposable {
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
export function openAmong(
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
export async function silentPort(
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
