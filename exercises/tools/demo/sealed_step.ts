import { roomKey, Seal } from "../../../protocol/sealed.ts";
import { messageClient } from "../../07_message_client.ts";
import { messageServer } from "../../07_message_server.ts";
import { check, HOST, silence, type Step } from "./demo_stage.ts";

const SECRET = "the server may not read this";
const FROM_ANA = "<ana> ";

/** A sealed line through the server, to one who can open it. */
export const sealedStep: Step = {
  command: "chat --sealed",
  title: "Exercise 7: sealed messages",
  shows: "The server passes on what only who knows the pass phrase can read.",
  run: async ({ signal, connect, network }) => {
    await using server = messageServer(0, network);
    const { port } = server.addr;
    await using other = messageClient(HOST, port, silence, {
      ...network,
      signal,
    });
    await other.next(); // Welcomed: from here on it hears what is said.
    const key = await roomKey("correct horse battery staple", "lobby");
    const say = async function* () {
      yield await new Seal(key).seal(SECRET);
    };
    const options = { name: "ana", signal, connect };
    await Array.fromAsync(messageClient(HOST, port, say, options));
    let sealed = "";
    for await (const line of other) {
      if (!line.startsWith(FROM_ANA)) continue;
      sealed = line.slice(FROM_ANA.length);
      break;
    }
    const seal = new Seal(key);
    const opened = await seal.open(sealed);
    check(opened.type === "opened", `the line was ${opened.type}`);
    check(opened.text === SECRET, `it said ${opened.text}`);
    const again = await seal.open(sealed);
    check(again.type === "replayed", `the same again was ${again.type}`);
    return `the other opened "${opened.text}"; the same line again: replayed`;
  },
};
