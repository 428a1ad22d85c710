/** TLS with programs that others wrote, where they are there. */
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { echoClient } from "../exercises/04_echo_client.ts";
import { echoServer } from "../exercises/04_echo_server.ts";
import { Connection } from "../protocol/transport/mod.ts";
import { TlsError } from "../protocol/transport/tls_socket.ts";
import type { LogEntry } from "../servers/log.ts";
import { CA, connect, GOOD, listen } from "./support/certificates.ts";
import { bytesOf } from "./support/chunkings.ts";
import { killInTheEnd } from "./support/patience.ts";
import { linesOf } from "./support/script.ts";
import { TempFolder } from "./support/temp_folder.ts";

/** Whether it is installed. One that is not is skipped, and said to be. */
async function isThere(command: string): Promise<boolean> {
  const args = ["-c", `command -v ${command}`];
  const { code } = await new Deno.Command("sh", { args, stdout: "null" })
    .output().catch(() => ({ code: 1 }));
  if (code !== 0) {
    console.error(`There is no ${command}: its tests are skipped`);
  }
  return code === 0;
}

const HAS = {
  openssl: await isThere("openssl"),
  python3: await isThere("python3"),
  ncat: await isThere("ncat"),
};

function spawn(command: string, args: string[], cwd: string) {
  const child = new Deno.Command(command, {
    args,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return killInTheEnd(child, `${command} ${args.join(" ")}`);
}

function folder(): TempFolder {
  return new TempFolder({
    "ca.pem": CA,
    "cert.pem": GOOD.cert,
    "key.pem": GOOD.key,
  });
}

const PYTHON_CLIENT = `
import socket, ssl, sys
context = ssl.create_default_context(cafile="ca.pem")
with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))),
                         server_hostname="localhost") as conn:
    conn.sendall(b"hello\\r\\n")
    print(conn.version(), conn.makefile("rb").readline().decode().strip())
    if sys.argv[2] == "in-order":
        conn.unwrap()
`;

/** Prints its port; echoes one line, and closes with or without a goodbye. */
const PYTHON_SERVER = `
import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
if sys.argv[1] == "1.2":
    context.maximum_version = ssl.TLSVersion.TLSv1_2
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
conn = context.wrap_socket(listener.accept()[0], server_side=True)
lines = conn.makefile("rb")
conn.sendall(lines.readline())
lines.read()
if sys.argv[2] == "in-order":
    try:
        conn.unwrap()
    except OSError:
        pass
conn.close()
`;

/** Clients of others: what they send comes back, and how we see them end. */
const CLIENTS = [
  {
    command: "openssl",
    args: (port: number) => [
      ...["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", "ca.pem"],
      ...["-verify_return_error", "-verify_hostname", "localhost", "-quiet"],
    ],
    answer: "hello",
    reason: /./,
  },
  {
    command: "openssl",
    args: (port: number) => [
      ...["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", "ca.pem"],
      ...[
        "-verify_return_error",
        "-verify_ip",
        "127.0.0.1",
        "-quiet",
        "-tls1_2",
      ],
    ],
    answer: "hello",
    reason: /./,
  },
  {
    command: "python3",
    args: (port: number) => ["-c", PYTHON_CLIENT, `${port}`, "in-order"],
    answer: "TLSv1.3 hello",
    reason: /^closed$/,
  },
  {
    command: "python3",
    args: (port: number) => ["-c", PYTHON_CLIENT, `${port}`, "rudely"],
    answer: "TLSv1.3 hello",
    reason: /^It ended without close_notify$/,
  },
  {
    command: "ncat",
    args: (port: number) => [
      ...["--ssl-verify", "--ssl-trustfile", "ca.pem", "localhost", `${port}`],
    ],
    answer: "hello",
    reason: /./,
  },
] as const;

for (const { command, args, answer, reason } of CLIENTS) {
  const name = args(0).filter((word) => !/\s/.test(word)).join(" ");
  Deno.test({
    name: `a client of others is served: ${command} ${name}`,
    ignore: !HAS[command],
    fn: async () => {
      using dir = folder();
      const { promise, resolve } = Promise.withResolvers<LogEntry>();
      await using server = echoServer(0, {
        listen,
        log: (entry) => entry.event === "disconnect" && resolve(entry),
      });
      const child = spawn(command, args(server.addr.port), dir.path);
      const writer = child.stdin.getWriter();
      await writer.write(bytesOf("hello\r\n"));
      const lines = linesOf(child.stdout);
      const errors = new Response(child.stderr).text();
      const { value } = await lines.read();
      assertEquals(value, answer, value ? "" : await errors);
      await writer.close().catch(() => {}); // It may have ended by itself.
      try {
        child.kill();
      } catch {
        // Likewise.
      }
      await child.status;
      await errors;
      await lines.cancel();
      assertMatch(`${(await promise).reason}`, reason);
    },
  });
}

for (const version of ["1.2", "1.3"]) {
  for (const end of ["in-order", "rudely"]) {
    Deno.test({
      name:
        `a server of others is understood: Python, TLS ${version}, ends ${end}`,
      ignore: !HAS.python3,
      fn: async () => {
        using dir = folder();
        const args = ["-c", PYTHON_SERVER, version, end];
        const child = spawn("python3", args, dir.path);
        const lines = linesOf(child.stdout);
        const port = Number((await lines.read()).value);
        const echoes = echoClient("127.0.0.1", port, ["hello"], { connect });
        assertEquals((await echoes.next()).value?.received, "hello\r\n");
        if (end === "in-order") assert((await echoes.next()).done);
        else {
          const error = await assertRejects(() => echoes.next(), TlsError);
          assertEquals(error.code, "TLS_TRUNCATED");
        }
        await child.stdin.close();
        await child.status;
        await Promise.all([lines.cancel(), child.stderr.cancel()]);
      },
    });
  }
}

Deno.test({
  name: "a server of others is understood: openssl s_server",
  ignore: !HAS.openssl,
  fn: async () => {
    using dir = folder();
    const child = spawn("openssl", [
      ...["s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem"],
      ...["-key", "key.pem", "-rev", "-naccept", "1"], // It reverses lines.
    ], dir.path);
    const lines = linesOf(child.stdout);
    const errors = new Response(child.stderr).text();
    let port: string | undefined;
    while (port === undefined) {
      const { value } = await lines.read();
      assert(value !== undefined, "it did not start");
      port = /^ACCEPT .*:(\d+)/.exec(value)?.[1];
    }
    using conn = await connect({ hostname: "127.0.0.1", port: Number(port) });
    await conn.write(bytesOf("hello\n"));
    assertEquals(await new Connection(conn).readLine(), "olleh");
    await child.stdin.close();
    child.kill();
    await Promise.all([child.status, errors, lines.cancel()]);
  },
});
