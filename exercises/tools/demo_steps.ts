import { counted, printable, quote } from "../../protocol/text.ts";
import { formatEndpoint } from "../../protocol/transport/mod.ts";
import { scanPorts } from "../01_port_scanner.ts";
import { connectionInfo } from "../02_connection_info.ts";
import { daytimeClient } from "../03_daytime_client.ts";
import { daytimeServer } from "../03_daytime_server.ts";
import { echoClient } from "../04_echo_client.ts";
import { echoServer } from "../04_echo_server.ts";
import { basicServer } from "../05_basic_server.ts";
import { basicClient } from "../06_basic_client.ts";
import { messageClient } from "../07_message_client.ts";
import { messageServer } from "../07_message_server.ts";
import { fetchFile, fileClient } from "../08_file_client.ts";
import { fileServer } from "../08_file_server.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import {
  check,
  HOST,
  SHARED_FILES,
  silence,
  type Step,
} from "./demo/demo_stage.ts";
import { sealedStep } from "./demo/sealed_step.ts";
import { checkStep } from "./demo/check_step.ts";
import { tlsStep } from "./demo/tls_step.ts";
import { usersStep } from "./demo/users_step.ts";
import { testConnection } from "./test_connection.ts";

const OUTSIDE = "../deno.json";

const ECHO_LINES = ["hello", "¿Dónde está la eñe?"];
const CHAT_LINES = ["hello", "/list", "¿Dónde está la eñe?"];
/** A clock that differs by more is wrong, on one machine. */
const CLOCK_TOLERANCE_MS = 5000;

