/** Whole processes that fetch the big file of the stage. */
import { compileC, run } from "./processes.ts";

/** Seconds that it takes to fetch the big file, from start to exit. */
export type Fetch = (port: number, output: string) => Promise<number>;

/** Our client, and the most memory that one of its processes had. */
export class Client {
  peakBytes: number | null = null;

  /** Fetches the big file; the seconds from start to exit. */
  async get(port: number, output: string, ...words: string[]) {
    const startMs = performance.now();
    const script = "exercises/08_file_client.ts";
    const request = ["127.0.0.1", `${port}`, "get", "big", "--output", output];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", script, ...request, ...words],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const timer = setInterval(() => this.#watch(child.pid), 20);
    const { code } = await child.status;
    clearInterval(timer);
    if (code !== 0) throw new Error("Our client failed");
    return (performance.now() - startMs) / 1000;
  }

  #watch(pid: number): void {
    this.peakBytes = Math.max(this.peakBytes ?? 0, peakBytes(pid) ?? 0);
  }
}

export const curl: Fetch = (port, output) =>
  fetchWithCurl(`http://127.0.0.1:${port}/big`, output);

/** The same over TLS, trusting the authority in the file `ca`. */
export function curlOverTls(ca: string): Fetch {
  return (port, output) =>
    fetchWithCurl(`https://127.0.0.1:${port}/big`, output, "--cacert", ca);
}

async function fetchWithCurl(
  url: string,
  output: string,
  ...words: string[]
): Promise<number> {
  const result = await run("curl", ["-sf", ...words, "-o", output, url]);
  if (result?.code !== 0) throw new Error("curl failed");
  return result.seconds;
}

/** The least that a download with SHA-256 costs, whoever does it. */
export async function verifiedInC(): Promise<Fetch | null> {
  const binary = await compileC("verified_client.c", "crypto", "pthread");
  if (binary === null) return null;
  return async (port, output) => {
    const result = await run(binary, [`${port}`, "/big", output]);
    if (result?.code !== 0) throw new Error("The client in C failed");
    return result.seconds;
  };
}

/** The most memory that a process has had so far; null where no one tells. */
export function peakBytes(pid: number): number | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}
