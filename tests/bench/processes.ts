import { TextLineStream } from "@std/streams/text-line-stream";

const PEERS = new URL("./peers/", import.meta.url);
const ROOT = new URL("../..", import.meta.url);

/** A server in its own process; disposing it kills it. */
export interface ServerProcess extends AsyncDisposable {
  port: number;
  pid: number;
}

/** Starts a program that prints `Listening on <address>:<port>`. */
export async function startServer(
  command: string,
  args: string[],
): Promise<ServerProcess> {
  const child = new Deno.Command(command, {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new TextLineStream()).getReader();
  const { value = "" } = await reader.read();
  const port = Number(/:(\d+)$/.exec(value)?.[1]);
  if (!port) throw new Error(`${command} does not listen: ${value}`);
  return {
    port,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
    },
  };
}

/** One of our servers, on a free port, as a person starts it. */
export function startOurs(...args: string[]): Promise<ServerProcess> {
  const flags = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-read=."];
  return startServer(Deno.execPath(), ["run", ...flags, "main.ts", ...args]);
}

/** Runs `command` to its end; null when it is not installed. */
export async function run(
  command: string,
  args: string[],
): Promise<{ code: number; stdout: string; seconds: number } | null> {
  const startMs = performance.now();
  try {
    const { code, stdout } = await new Deno.Command(command, {
      args,
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    const seconds = (performance.now() - startMs) / 1000;
    return { code, stdout: new TextDecoder().decode(stdout), seconds };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Path of a peer's source beside this file. */
export function peerPath(name: string): string {
  return new URL(name, PEERS).pathname;
}

/** A native peer, compiled into a temporary folder; null without rustc. */
export function compileRust(name: string): Promise<string | null> {
  return compile("rustc", ["-O", peerPath(name)]);
}

/** The same in C; null without a compiler, or one of the `libraries`. */
export function compileC(
  name: string,
  ...libraries: string[]
): Promise<string | null> {
  const links = libraries.map((library) => `-l${library}`);
  return compile("cc", ["-O2", peerPath(name), ...links]);
}

async function compile(
  compiler: string,
  args: string[],
): Promise<string | null> {
  const dir = await Deno.makeTempDir();
  const binary = `${dir}/peer`;
  const result = await run(compiler, ["-o", binary, ...args]);
  return result?.code === 0 ? binary : null;
}

/** The load generator's figure against the server on `port`. */
export async function load(
  what: string,
  port: number,
  clients: number,
  seconds = 2,
): Promise<number> {
  const script = new URL("./load.ts", import.meta.url).pathname;
  const args = [what, port, clients, seconds].map(String);
  const flags = ["run", "--no-prompt", "--allow-net=127.0.0.1"];
  const result = await run(Deno.execPath(), [...flags, script, ...args]);
  if (!result || result.code !== 0) throw new Error("The load failed");
  return Number(result.stdout);
}