export const steps: readonly Step[] = [
  {
    command: "scan",
    title: "Exercise 1: the port scanner",
    shows: "A port with a listener answers SYN-ACK, one without answers RST.",
    run: async (stage) => {
      await using server = basicServer(0, stage.network);
      // Our end of a connection: nobody listens there, or can meanwhile.
      using held = await stage.network.connect({ ...server.addr });
      const closed = held.localAddr.port;
      const ports = [server.addr.port, closed];
      const results = await scanPorts(HOST, ports, stage);
      const states = ports.map((port) =>
        results.find((result) => result.port === port)?.state
      );
      check(states.join() === "open,closed", `the states are ${states}`);
      return `port ${ports[0]} is open, port ${closed} is closed`;
    },
  },
  {
    command: "info",
    title: "Exercise 2: connection info",
    shows: "A connection is two addresses and two ports.",
    run: async (stage) => {
      await using server = basicServer(0, stage.network);
      const info = await connectionInfo(HOST, server.addr.port, stage);
      check(info.remote.port === server.addr.port, "the remote port is wrong");
      check(info.family === "IPv4", `the family is ${info.family}`);
      return `${formatEndpoint(info.local)} is connected to ` +
        `${formatEndpoint(info.remote)}, ${info.family}, ${info.type}`;
    },
  },
  {
    command: "daytime",
    title: "Exercise 3: the Daytime client (RFC 867)",
    shows: "The server speaks first and ends; FIN tells that this was all.",
    run: async (stage) => {
      await using server = daytimeServer(0, stage.network);
      const answer = await daytimeClient(HOST, server.addr.port, stage);
      const date = answer.date?.getTime() ?? NaN;
      const offMs = Math.abs(Date.now() - date);
      check(offMs < CLOCK_TOLERANCE_MS, `the clock is off by ${offMs} ms`);
      return `${answer.format}: ${answer.date?.toISOString()}`;
    },
  },
  {
    command: "echo",
    title: "Exercise 4: the Echo client (RFC 862)",
    shows: "What is sent comes back; the last bytes after the half-close too.",
    run: async (stage) => {
      await using server = echoServer(0, stage.network);
      let bytes = 0;
      const echoes = echoClient(HOST, server.addr.port, ECHO_LINES, stage);
      for await (const echo of echoes) {
        const { sent, difference } = echo;
        check(difference === null, `${quote(sent)} came back different`);
        bytes += echo.bytes;
      }
      return `${ECHO_LINES.length} lines, ${bytes} bytes, all identical`;
    },
  },
  {
    command: "client",
    title: "Exercises 5 and 6: a server and its client",
    shows: "One welcome line, then the end in order: FIN, and FIN back.",
    run: async (stage) => {
      await using server = basicServer(0, stage.network);
      const lines = await Array.fromAsync(
        basicClient(HOST, server.addr.port, stage),
      );
      check(lines.length === 1, `${lines.length} lines came`);
      check(/\d{4}-\d\d-\d\dT/.test(lines[0]!), "there is no time in the line");
      return `"${lines[0]}"`;
    },
  },
  {
    command: "chat",
    title: "Exercise 7: a message server and its clients",
    shows: "What one says all others hear; who comes and goes is told once.",
    run: async ({ signal, connect, network }) => {
      await using server = messageServer(0, network);
      const { port } = server.addr;
      await using other = messageClient(HOST, port, silence, {
        ...network,
        signal,
      });
      await other.next(); // Welcomed: from here on it hears what is said.
      const client = messageClient(HOST, port, say, {
        name: "ana",
        signal,
        connect,
      });
      const answers = await Array.fromAsync(client);
      check(answers.includes("* 2 connected: guest-1, ana"), `${answers}`);
      const last = answers.at(-1);
      check(last === "* Goodbye", `the last line is ${last}`);
      const heard: string[] = [];
      for await (const line of other) {
        heard.push(line);
        if (line === "* ana left") break;
      }
      const own = heard.filter((line) => line.startsWith("<ana> "));
      check(own.length === 2, `the other heard ${heard}`);
      return `the other heard "${heard.join('", "')}"`;
    },
  },
  sealedStep,
  {
    command: "files",
    title: "Exercise 8: a file server and its client",
    shows:
      "Lines, then exactly as many raw bytes as announced, then lines again.",
    run: async (stage) => {
      await using server = fileServer(0, {
        ...stage.network,
        dir: SHARED_FILES,
      });
      using client = fileClient(HOST, server.addr.port, stage);
      const listing = await client.list();
      check(listing.kind === "listing", "there is no list");
      const [smallest] = listing.files.filter(({ size }) => size > 0)
        .sort((a, b) => a.size - b.size);
      check(smallest !== undefined, "there is no file (tcplab samples)");
      const { name, size } = smallest;

      let bytes = 0;
      const write = (data: Uint8Array) => {
        bytes += data.length;
        return Promise.resolve(data.length);
      };
      const nothing = () => Promise.resolve();
      const target = { beginning: null, open: nothing, write, commit: nothing };
      const fetched = await fetchFile(client, name, target);
      check(fetched.kind === "fetched" && bytes === size, "bytes are missing");
      check(fetched.same === true, "the SHA-256 is not the server's");

      const outside = { kind: "get", name: OUTSIDE } as const;
      const refused = await client.ask(outside, "sending");
      check(refused.kind === "error", `it would send ${OUTSIDE}`);
      await client.quit();
      return `${counted(listing.files.length, "file")}; ${printable(name)}: ` +
        `${counted(bytes, "byte")}, SHA-256 verified; ` +
        `${OUTSIDE}: ${refused.code}`;
    },
  },
  usersStep,
  tlsStep,
  checkStep,
  {
    command: "test",
    title: "Connection test",
    shows: "The same question twice: before and after the server stops.",
    run: async (stage) => {
      const server = echoServer(0, stage.network);
      const { port } = server.addr;
      await testConnection(HOST, port, stage);
      await server.shutdown();
      const refused = await testConnection(HOST, port, stage).then(
        () => null,
        (error) => formatExplanation(explainError(error, { host: HOST, port })),
      );
      check(refused?.includes("refused") === true, `it said ${refused}`);
      return `it answered, then: ${refused}`;
    },
  },
];

async function* say(): AsyncGenerator<string> {
  yield* CHAT_LINES;
}
