import { quote } from "../../../protocol/text.ts";
import { formatEndpoint } from "../../../protocol/transport/address.ts";
import type { Server } from "../../../servers/serve.ts";
import { scanPorts } from "../../01_port_scanner.ts";
import { connectionInfo } from "../../02_connection_info.ts";
import { daytimeClient } from "../../03_daytime_client.ts";
import { daytimeServer } from "../../03_daytime_server.ts";
import { echoClient } from "../../04_echo_client.ts";
import { echoServer } from "../../04_echo_server.ts";
import { basicServer } from "../../05_basic_server.ts";
import { basicClient } from "../../06_basic_client.ts";
import { explainError, formatExplanation } from "../../cli/explain_error.ts";
import { testConnection } from "../test_connection.ts";
import { fileStep, messageStep } from "./conversations.ts";
import { check, HOST, type Step } from "./step.ts";

const ECHO_LINES = ["hello", "¿Dónde está la eñe?"];
/** A clock that differs by more is wrong, on one machine. */
const CLOCK_TOLERANCE_MS = 5000;

export const steps: readonly Step[] = [
  {
    command: "scan",
    title: "Exercise 1: the port scanner",
    shows: "A port with a listener answers SYN-ACK, one without answers RST.",
    run: async (stage) => {
      await using server = basicServer(0);
      const closed = freePort();
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
      await using server = basicServer(0);
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
      await using server = daytimeServer(0);
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
      await using server = echoServer(0);
      let bytes = 0;
      const echoes = echoClient(HOST, server.addr.port, ECHO_LINES, stage);
      for await (const echo of echoes) {
        check(
          echo.difference === null,
          `${quote(echo.sent)} came back different`,
        );
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
      await using server = basicServer(0);
      const lines = await Array.fromAsync(
        basicClient(HOST, server.addr.port, stage),
      );
      check(lines.length === 1, `${lines.length} lines came`);
      check(/\d{4}-\d\d-\d\dT/.test(lines[0]!), "there is no time in the line");
      return `"${lines[0]}"`;
    },
  },
  messageStep,
  fileStep,
  {
    command: "test",
    title: "Connection test",
    shows: "The same question twice: before and after the server stops.",
    run: async (stage) => {
      const server: Server = echoServer(0);
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

/** A port that nothing listens on: it was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: HOST, port: 0 });
  return listener.addr.port;
}
