/** The chat client on a real terminal: a pseudo-terminal of `script`. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Chatter } from "./support/chatter.ts";
import { QUIET_HOST } from "./support/network.ts";
import { ServerScript } from "./support/script.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

const RUN = `run --no-prompt --allow-net=${QUIET_HOST} exercises/`;
const SERVER = `${RUN}07_message_server.ts 0 --host ${QUIET_HOST}`.split(" ");

/** A chat in a shell that tells, at its end, how it left the terminal. */
function chatOn(port: number, before = ""): OnTerminal {
  const chat = `${Deno.execPath()} ${RUN}07_message_client.ts`;
  return new OnTerminal(
    `${before}set -m; tty; sh -c 'echo pid $$; exec ${chat} ${QUIET_HOST} ${port}'; ` +
      "echo code $?; stty -a",
  );
}

type Scene = { client: OnTerminal; pid: number; server: ServerScript };

const ENDS: [how: string, end: (scene: Scene) => unknown, code: number][] = [
  ["at Ctrl-D", ({ client }) => client.type("\x15\x04"), 0],
  ["at Ctrl-C", ({ client }) => client.type("\x03"), 130],
  ["at SIGTERM", ({ pid }) => Deno.kill(pid), 130],
  ["when the server is killed", ({ server }) => server.stop("SIGKILL"), 1],
];

for (const [how, end, code] of ENDS) {
  Deno.test({
    name: `chat on a terminal ends ${how}, and gives the terminal back`,
    ignore: !HAS_TERMINAL, // There is no `script` here.
    fn: async () => {
      await using server = await ServerScript.start(SERVER);
      using other = await Chatter.join(server.port);
      const client = chatOn(server.port);
      await client.see("pid ");
      const pid = Number(await client.see("\r\n"));
      await client.see("* Welcome, guest-2.");
      await other.expect("* guest-2 joined");
      // Moved back over the ñ, split in two as it may be, to mend the word.
      await client.type("holx ñ\x1b[D\x1b[D\x7fa\r");
      await other.expect("<guest-2> hola ñ");
      await client.see("> hola ñ\r\n");
      // Neither a signal nor text.
      await client.type("half\x1a a line");
      await client.see("> half a line");
      await other.say("hi");
      // What came, and what was being typed, below it.
      await client.see("<guest-1> hi\r\n");
      await client.see("> half a line");
      await end({ client, pid, server });
      const { shown } = await client.end();
      for (const text of [`code ${code}`, "isig ", " icanon ", " echo "]) {
        assertStringIncludes(shown, text);
      }
    },
  });
}

Deno.test({
  name: "chat on a terminal tells its trace above the line that is typed",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = await ServerScript.start(SERVER);
    using other = await Chatter.join(server.port);
    const chat = `${RUN}07_message_client.ts ${QUIET_HOST} ${server.port}`;
    const words = [Deno.execPath(), ...chat.split(" "), "--trace"];
    const client = OnTerminal.run(words);
    await client.see(" 1 -> connect ");
    await client.see("* Welcome, guest-2.");
    await client.type("half a line");
    await client.see("> half a line");
    await other.say("hi");
    // In place of the line, which is drawn again below.
    await client.see("\r\x1b[J");
    await client.see(' 1 <- "<guest-1> hi\\r\\n" 14 bytes\r\n');
    await client.see("> half a line");
    await client.type("\x15hi\r");
    // After what is told nothing else comes that would draw the line.
    await client.see(' 1 -> "hi\\r\\n" 4 bytes\r\n');
    await client.see("> ");
    await client.type("\x04");
    const { shown, code } = await client.end();
    assertMatch(shown, / 1 -> "\/quit\\r\\n" 7 bytes[^]* 1 -> close\r\n/);
    assertEquals(code, 0);
  },
});

Deno.test({
  name: "chat on a terminal draws its line anew when the size is another",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = await ServerScript.start(SERVER);
    const client = chatOn(server.port);
    const tty = await client.see("\r\n");
    await client.see("* Welcome");
    await client.type("half a line");
    await client.see("> half a line");
    const resize = new Deno.Command("stty", {
      args: ["-F", tty, "cols", "7"],
    });
    await resize.output();
    // The two rows that it was broken into make place for it.
    await client.see("\x1b[A\r\x1b[J");
    await client.see("> half a line");
    await client.type("\x03");
    await client.end();
  },
});

Deno.test({
  name: "chat on a terminal indents what of a line is in another row",
  ignore: !HAS_TERMINAL, // There is no `script` here.
  fn: async () => {
    await using server = await ServerScript.start(SERVER);
    using other = await Chatter.join(server.port);
    const client = chatOn(server.port, "stty cols 40; ");
    await client.see("* Welcome, guest-2.");
    await other.expect("* guest-2 joined");
    await other.say(`hi${" ".repeat(27)}* Server is shutting down`);
    await client.see("<guest-1> hi");
    const between = await client.see("* Server is shutting down");
    assertMatch(between, /^ +\r\n {2}$/);
    await client.type("\x04");
    await client.end();
  },
});
