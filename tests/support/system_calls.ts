import { TempFolder } from "./temp_folder.ts";

/** Whether there is an strace here, which may look at what it starts. */
export const HAS_STRACE = canTrace();

function canTrace(): boolean {
  try {
    const { success } = new Deno.Command("strace", {
      args: ["-o", "/dev/null", "-e", "trace=close", Deno.execPath(), "-V"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch {
    return false;
  }
}

/** The system calls of a program on its TCP connections, as strace sees them. */
export class SystemCalls implements Disposable {
  readonly #folder = new TempFolder();

  /** What to run in place of `deno <args>`. */
  traced(args: string[]): string[] {
    // One file a thread: no call is told in two halves. Detached, so that the
    // program gets the signals that are sent to what was started.
    const output = ["-D", "-ff", "-o", this.#folder.of("calls")];
    const calls = ["-e", "trace=network,read,write,close"];
    return [...output, ...calls, Deno.execPath(), ...args];
  }

  /**
   * What they say, when the program has ended: `1 connect`, `1 out 7`, `1 in 7`,
   * `1 in fin`, `1 close`, each with the number of the connection.
   */
  events(): string[] {
    const decoder = new TextDecoder();
    const threads = this.#folder.names()
      .map((name) => decoder.decode(this.#folder.read(name)))
      .filter((calls) => /sa_family=AF_INET6?,/.test(calls));
    if (threads.length > 1) throw new Error("Several threads use the network");
    const events: string[] = [];
    /** The number of each open connection, by descriptor; 0: none yet. */
    const open = new Map<number, number>();
    let connections = 0;
    let lastCall = "";
    const begin = (fd: number, what: string) => {
      open.set(fd, ++connections);
      events.push(`${connections} ${what}`);
    };
    for (const line of threads.join("").split("\n")) {
      const [, call = "", rest = "", answer = ""] =
        /^(\w+)\((.*)\) += (.*)$/.exec(line) ?? [];
      const fd = parseInt(rest);
      const result = parseInt(answer);
      if (call === "connect" && /sa_family=AF_INET6?,/.test(rest)) {
        open.set(fd, 0);
      } else if (call === "accept4" && result >= 0) begin(result, "accept");
      if (!open.has(fd)) continue;
      const conn = open.get(fd);
      const [, error] = /SO_ERROR, \[(\w+)\]/.exec(rest) ?? [];
      if (call === "getsockopt" && error === "0") begin(fd, "connect");
      else if (call === "getsockopt" && error !== undefined) {
        begin(fd, error === "ECONNREFUSED" ? "refused" : "rst");
        open.delete(fd);
      } else if (/^(recvfrom|read)$/.test(call) && result >= 0) {
        events.push(`${conn} in ${result === 0 ? "fin" : result}`);
      } else if (/^(sendto|write)$/.test(call) && result > 0) {
        events.push(`${conn} out ${result}`);
      } else if (call === "shutdown" && result === 0) {
        events.push(`${conn} out fin`);
      } else if (/ECONNRESET|EPIPE/.test(answer)) {
        events.push(`${conn} rst`);
      } else if (call === "close") {
        // Deno's close() is both.
        if (/^shutdown.* = 0$/.test(lastCall)) events.pop();
        if (conn !== 0) events.push(`${conn} close`);
        open.delete(fd);
      }
      lastCall = line;
    }
    return events;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
