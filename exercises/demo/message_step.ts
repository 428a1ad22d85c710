import { messageClient } from "../07_message_client.ts";
import { messageServer } from "../07_message_server.ts";
import { check, HOST, type Step } from "./step.ts";

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
