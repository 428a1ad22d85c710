/**
 * The guide's diagrams, one an exercise: a small exchange that happens, on this
 * machine, seen by one of its ends, and drawn as `--diagram <file>.mmd` does.
 */
import { scanPorts } from "../exercises/01_port_scanner.ts";
import { connectionInfo } from "../exercises/02_connection_info.ts";
import { daytimeClient } from "../exercises/03_daytime_client.ts";
import { echoClient } from "../exercises/04_echo_client.ts";
import { echoServer } from "../exercises/04_echo_server.ts";
import { basicServer } from "../exercises/05_basic_server.ts";
import { basicClient } from "../exercises/06_basic_client.ts";
import { messageClient } from "../exercises/07_message_client.ts";
import { messageServer } from "../exercises/07_message_server.ts";
import { fetchFile, fileClient } from "../exercises/08_file_client.ts";
import { fileServer } from "../exercises/08_file_server.ts";
import { proxy } from "../exercises/09_proxy.ts";
import { Recorder } from "../exercises/cli/diagram/exchange.ts";
import { mermaidDiagram } from "../exercises/cli/diagram/plain_text.ts";
import { describeEvent } from "../exercises/cli/trace/trace_words.ts";
import { createAuthority } from "../exercises/tools/certificate/issue.ts";
import { disturbed } from "../protocol/transport/faults/mod.ts";
import type { Connect, Listen } from "../protocol/transport/socket.ts";
import { tlsConnect, tlsListen } from "../protocol/transport/tls.ts";
import { type TraceEvent, Tracer } from "../protocol/transport/trace.ts";
import { daytimeHandler } from "../servers/daytime_handler.ts";
import { serve } from "../servers/serve.ts";

const HOST = "127.0.0.1";
const SHARED_FILES = `${import.meta.dirname}/../shared_files`;

/** A slow machine must not draw a time-out, in ms. */
const PATIENT = { timeoutMs: 20_000 };

/** What differs from run to run is drawn as what the guide shows elsewhere. */
const CLIENT_PORT = 52358;
const WELCOME_TIME = "2026-11-24T06:47:52.757Z";
const DAYTIME = new Date("2026-11-24T06:47:52Z");

/** The end that is watched, and what it has seen. */
class End {
  readonly #recorder = new Recorder();
  readonly #seen: string[] = [];
  readonly #ports = new Map<number, number>();
  #next = Promise.withResolvers<void>();
  readonly timeoutMs = PATIENT.timeoutMs;
  /** Watches what happens above another way to connect. */
  readonly over: (connect: Connect) => Connect;
  readonly connect: Connect;
  readonly listen: Listen;

