import { FILE_LOGIN } from "../../../../protocol/login_lines.ts";
import { bytesOf } from "../peer.ts";
import type { ServerUnderTest } from "../server_under_test.ts";
import { Failure, type Stages } from "../stage.ts";
import { authStages } from "./auth_stages.ts";
import {
  announcement,
  body,
  clientOf,
  command,
  getFile,
  reply,
  whyLate,
} from "./file_commands.ts";
import { fileContentStages } from "./file_content_stages.ts";
import {
  type FileName,
  listing,
  namesOutside,
  SECRET,
} from "./served_folder.ts";
import { listens, serverStages } from "./server_stages.ts";

/** Exercise 8: commands and replies in lines, and files between them. */
export const fileserverStages = {
  listens,
  "get": {
    title: "GET announces a file, and READY gets its bytes",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      await client.expectNothing(() => "unasked");
      try {
        await getFile(client, "hello.txt");
      } catch (error) {
        throw await whyLate(error, client);
      }
    },
  },
  "next-command": {
    title: "After a file the next command is answered",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      await getFile(client, "hello.txt");
      await getFile(client, "other.txt");
    },
  },
  "list": {
    title: "LIST tells how many files there are, their names and sizes",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      await command(client, "LIST");
      const expected = listing();
      const head = await reply(client, "FILES");
      const count = Number(head.split(" ")[1]);
      const lines: string[] = [];
      while (lines.length < count) {
        lines.push((await client.line()).trimEnd());
      }
      await client.expectNothing(() => "extra");
      const [missing] = expected.filter((line) => !lines.includes(line));
      if (missing) throw new Failure("missing", null, missing);
      if (count !== expected.length) throw new Failure("wrong", null, head);
    },
  },
  ...fileContentStages,
  "not-ready": {
    title: "Anything but READY cancels, and is no command",
    points: 1,
    run: async (server) => {
      const client = await clientOf(server);
      for (const answer of ["NO", "LIST"]) {
        await command(client, "GET hello.txt");
        await announcement(client, "hello.txt");
        await command(client, answer);
        await reply(client, "CANCELLED");
      }
    },
  },
  "sliced": {
    title: "A command that comes in pieces is one command",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      await client.sendApart(["GE", "T hel", "lo.txt\r\n"]);
      await announcement(client, "hello.txt");
      await client.sendApart(["REA", "DY\r\n"]);
      await body(client, "hello.txt");
    },
  },
  "glued": {
    title: "Commands that come together are each answered",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      const names: FileName[] = ["hello.txt", "other.txt"];
      const commands = names.map((name) => `GET ${name}\r\nREADY\r\n`);
      await client.send(commands.join(""));
      for (const name of names) {
        await announcement(client, name);
        await body(client, name);
      }
    },
  },
  "ready-and-next": {
    title: "A command that comes together with READY is answered",
    points: 1,
    run: async (server) => {
      const client = await clientOf(server);
      await command(client, "GET hello.txt");
      await announcement(client, "hello.txt");
      await client.send("READY\r\nGET other.txt\r\n");
      await body(client, "hello.txt");
      await announcement(client, "other.txt");
      await command(client, "READY");
      await body(client, "other.txt");
    },
  },
  "error": {
    title: "What cannot be done gets an ERROR, and the connection goes on",
    points: 2,
    run: async (server) => {
      const client = await clientOf(server);
      const { random } = server;
      await command(client, `GET ${random.word()}.txt`);
      await reply(client, "ERROR");
      await command(client, random.word().toUpperCase());
      await reply(client, "ERROR");
      await getFile(client, "hello.txt");
    },
  },
  "nothing-outside": {
    title: "Nothing outside of its folder is served",
    points: 2,
    run: async (server) => {
      for (const name of namesOutside(server.dir)) {
        await mustNotServe(server, name);
      }
    },
  },
  "quit": {
    title: "QUIT gets BYE, then the end (FIN)",
    points: 1,
    run: async (server) => {
      const client = await server.connect();
      await command(client, "QUIT");
      await reply(client, "BYE");
      await client.expectEnd();
    },
  },
  "ends-with-us": {
    title: "It ends its side (FIN) after we have ended ours",
    points: 1,
    run: async (server) => {
      const client = await clientOf(server);
      await getFile(client, "hello.txt");
      await client.finish();
      await client.expectEnd((actual) => actual.length > 0 ? "extra" : null);
    },
  },
  ...serverStages(async (client) => {
    // Another folder than ours may have no such file.
    await command(client, "GET hello.txt");
    if (!(await client.line()).startsWith("SENDING_FILE")) return;
    await command(client, "READY");
    await client.something();
  }, (client) => client.send("GET big.txt\r\nREADY\r\n")),
  ...authStages({
    words: FILE_LOGIN,
    probe: "FEATURES\r\nQUIT\r\n",
    answer: /^(FEATURES .*\bAUTH\b|ERROR AUTH_REQUIRED\b)/,
  }),
} satisfies Stages<ServerUnderTest>;

/** @throws {Failure} `outside`: it reads what lies beside its folder. */
async function mustNotServe(
  server: ServerUnderTest,
  name: string,
): Promise<void> {
  using client = await server.connect();
  await command(client, `GET ${name}`);
  const first = await client.receive();
  if (first === null) {
    // That it ends the connection is not what is asked here.
    if (client.end === "open") throw client.failure("silent");
    return;
  }
  client.unread(first);
  if (!(await client.line()).startsWith("SENDING_FILE")) return;
  await command(client, "READY");
  await client.finish();
  const came = await client.rest();
  const isSecret = new TextDecoder().decode(came).includes(SECRET.trimEnd());
  const symptom = isSecret ? "outside" : "wrong";
  throw client.failure(symptom, bytesOf("ERROR"), came);
}
