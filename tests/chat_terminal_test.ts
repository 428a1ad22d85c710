/** The chat client on a real terminal: a pseudo-terminal of `script`. */
import { assertStringIncludes } from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import { Chatter } from "./support/chatter.ts";
import { QUIET_HOST } from "./support/network.ts";
import { ROOT } from "./support/script.ts";

/** The util-linux one: that of BSD and macOS takes other options. */
async function hasScript(): Promise<boolean> {
  try {
    const command = new Deno.Command("script", { args: ["--version"] });
    const { stdout } = await command.output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}

/** A program on a terminal: keys go in, what is seen comes out. */
class OnTerminal {
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #shown: ReadableStreamDefaultReader<string>;
  #screen = "";

  constructor(command: string) {
    this.#child = new Deno.Command("script", {
      args: ["-qec", command, "/dev/null"],
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#keys = this.#child.stdin.getWriter();
    this.#shown = this.#child.stdout
      .pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      ).getReader();
  }

  async type(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits until `text` was shown. */
  async see(text: string): Promise<void> {
    while (!this.#screen.includes(text)) {
      const { done, value } = await this.#shown.read();
      if (done) break;
      this.#screen += value;
    }
    assertStringIncludes(this.#screen, text);
  }

  async end(): Promise<void> {
    while (!(await this.#shown.read()).done);
    await this.#keys.close().catch(() => {});
    await this.#child.status;
  }
}

const HAS_SCRIPT = await hasScript();

for (
  const [name, key, code] of [["Ctrl-D", "\x04", 0], ["Ctrl-C", "\x03", 130]]
) {
  Deno.test({
    name: `chat on a terminal ends at ${name}, and gives the terminal back`,
    ignore: !HAS_SCRIPT,
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
      await client.see(`code ${code}`);
      for (const mode of [" icanon ", " echo ", "isig "]) {
        await client.see(mode);
      }
      await client.end();
    },
  });
}
