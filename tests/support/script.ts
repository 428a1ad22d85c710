import { TextLineStream } from "@std/streams/text-line-stream";
import { killInTheEnd } from "./patience.ts";

/** The top of the project: scripts run from there, as the README says. */
export const ROOT = new URL("../..", import.meta.url);

/** What the header of a script says to type, terminal by terminal. */
export async function headerCommands(file: string): Promise<string[][]> {
  const source = await Deno.readTextFile(new URL(file, ROOT));
  return [...source.matchAll(/^ \* Terminal \d: deno (run .+)$/gm)]
    .map(([, words]) => words!.split(" "));
}

export interface ScriptResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `deno <args>` to its end, with `input` on stdin. */
export async function runScript(
  args: string[],
  { input = "", env = {}, command }: {
    input?: string;
    env?: Record<string, string>;
    command?: string;
  } = {},
): Promise<ScriptResult> {
  const child = spawn(args, env, command);
  const writer = child.stdin.getWriter();
  // A script that ends before it has read all of it is no failure here.
  const fed = writer.write(new TextEncoder().encode(input))
    .then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await fed;
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A server as its own process, and the address from its first line. */
export class ServerScript implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  readonly #stderr: ReadableStreamDefaultReader<string>;
  #log = "";
  #ended = false;
  hostname = "";
  port = 0;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stdout = linesOf(child.stdout);
    this.#stderr = linesOf(child.stderr);
  }

  /** Waits for `Listening on <address>:<port>`. */
  static async start(
    args: string[],
    command = Deno.execPath(),
  ): Promise<ServerScript> {
    const child = spawn(args, {}, command);
    const server = new ServerScript(child);
    await child.stdin.close();
    const { value = "" } = await server.#stdout.read();
    const match = /^Listening on \[?(.+?)\]?:(\d+)$/.exec(value);
    if (!match) {
      const { stderr } = await server.stop();
      throw new Error(`No "Listening on" line: "${value}", ${stderr}`);
    }
    server.hostname = match[1]!;
    server.port = Number(match[2]);
    return server;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits for a line of the log (stderr) that matches, and returns it. */
  async logged(pattern: RegExp): Promise<string> {
    for (;;) {
      const { done, value } = await this.#stderr.read();
      if (done) throw new Error(`${pattern} is not in the log:\n${this.#log}`);
      this.#log += `${value}\n`;
      if (pattern.test(value)) return value;
    }
  }

  /** Sends `signal` and waits for the end: exit code and all of stderr. */
  async stop(
    signal: Deno.Signal = "SIGTERM",
  ): Promise<{ code: number; stderr: string }> {
    if (!this.#ended) {
      try {
        this.#child.kill(signal);
      } catch {
        // It has ended by itself.
      }
    }
    this.#ended = true;
    for (;;) {
      const { done, value } = await this.#stderr.read();
      if (done) break;
      this.#log += `${value}\n`;
    }
    await this.#stdout.cancel();
    const { code } = await this.#child.status;
    return { code, stderr: this.#log };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.stop();
  }
}

/** The lines of a pipe, one per read. */
export function linesOf(
  bytes: ReadableStream<Uint8Array>,
): ReadableStreamDefaultReader<string> {
  return bytes
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new TextLineStream()).getReader();
}

/** A client as its own process, for a test that talks to it as it runs. */
export function startClient(
  args: string[],
  command?: string,
): Deno.ChildProcess {
  return spawn(args, {}, command);
}

function spawn(
  args: string[],
  env: Record<string, string>,
  command = Deno.execPath(),
): Deno.ChildProcess {
  const child = new Deno.Command(command, {
    args,
    cwd: ROOT,
    // Deno would look for a newer version of itself, on the network.
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return killInTheEnd(child, `${command} ${args.join(" ")}`);
}
