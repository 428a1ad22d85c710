/**
 * What the benchmark of exercise 8 plays with: files in memory where there is
 * /dev/shm (about 6 GB of it), and the servers that offer them.
 */
import { peerPath, run, type ServerProcess, startServer } from "./processes.ts";

export const BIG_BYTES = 2 * 1024 ** 3;
const FILES: Record<string, number> = {
  big: BIG_BYTES,
  gigabyte: 1e9,
  ten_megabytes: 10e6,
};

/** Three folders: what is shared, ten thousand files, and where files go. */
export class Stage implements Disposable {
  readonly shared: string;
  readonly many: string;
  readonly out: string;
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
    this.shared = `${dir}/shared`;
    this.many = `${dir}/many`;
    this.out = `${dir}/out`;
  }

  static async build(): Promise<Stage> {
    const dir = await Deno.makeTempDir({ dir: "/dev/shm" })
      .catch(() => Deno.makeTempDir());
    const stage = new Stage(dir);
    for (const folder of [stage.shared, stage.many, stage.out]) {
      await Deno.mkdir(folder);
    }
    for (const [name, size] of Object.entries(FILES)) {
      await writeFile(`${stage.shared}/${name}`, size);
    }
    for (let i = 0; i < 10_000; i++) {
      await Deno.writeTextFile(`${stage.many}/file ${i}.txt`, `${i}`);
    }
    return stage;
  }

  /** Empties `out`: every download makes its file anew. */
  async clear(): Promise<void> {
    await Deno.remove(this.out, { recursive: true });
    await Deno.mkdir(this.out);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#dir, { recursive: true });
  }
}

async function writeFile(path: string, size: number): Promise<void> {
  using file = await Deno.create(path);
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  for (let left = size; left > 0;) {
    left -= await file.write(block.subarray(0, left));
  }
}

/**
 * Ours, by its script: /dev/shm needs all of Deno's permissions, and main.ts
 * gives up what a command does not need.
 */
export function startOurFileServer(
  dir: string,
  ...more: string[]
): Promise<ServerProcess> {
  const script = "exercises/08_file_server.ts";
  const words = [script, "0", "--dir", dir, "--quiet"];
  const args = ["run", "--no-prompt", "-A", ...words, ...more];
  return startServer(Deno.execPath(), args);
}

/** What a server shows that speaks TLS: paths. */
export interface Certificate {
  cert: string;
  key: string;
}

/** nginx with sendfile, or with TLS; null when it is not installed. */
export async function startNginx(
  dir: string,
  tls?: Certificate,
): Promise<ServerProcess | null> {
  if (await run("nginx", ["-v"]) === null) return null;
  const port = freePort();
  const own = await Deno.makeTempDir();
  const template = await Deno.readTextFile(peerPath("nginx.conf"));
  const ssl = tls
    ? `ssl; ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}`
    : "";
  const config = template.replaceAll("PORT", `${port}`).replace(
    "TLS;",
    ssl + ";",
  )
    .replaceAll("OWN", own).replaceAll("SHARED", dir);
  await Deno.writeTextFile(`${own}/nginx.conf`, config);
  return await startQuiet("nginx", ["-c", `${own}/nginx.conf`], port);
}

/** Python's own; null when it is not installed. */
export async function startPython(dir: string): Promise<ServerProcess | null> {
  if (await run("python3", ["--version"]) === null) return null;
  const port = freePort();
  const words = ["-m", "http.server", `${port}`, "--directory", dir];
  return await startQuiet("python3", [...words, "--bind", "127.0.0.1"], port);
}

/** OpenSSL's own, one client at a time; null when it is not installed. */
export async function startOpenSsl(
  dir: string,
  { cert, key }: Certificate,
): Promise<ServerProcess | null> {
  if (await run("openssl", ["version"]) === null) return null;
  const port = freePort();
  const words = ["s_server", "-WWW", "-quiet", "-accept", `127.0.0.1:${port}`];
  const args = [...words, "-cert", cert, "-key", key];
  return await startQuiet("openssl", args, port, dir);
}

/** A server that does not say when it listens: it is asked until it answers. */
async function startQuiet(
  command: string,
  args: string[],
  port: number,
  cwd = ".",
): Promise<ServerProcess> {
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(command, { args, cwd, ...quiet }).spawn();
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    port,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
