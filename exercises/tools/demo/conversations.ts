import { printable } from "../../../protocol/text.ts";
import { messageClient } from "../../07_message_client.ts";
import { messageServer } from "../../07_message_server.ts";
import { fetchFile, fileClient } from "../../08_file_client.ts";
import { fileServer } from "../../08_file_server.ts";
import { check, HOST, type Step } from "./step.ts";

/** The laboratory's own, wherever it is started from. */
const SHARED_FILES = `${import.meta.dirname}/../../../shared_files`;
const OUTSIDE = "../deno.json";

export const fileStep: Step = {
  command: "files",
  title: "Exercise 8: a file server and its client",
  shows:
    "Lines, then exactly as many raw bytes as announced, then lines again.",
  run: async (stage) => {
    await using server = fileServer(0, { dir: SHARED_FILES });
    using client = fileClient(HOST, server.addr.port, stage);
    const listing = await client.list();
    check(listing.kind === "listing", "there is no list");
    const [smallest] = listing.files.filter(({ size }) => size > 0)
      .sort((a, b) => a.size - b.size);
    check(smallest !== undefined, "there is no file (tcplab samples)");
    const { name, size } = smallest;

    let bytes = 0;
    const count = (data: Uint8Array) => {
      bytes += data.length;
      return Promise.resolve(data.length);
    };
    const nothing = () => Promise.resolve();
    const fetched = await fetchFile(client, name, {
      beginning: null,
      open: nothing,
      write: count,
      commit: nothing,
    });
    check(fetched.kind === "fetched" && bytes === size, "bytes are missing");
    check(fetched.same === true, "the SHA-256 is not the server's");

    const outside = { kind: "get", name: OUTSIDE } as const;
    const refused = await client.ask(outside, "sending");
    check(refused.kind === "error", `it would send ${OUTSIDE}`);
    await client.quit();
    return `${listing.files.length} files; ${printable(name)}: ${bytes} ` +
      `bytes, SHA-256 verified; ${OUTSIDE}: ${refused.code}`;
  },
};

const LINES = ["hello", "/list", "¿Dónde está la eñe?"];

export const messageStep: Step = {
  command: "chat",
  title: "Exercise 7: a message server and its clients",
  shows: "What one says all others hear; who comes and goes is told once.",
  run: async ({ signal, connect }) => {
    await using server = messageServer(0);
    const { port } = server.addr;
    await using other = messageClient(HOST, port, silence, { signal });
    await other.next(); // Welcomed: from here on it hears what is said.
    const client = messageClient(HOST, port, say, {
      name: "ana",
      signal,
      connect,
    });
    const answers = await Array.fromAsync(client);
    check(answers.includes("* 2 connected: guest-1, ana"), `${answers}`);
    check(answers.at(-1) === "* Goodbye", `the last line is ${answers.at(-1)}`);
    const heard: string[] = [];
    for await (const line of other) {
      heard.push(line);
      if (line === "* ana left") break;
    }
    const said = heard.filter((line) => line.startsWith("<ana> "));
    check(said.length === 2, `the other heard ${heard}`);
    return `the other heard "${heard.join('", "')}"`;
  },
};

async function* say(): AsyncGenerator<string> {
  yield* LINES;
}

/** Says nothing until there is nobody to say it to. */
// deno-lint-ignore require-yield
async function* silence(signal: AbortSignal): AsyncGenerator<string> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
