import { killInTheEnd } from "./patience.ts";
import { linesOf, ROOT } from "./script.ts";

/** A program in a terminal: what it prints to either output, as it comes. */
export class Program {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor(shellCommand: string, readonly isServer: boolean) {
    const child = new Deno.Command("sh", {
      args: ["-c", shellCommand],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = linesOf(child.stdout);
    this.#input = child.stdin.getWriter();
    // The programs of a pipe are not the shell: they may live, and go unheard.
    const onKill = () => void this.#lines.cancel();
    this.#child = killInTheEnd(child, shellCommand, onKill);
  }

  /** The next line, or null when it has ended. */
  async readLine(): Promise<string | null> {
    for (;;) {
      const { value } = await this.#lines.read();
      if (value === undefined) return null;
      // Deno 2.4 warns of its own node:dns.
      if (!/^\(node:\d+\) \[DEP/.test(value)) return value;
    }
  }

  async type(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Ctrl-D; a program that has ended does not mind. */
  async endInput(): Promise<void> {
    await this.#input.close().catch(() => {});
  }

  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  }

  /** Waits for its end: what it still prints, and its exit code. */
  async end(): Promise<{ lines: string[]; code: number }> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.readLine();
      if (line === null) break;
      lines.push(line);
    }
    await this.endInput();
    return { lines, code: (await this.#child.status).code };
  }
}
