import type { ClientUnderTest } from "../client_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { askedFor, header, nextLine, ready, untilEnd } from "./file_offers.ts";
import {
  isKept,
  mustHave,
  mustNotHaveMore,
  type Offer,
  offerOf,
} from "./received_file.ts";
import { endsWell } from "./reading_stages.ts";
import { EVERY_BYTE } from "./served_folder.ts";
import { NotStartedError } from "../server_process.ts";
import { saysWrong } from "./shown.ts";

/** Exercise 8, from the client's side: it asks for a file, and writes it. */
export const filesStages = {
  "gets-a-file": {
    title: "It asks for a file, takes what comes, and ends",
    points: 2,
    run: async (client) => {
      await fetches(client, offerOf(client));
      await endsWell(client);
    },
  },
  "every-byte": {
    title: "It writes each of the 256 bytes as it came",
    points: 2,
    run: async (client) => {
      await fetches(client, { ...offerOf(client), data: EVERY_BYTE });
    },
  },
  "name-with-spaces": {
    title: "The name of a file may contain spaces",
    points: 2,
    run: async (client) => {
      try {
        const nameOf = (word: string) => `my ${word} notes.txt`;
        await fetches(client, offerOf(client, nameOf));
      } catch (error) {
        // It knows better what a name is, and has not even connected.
        if (!(error instanceof NotStartedError)) throw error;
        throw new Failure("rejects", null, client.ending());
      }
    },
  },
  "sliced": {
    title: "It waits for all of an announcement, and of a file, in pieces",
    points: 2,
    run: async (client) => {
      const offer = offerOf(client);
      const server = await askedFor(client, offer);
      await server.sendSliced(header(offer), 11);
      await ready(server);
      await server.sendSliced(offer.data, 90);
      await untilEnd(client, server, offer);
      await mustHave(client, server, offer);
    },
  },
  "glued": {
    title: "Bytes that come together with the announcement are not lost",
    points: 2,
    run: async (client) => {
      const offer = offerOf(client);
      const server = await askedFor(client, offer);
      const { data } = offer;
      const text = new TextDecoder().decode(data.subarray(0, 50));
      await server.send(header(offer) + text);
      // It may say that nothing should have come yet.
      if (await nextLine(server) !== "READY") return;
      await server.send(data.subarray(50));
      await untilEnd(client, server, offer);
      await mustHave(client, server, offer);
    },
  },
  "stops-at-size": {
    title: "It takes no more bytes than were announced",
    points: 2,
    run: async (client) => {
      const offer = offerOf(client);
      const server = await askedFor(client, offer);
      await server.send(header(offer));
      await ready(server);
      const text = new TextDecoder().decode(offer.data);
      // The answer to QUIT; it may object to what it has not asked for.
      await server.send(`${text}BYE\r\n`);
      await nextLine(server);
      await server.finish();
      client.program.endInput();
      await client.exit();
      await mustNotHaveMore(client, server, offer);
    },
  },
  "early-end": {
    title: "It does not take half a file for a whole one",
    points: 2,
    run: async (client) => {
      const offer = offerOf(client);
      const server = await askedFor(client, offer);
      await server.send(header(offer));
      await ready(server);
      await server.send(offer.data.subarray(0, offer.data.length / 2));
      await server.finish();
      client.program.endInput();
      const { success } = await client.exit();
      if (!success || saysWrong(client.program.output)) return;
      if (await isKept(client, offer)) throw new Failure("accepts");
    },
  },
  "error": {
    title: "It says so when there is no such file, and makes none",
    points: 1,
    run: async (client) => {
      const offer = offerOf(client);
      const server = await askedFor(client, offer);
      await server.send("ERROR NOT_FOUND No such file\r\n");
      await untilEnd(client, server, offer);
      const { success } = await client.exit();
      const { output } = client.program;
      if (!success || saysWrong(output)) return;
      // In words that we do not know.
      const isTold = output.trim() !== "" && !await isKept(client, offer);
      if (!isTold) throw new Failure("accepts");
    },
  },
  "nothing-outside": {
    title: "The name that a server announces leads nowhere else",
    points: 2,
    run: async (client) => {
      const home = client.dir.slice(0, client.dir.lastIndexOf("/"));
      for (const path of ["../", `${home}/`]) {
        await mustNotWrite(client, path, home);
      }
    },
  },
} satisfies Stages<ClientUnderTest>;

async function fetches(client: ClientUnderTest, offer: Offer): Promise<void> {
  const server = await askedFor(client, offer);
  await server.send(header(offer));
  await ready(server);
  await server.send(offer.data);
  await untilEnd(client, server, offer);
  await mustHave(client, server, offer);
}

/** @throws {Failure} `outside`: it writes where the server says. */
async function mustNotWrite(
  client: ClientUnderTest,
  path: string,
  home: string,
): Promise<void> {
  const offer = offerOf(client);
  const server = await askedFor(client, offer);
  await server.send(header({ ...offer, name: `${path}${offer.name}` }));
  if (await nextLine(server) === "READY") await server.send(offer.data);
  else await server.send("CANCELLED\r\n");
  await untilEnd(client, server, offer);
  await client.program.exit(client.attempt.patience.answerMs);
  for await (const { name } of Deno.readDir(home)) {
    if (name.includes(offer.word)) throw new Failure("outside", null, name);
  }
}