  constructor() {
    const tracer = new Tracer((event) => this.#add(event));
    this.over = (connect) => tracer.connect(connect);
    this.connect = this.over(Deno.connect);
    this.listen = tracer.listen(Deno.listen);
  }

  /** Draws the server's port as the one that it has in the guide. */
  rename({ port }: { port: number }, drawn: number): number {
    this.#ports.set(port, drawn);
    return port;
  }

  /**
   * Fulfilled when so many events have had this text: what is to happen next
   * waits for it, and no slow machine draws it differently.
   */
  async saw(text: string, times = 1): Promise<void> {
    while (this.#seen.filter((seen) => seen.includes(text)).length < times) {
      await this.#next.promise;
    }
  }

  draw(name: string): string {
    return mermaidDiagram(this.#recorder.exchange(name));
  }

  #add(event: TraceEvent): void {
    const [, port] = /:(\d+)$/.exec(event.peer)!;
    const drawn = this.#ports.get(Number(port)) ?? CLIENT_PORT;
    const told = { ...event, peer: `${HOST}:${drawn}` };
    const text = new TextDecoder().decode(event.data)
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, WELCOME_TIME);
    if (event.data) told.data = new TextEncoder().encode(text);
    this.#recorder.add(told);
    this.#seen.push(describeEvent(told, Infinity));
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

/** A diagram's name for the end that is watched, and what that end does. */
type Play = [name: string, play: (end: End) => Promise<unknown>];

/** In the order of the exercises. */
const PLAYS: readonly Play[] = [
  ["scan", async (end) => {
    await using server = basicServer(0);
    // Our end of a connection: nobody listens there, or can meanwhile.
    using held = await Deno.connect({ ...server.addr });
    const ports = [
      end.rename(server.addr, 8000),
      end.rename(held.localAddr, 8001),
    ];
    const { connect, timeoutMs } = end;
    await scanPorts(HOST, ports, { concurrency: 1, connect, timeoutMs });
  }],
  ["info", async (end) => {
    await using server = basicServer(0);
    await connectionInfo(HOST, end.rename(server.addr, 8000), end);
  }],
  ["daytime", async (end) => {
    const listener = Deno.listen({ hostname: HOST, port: 0 });
    await using server = serve(listener, daytimeHandler(() => DAYTIME));
    await daytimeClient(HOST, end.rename(server.addr, 1313), end);
  }],
  ["echo", async (end) => {
    await using server = echoServer(0);
    const port = end.rename(server.addr, 7007);
    await Array.fromAsync(echoClient(HOST, port, ["hola", "ñ"], end));
  }],
  ["server", async (end) => {
    await using server = basicServer(0, end);
    await Array.fromAsync(basicClient(HOST, server.addr.port, PATIENT));
    await end.saw("close");
  }],
  ["client", async (end) => {
    await using server = basicServer(0, { listen: slicing(25, end) });
    const port = end.rename(server.addr, 8000);
    await Array.fromAsync(basicClient(HOST, port, end));
  }],
  ["chat", chat],
  ["files", async (end) => {
    await using server = fileServer(0, { dir: SHARED_FILES });
    using client = fileClient(HOST, end.rename(server.addr, 9100), end);
    await fetchFile(client, "hello.txt", {
      beginning: null,
      open: () => Promise.resolve(),
      write: ({ length }) => Promise.resolve(length),
      commit: () => Promise.resolve(),
    });
    await client.quit();
  }],
  ["proxy", async (end) => {
    await using server = echoServer(0);
    const port = end.rename(server.addr, 7007);
    await using relay = proxy(0, HOST, port, end);
    await Array.fromAsync(echoClient(HOST, relay.addr.port, ["hola"], PATIENT));
    await end.saw("close", 2);
  }],
  ["tls", async (end) => {
    const authority = await createAuthority();
    const listen = tlsListen(await authority.issue([HOST]));
    await using server = echoServer(0, { listen });
    const port = end.rename(server.addr, 7443);
    const connect = end.over(tlsConnect(Deno.connect, [authority.cert]));
    const options = { ...PATIENT, connect };
    await Array.fromAsync(echoClient(HOST, port, ["hola"], options));
  }],
];

/** As `--down slice=<bytes>`; in place of a gap it waits for the reader. */
function slicing(bytes: number, reader: End): Listen {
  const slice = { name: "slice", value: bytes, second: 1, on: true };
  let pieces = 0;
  const tools = {
    now: () => 0,
    wait: () => reader.saw(" byte", ++pieces),
    random: () => 0,
  };
  return (options) => {
    const listener = Deno.listen(options);
    return {
      addr: listener.addr,
      accept: async () => disturbed(await listener.accept(), [slice], tools),
      close: () => listener.close(),
      [Symbol.dispose]: () => listener[Symbol.dispose](),
    };
  };
}

/** What ana sees, from her welcome to her goodbye, while luis comes and goes. */
async function chat(ana: End): Promise<void> {
  await using server = messageServer(0);
  const port = ana.rename(server.addr, 9000);
  const listen = async () => {
    // deno-lint-ignore require-yield
    const until = async function* () {
      await ana.saw("* luis left");
    };
    const options = { ...PATIENT, name: "ana", connect: ana.connect };
    await Array.fromAsync(messageClient(HOST, port, until, options));
  };
  const visit = async () => {
    await ana.saw("* guest-1 is now ana");
    const say = async function* () {
      await ana.saw("* guest-2 joined");
      yield "/nick luis";
      await ana.saw("* guest-2 is now luis");
      yield "hola";
      await ana.saw("<luis> hola");
    };
    await Array.fromAsync(messageClient(HOST, port, say, PATIENT));
  };
  await Promise.all([listen(), visit()]);
}

/** The diagrams, by exercise, from 1. */
export async function drawExchanges(): Promise<string[]> {
  const drawn: string[] = [];
  for (const [name, play] of PLAYS) {
    const end = new End();
    await play(end);
    drawn.push(end.draw(name));
  }
  return drawn;
}
