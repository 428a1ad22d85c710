import type { ClientUnderTest } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { hasEscapes, squeezed } from "./shown.ts";

/** Exercise 7, from the client's side: lines come and go at any time. */
export const chatStages = {
  "shows-while-silent": {
    title: "It shows what others say while nothing is typed",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      const word = client.random.word(6);
      await server.send(`<ana> ${word}\r\n`);
      await mustShowSoon(client, server, word);
    },
  },
  "second-line": {
    title: "It shows a second line that comes later",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      for (const word of [client.random.word(6), client.random.word(6)]) {
        await server.send(`<ana> ${word}\r\n`);
        await typeUntilShown(client, word);
      }
    },
  },
  "sends-what-is-typed": {
    title: "What is typed is sent at once, a line for a line",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      for (const word of [client.random.word(6), client.random.word(6)]) {
        await client.type(`${word} ñ`);
        await mustBeLine(server, `${word} ñ`);
      }
    },
  },
  "glued-lines": {
    title: "It shows each of three lines that come together",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      const words = [1, 2, 3].map(() => client.random.word(6));
      await server.send(words.map((word) => `<ana> ${word}\r\n`).join(""));
      for (const word of words) await typeUntilShown(client, word);
    },
  },
  "cut-line": {
    title: "A line that comes in two pieces is shown as one",
    points: 1,
    run: async (client) => {
      const server = await welcome(client);
      const word = client.random.word(8);
      await server.sendApart([
        `<ana> ${word.slice(0, 7)}`,
        `${word.slice(7)}\r\n`,
      ], 100);
      await typeUntilShown(client, word);
    },
  },
  "cut-character": {
    title: "A character that is cut in two is shown whole",
    points: 1,
    run: async (client) => {
      const server = await welcome(client);
      const [before, after] = [client.random.word(), client.random.word()];
      const line = bytesOf(`<ana> ${before}ñ${after}\r\n`);
      const cut = line.indexOf(0xc3) + 1;
      await server.sendApart([line.subarray(0, cut), line.subarray(cut)], 100);
      await typeUntilShown(client, after);
      if (!squeezed(client.program.shown).includes(`${before}ñ${after}`)) {
        throw new Failure("decoded");
      }
    },
  },
  "escape-sequences": {
    title: "What drives a terminal does not reach it",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      const word = client.random.word();
      const nasty = "\x1b[2;7H\x1b]0;title\x07";
      await server.send(`<ana> ${nasty}${word}\r\n`);
      await typeUntilShown(client, word);
      if (hasEscapes(client.program.shown, nasty)) throw new Failure("escapes");
    },
  },
  "server-ends": {
    title: "It ends when the server ends (FIN)",
    points: 1,
    run: async (client) => {
      const server = await welcome(client);
      await server.send("* Server is shutting down\r\n");
      await server.finish();
      await client.exit();
    },
  },
} satisfies Stages<ClientUnderTest>;

/** Accepts it, and welcomes it as the laboratory's own server does. */
async function welcome(client: ClientUnderTest): Promise<Peer> {
  const server = await client.meet();
  await server.send("* Welcome, guest-1\r\n");
  // It may ask for a name first.
  await server.receive(server.patience.quietMs);
  return server;
}

/**
 * @throws {Failure} `late`: it is shown after something was typed; `unflushed`:
 * when the program ends; `missing`: never.
 */
async function mustShowSoon(
  { program, attempt }: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const { answerMs } = attempt.patience;
  const isThere = (shown: string) => shown.includes(word);
  if (await program.shows(isThere, answerMs)) return;
  await program.type("hello\n");
  if (await program.shows(isThere, answerMs)) throw new Failure("late");
  await server.finish();
  await program.endInput();
  await program.exit(answerMs);
  throw new Failure(isThere(program.shown) ? "unflushed" : "missing");
}

/**
 * Waits for it, and helps who shows nothing before something is typed: another
 * stage is about that.
 *
 * @throws {Failure} `mixed`: it is there in pieces; `missing`.
 */
async function typeUntilShown(
  { program, attempt }: ClientUnderTest,
  word: string,
): Promise<void> {
  const { answerMs, quietMs } = attempt.patience;
  const isThere = (shown: string) => squeezed(shown).includes(word);
  if (!await program.shows(isThere, answerMs)) {
    await program.type("hello\n");
    await program.shows(isThere, answerMs);
  }
  const isWhole = (shown: string) => shown.includes(word);
  if (await program.shows(isWhole, quietMs)) return;
  throw new Failure(isThere(program.shown) ? "mixed" : "missing");
}

/** @throws {Failure} `line-end`: it has none; `silent`, `wrong`. */
async function mustBeLine(server: Peer, text: string): Promise<void> {
  let came = "";
  while (!/\n/.test(came)) {
    const data = await server.receive();
    if (data === null) break;
    came += new TextDecoder().decode(data, { stream: true });
  }
  if (came === "") throw server.failure("silent");
  const line = came.replace(/\r?\n[^]*$/, "");
  if (line !== text) {
    throw server.failure("wrong", bytesOf(text), bytesOf(came));
  }
  if (line === came) throw server.failure("line-end", bytesOf("\n"));
}
