import { delay } from "@std/async/delay";
import type { Classify, Peer } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { gap } from "./compare.ts";
import { announcement, clientOf, command, getFile } from "./file_commands.ts";
import { servedFile } from "./served_folder.ts";

/** What a file server must stand: whatever a file is called, and is made of. */
export const fileContentStages = {
  "every-byte": {
    title: "Each of the 256 bytes of a file comes as it is, 00 too",
    points: 2,
    run: async (server) => {
      await getFile(await clientOf(server), "bytes.bin", stopsAtNul);
    },
  },
  "empty-file": {
    title: "An empty file has 0 bytes, and the next command is answered",
    points: 1,
    run: async (server) => {
      const client = await clientOf(server);
      await getFile(client, "empty.txt");
      await client.expectNothing(() => "extra");
      await getFile(client, "hello.txt");
    },
  },
  "name-with-spaces": {
    title: "A name may contain spaces",
    points: 2,
    run: async (server) => {
      await getFile(await clientOf(server), "my notes.txt");
    },
  },
  "size-in-bytes": {
    title: "The size of a text with ñ and ¿ is announced in bytes",
    points: 2,
    run: async (server) => {
      await getFile(await clientOf(server), "accents.txt");
    },
  },
  "big-file": {
    title: "64 MB come whole to a client that reads late",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      await command(client, "GET big.txt");
      await announcement(client, "big.txt");
      await command(client, "READY");
      await delay(client.patience.quietMs);
      try {
        await client.expect(servedFile("big.txt"), gap);
      } catch (error) {
        throw await whyShort(error, client);
      }
    },
  },
} satisfies Stages<ServerUnderTest>;

/** `gap`: it takes the file for sent, since it answers the next command. */
async function whyShort(error: unknown, client: Peer): Promise<unknown> {
  if (!(error instanceof Failure) || error.symptom !== "short") return error;
  await command(client, "LIST");
  const came = await client.receive() ?? new Uint8Array();
  const isNext = new TextDecoder().decode(came).startsWith("FILES");
  return isNext ? new Failure("gap", error.evidence) : error;
}

/** Before the byte 00 all is right, and it is not announced or not sent. */
const stopsAtNul: Classify = (actual, expected) => {
  const data = servedFile("bytes.bin");
  const nul = data.indexOf(0);
  const isBody = expected.length === data.length;
  const stop = isBody
    ? data.findIndex((byte, i) => byte !== actual[i])
    : Number(new TextDecoder().decode(actual));
  return stop === nul ? "nul" : null;
};
