import { linesOf } from "./script.ts";

/** Whether Debian's nats-server, or another, is on the PATH. */
export const HAS_NATS: boolean = isInstalled();

function isInstalled(): boolean {
  try {
    const command = new Deno.Command("nats-server", { args: ["--version"] });
    return command.outputSync().success;
  } catch {
    console.log("nats-server is not installed: no real NATS is tested");
    return false;
  }
}

/** A NATS server on a free port of loopback, which can be killed and started. */
export class NatsBroker implements AsyncDisposable {
  #child: Deno.ChildProcess | null = null;
  /** Stays the same when it is started again. */
  port = 0;

  static async start(...more: string[]): Promise<NatsBroker> {
    const broker = new NatsBroker();
    await broker.start(...more);
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(...more: string[]): Promise<void> {
    const port = this.port === 0 ? "-1" : `${this.port}`;
    const child = new Deno.Command("nats-server", {
      args: ["--addr", "127.0.0.1", "--port", port, ...more],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#child = child;
    const lines = linesOf(child.stderr);
    for (;;) {
      const { value } = await lines.read();
      if (value === undefined) throw new Error("nats-server does not start");
      const [, found] = /client connections on 127.0.0.1:(\d+)/.exec(value) ??
        [];
      if (found) this.port = Number(found);
      if (value.includes("Server is ready")) break;
    }
    // It would stop at a full pipe.
    void drain(lines);
  }

  /** Stops it where it is; `SIGCONT` lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child?.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

async function drain(lines: ReadableStreamDefaultReader<string>) {
  while (!(await lines.read()).done);
}
