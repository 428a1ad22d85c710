import { TextLineStream } from "@std/streams/text-line-stream";

/** The top of the project: scripts run from there, as the README says. */
export const ROOT = new URL("../..", import.meta.url);

export interface ScriptResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `deno <args>` to its end, with `input` on stdin. */
export async function runScript(
  args: string[],
  { input = "", env = {} }: { input?: string; env?: Record<string, string> } =
    {},
): Promise<ScriptResult> {
  const child = spawn(args, env);
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
  readonly #stderr: Promise<string>;
  readonly #rest: ReadableStreamDefaultReader<string>;
  #ended = false;

  private constructor(
    child: Deno.ChildProcess,
    rest: ReadableStreamDefaultReader<string>,
    readonly hostname: string,
    readonly port: number,
  ) {
    this.#child = child;
    this.#rest = rest;
    this.#stderr = new Response(child.stderr).text();
  }

  /** Waits for `Listening on <address>:<port>`. */
  static async start(args: string[]): Promise<ServerScript> {
    const child = spawn(args, {});
    await child.stdin.close();
    const lines = child.stdout
      .pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      )
      .pipeThrough(new TextLineStream()).getReader();
    const { value = "" } = await lines.read();
    const match = /^Listening on \[?(.+?)\]?:(\d+)$/.exec(value);
    if (!match) {
      const stderr = await new Response(child.stderr).text();
      await lines.cancel();
      await child.status;
      throw new Error(`No "Listening on" line: "${value}", ${stderr}`);
    }
    return new ServerScript(child, lines, match[1]!, Number(match[2]));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Sends `signal` and waits for the end: exit code and all of stderr. */
  async stop(
    signal: Deno.Signal = "SIGTERM",
  ): Promise<{ code: number; stderr: string }> {
    if (!this.#ended) this.#child.kill(signal);
    this.#ended = true;
    await this.#rest.cancel();
    const { code } = await this.#child.status;
    return { code, stderr: await this.#stderr };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.stop();
  }
}

function spawn(args: string[], env: Record<string, string>) {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
