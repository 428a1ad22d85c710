import { killInTheEnd } from "./patience.ts";
import { ROOT } from "./script.ts";

/** Whether util-linux's `script` is here: that of BSD takes other options. */
export const HAS_TERMINAL = hasScript();

function hasScript(): boolean {
  try {
    const command = new Deno.Command("script", { args: ["--version"] });
    const { stdout } = command.outputSync();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}

/** A program in a pseudo-terminal: keys go in, what is seen comes out. */
export class OnTerminal {
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #shown: ReadableStreamDefaultReader<string>;
  /** What was shown behind that which was waited for last. */
  #screen = "";

  constructor(shellCommand: string, env: Record<string, string> = {}) {
    const child = new Deno.Command("script", {
      args: ["-qefc", shellCommand, "/dev/null"],
      cwd: ROOT,
      // A terminal is what the test says, not what the tests were started in.
      env: { NO_COLOR: "", TERM: "xterm", ...env },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#child = killInTheEnd(child, shellCommand);
    this.#keys = this.#child.stdin.getWriter();
    this.#shown = this.#child.stdout
      .pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      ).getReader();
  }

  /** `words` alone: no shell stays that Ctrl-C would end, as dash would. */
  static run(words: readonly string[], env?: Record<string, string>) {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    return new OnTerminal(`exec ${quoted}`, env);
  }

  async type(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits until `text` is shown; gives what was shown before it. */
  async see(text: string): Promise<string> {
    while (!this.#screen.includes(text)) {
      const { done, value } = await this.#shown.read();
      if (done) throw new Error(`No ${text} on the screen:\n${this.#screen}`);
      this.#screen += value;
    }
    const at = this.#screen.indexOf(text);
    const before = this.#screen.slice(0, at);
    this.#screen = this.#screen.slice(at + text.length);
    return before;
  }

  /** Waits until the program ends: what it still showed, and its exit code. */
  async end(): Promise<{ shown: string; code: number }> {
    for (;;) {
      const { done, value } = await this.#shown.read();
      if (done) break;
      this.#screen += value;
    }
    await this.#keys.close().catch(() => {});
    return { shown: this.#screen, code: (await this.#child.status).code };
  }
}
