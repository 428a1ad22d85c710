import { bytesOf, type Peer } from "../peer.ts";
import type { ClientUnderTest } from "../client_under_test.ts";
import { Failure } from "../stage.ts";
import { forget, type Offer } from "./received_file.ts";

/**
 * Meets the client, and answers until it asks for the file that it was told to
 * fetch.
 *
 * @throws {Failure} It does not ask, or asks for another one.
 */
export async function askedFor(
  client: ClientUnderTest,
  offer: Offer,
): Promise<Peer> {
  await forget(client.dir, offer);
  const first = await client.meet({ name: offer.name });
  try {
    return await asksFor(client, first, offer);
  } catch (error) {
    if (!isStranger(error)) throw error;
    const second = await client.accept().catch(() => {
      throw error; // It was the client itself.
    });
    return await asksFor(client, second, offer);
  }
}

/** Whoever scans the ports of this machine connects, and leaves without a word. */
function isStranger(error: unknown): boolean {
  return error instanceof Failure && /^(ended|reset)$/.test(error.symptom);
}

async function asksFor(
  client: ClientUnderTest,
  server: Peer,
  offer: Offer,
): Promise<Peer> {
  for (;;) {
    const line = await firstLine(client, server);
    const name = /^GET (.*)$/.exec(line)?.[1];
    if (name === offer.name) return server;
    if (name !== undefined) {
      throw server.failure(
        "wrong",
        bytesOf(`GET ${offer.name}`),
        bytesOf(line),
      );
    }
    await answer(server, line, offer);
  }
}

/** What must come before the body. */
export function header({ name, data }: Offer): string {
  return `SENDING_FILE ${name} ${data.length}\r\n`;
}

/** The next line must be READY. */
export async function ready(server: Peer): Promise<void> {
  const line = await server.line();
  if (line === "READY") return;
  throw server.failure("wrong", bytesOf("READY"), bytesOf(line));
}

/**
 * Answers what the client still asks, and ends when it does, or when it has
 * asked nothing for some time.
 */
export async function untilEnd(
  { program }: ClientUnderTest,
  server: Peer,
  offer: Offer,
): Promise<void> {
  for (;;) {
    const line = await nextLine(server);
    if (line === null) break;
    if (!await answer(server, line, offer)) break;
  }
  await server.finish();
  // It may want to be told that it can end.
  program.type("\n");
  program.endInput();
}

/** The next line, or null: none came, or no whole one. */
export async function nextLine(server: Peer): Promise<string | null> {
  try {
    return await server.line();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** @returns false: it was the last one. */
async function answer(
  server: Peer,
  line: string,
  { name, data }: Offer,
): Promise<boolean> {
  if (line === "LIST") {
    await server.send(`FILES 1\r\n${name} ${data.length}\r\n`);
  } else if (line === "QUIT") await server.send("BYE\r\n");
  else await server.send("ERROR UNKNOWN_COMMAND No such command\r\n");
  return line !== "QUIT";
}

/** @throws {Failure} `unflushed`: it came when we had ended our side. */
async function firstLine(
  { program }: ClientUnderTest,
  server: Peer,
): Promise<string> {
  try {
    return await server.line();
  } catch (error) {
    if (!(error instanceof Failure) || error.symptom !== "silent") throw error;
    program.endInput();
    await server.finish();
    throw await server.receive() === null ? error : server.failure("unflushed");
  }
}
