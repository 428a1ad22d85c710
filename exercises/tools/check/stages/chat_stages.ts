import { delay } from "@std/async/delay";
import type { ClientUnderTest } from "../client_under_test.ts";
import { bytesOf, type Peer } from "../peer.ts";
import { Failure, type Stages } from "../stage.ts";
import { escapesOf, hasEscapes, showsText, squeezed } from "./shown.ts";

/** Exercise 7, from the client's side: lines come and go at any time. */
export const chatStages = {
  "shows-while-silent": {
    title: "It shows what others say while nothing is typed",
    points: 2,
    run: async (client) => {
      const server = await welcome(client);
      // It may look for lines for a while, before it reads the keyboard.
      for (const waitMs of [0, TURN_MS]) {
        await delay(waitMs);
        const word = client.random.word(6);
        await server.send(`<ana> ${word}\r\n`);
        await mustShowSoon(client, server, word);
      }
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
      // It may take the first one as a name, in whatever words.
      client.type(client.random.word());
      await server.receive(server.patience.quietMs);
      for (const word of [client.random.word(6), client.random.word(6)]) {
        client.type(`${word} ñ`);
        await mustBeLine(client, server, word);
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
      if (!showsText(squeezed(client.program.shown), `${before}ñ${after}`)) {
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
      const escapes = escapesOf(client.random);
      await server.send(`<ana> ${escapes.join("")}${word}\r\n`);
      await typeUntilShown(client, word);
      if (hasEscapes(client.program.shown, escapes)) {
        throw new Failure("escapes");
      }
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

/** Who takes turns with the keyboard gives it one within this time. */
const TURN_MS = 1000;

/** So long is waited for the end of a program that has not shown anything. */
const END_MS = 2000;

/** Its name, until it says another. */
const GUEST = "guest-1";

/** Accepts it, and welcomes it as the laboratory's own server does. */
async function welcome(client: ClientUnderTest): Promise<Peer> {
  const server = await client.meet();
  await server.send(`* Welcome, ${GUEST}\r\n`);
  // It may ask for a name first.
  await server.receive(server.patience.quietMs);
  return server;
}

/**
 * @throws {Failure} `late`: it is shown after something was typed; `unflushed`:
 * when the program ends; `short`: never, but the welcome is; `missing`: neither.
 */
async function mustShowSoon(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const { program, attempt } = client;
  const isThere = (shown: string) => shown.includes(word);
  if (await program.shows(isThere, attempt.patience.answerMs)) return;
  if (await showsWhenTyped(client, isThere)) throw new Failure("late");
  const wasWelcomed = program.shown.includes(GUEST);
  await server.finish();
  program.endInput();
  await program.exit(END_MS);
  if (isThere(program.shown)) throw new Failure("unflushed");
  throw new Failure(wasWelcomed ? "short" : "missing");
}

/**
 * Waits for it, and helps who shows nothing before something is typed: another
 * stage is about that.
 *
 * @throws {Failure} `mixed`: it is there in pieces; `missing`.
 */
async function typeUntilShown(
  client: ClientUnderTest,
  word: string,
): Promise<void> {
  const { program, attempt } = client;
  const { answerMs, quietMs } = attempt.patience;
  const isThere = (shown: string) => squeezed(shown).includes(word);
  if (!await program.shows(isThere, answerMs)) {
    await showsWhenTyped(client, isThere);
  }
  const isWhole = (shown: string) => shown.includes(word);
  if (await program.shows(isWhole, quietMs)) return;
  throw new Failure(isThere(program.shown) ? "mixed" : "missing");
}

/** Types some lines: it may show but one for each of them. */
async function showsWhenTyped(
  { program, attempt }: ClientUnderTest,
  isThere: (shown: string) => boolean,
): Promise<boolean> {
  for (let lines = 0; lines < 4; lines++) {
    program.type("hello\n");
    if (await program.shows(isThere, attempt.patience.quietMs)) return true;
  }
  return false;
}

/**
 * The next line with `word` must be that and ` ñ`; it may send others by itself.
 *
 * @throws {Failure} `line-end`: it has none; `unflushed`: it comes when much
 * follows, or the input ends; `silent`, `wrong`.
 */
async function mustBeLine(
  client: ClientUnderTest,
  server: Peer,
  word: string,
): Promise<void> {
  const text = `${word} ñ`;
  const decoder = new TextDecoder();
  let came = "";
  const arrives = async () => {
    while (!RegExp(`${word}[^]*\n`).test(came)) {
      const data = await server.receive();
      if (data === null) break;
      came += decoder.decode(data, { stream: true });
    }
    return came.includes(word);
  };
  if (!await arrives()) {
    if (!("words" in client.place)) throw server.failure("silent");
    // What waits in a buffer comes when that is full, or at the end.
    client.program.type("more\n".repeat(20_000));
    if (await arrives()) throw server.failure("unflushed");
    client.program.endInput();
    throw server.failure(await arrives() ? "unflushed" : "silent");
  }
  const line = came.slice(came.lastIndexOf("\n", came.indexOf(word)) + 1);
  if (!line.includes("\n")) throw server.failure("line-end", bytesOf("\n"));
  if (line.replace(/\r?\n[^]*$/, "") !== text) {
    throw server.failure("wrong", bytesOf(text), bytesOf(came));
  }
}
