/** The chat client on a real terminal: a pseudo-terminal of `script`. */
import { assertStringIncludes } from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import { Chatter } from "./support/chatter.ts";
import { QUIET_HOST } from "./support/network.ts";
import { HAS_TERMINAL, OnTerminal } from "./support/terminal.ts";

for (
  const [name, key, code] of [["Ctrl-D", "\x04", 0], ["Ctrl-C", "\x03", 130]]
) {
  Deno.test({
    name: `chat on a terminal ends at ${name}, and gives the terminal back`,
    ignore: !HAS_TERMINAL, // There is no `script` here.
    fn: async () => {
      await using server = messageServer(0, { hostname: QUIET_HOST });
      const { port } = server.addr;
      using other = await Chatter.join(port);
      const client = new OnTerminal(
        `${Deno.execPath()} run --no-prompt --allow-net=${QUIET_HOST} ` +
          `exercises/07_message_client.ts ${QUIET_HOST} ${port}; ` +
          "echo code $?; stty -a",
      );
      await client.see("* Welcome, guest-2.");
      await other.expect("* guest-2 joined");
      // Moved back over the ñ, split in two as it may be, to mend the word.
      await client.type("holx ñ\x1b[D\x1b[D\x7fa\r");
      await other.expect("<guest-2> hola ñ");
      await client.see("> hola ñ");
      await client.type("half a line");
      await client.see("half a line");
      await other.say("hi");
      // What came, and what was being typed, below it.
      await client.see("<guest-1> hi\r\n> half a line");
      await client.type(`\x15${key}`);
      await client.see("* Goodbye");
      await other.expect("* guest-2 left");
      const { shown } = await client.end();
      for (const text of [`code ${code}`, "isig ", " icanon ", " echo "]) {
        assertStringIncludes(shown, text);
      }
    },
  });
}
