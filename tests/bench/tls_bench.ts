/** Exercise 8 over TLS, in whole processes: ours, and OpenSSL with curl. */
import { createCertificates } from "../../exercises/tools/certificate.ts";
import type { Bench, Figure } from "./bench.ts";
import { send } from "./files_bench.ts";
import { Client, curlOverTls } from "./files_clients.ts";
import {
  Stage,
  startNginx,
  startOpenSsl,
  startOurFileServer,
} from "./files_stage.ts";

export const benches: Bench[] = [{ name: "tls", run: benchTls }];

async function benchTls(): Promise<Figure[]> {
  using stage = await Stage.build();
  const dir = `${stage.many}/certificates`;
  await Array.fromAsync(createCertificates(dir));
  const [ca, cert, key] = ["ca", "cert", "key"].map((name) =>
    `${dir}/${name}.pem`
  ) as [string, string, string];
  const shown = ["--tls", "--cert", cert, "--key", key];
  await using ours = await startOurFileServer(stage.shared, ...shown);
  await using plain = await startOurFileServer(stage.shared);
  await using nginx = await startNginx(stage.shared, { cert, key });
  await using openssl = await startOpenSsl(stage.shared, { cert, key });
  const client = new Client();
  const trusting = ["--tls", "--ca", ca];
  const fetch = curlOverTls(ca);
  const peers = [
    { name: "openssl s_server + curl", server: openssl, fetch, wanted: 0.8 },
    { name: "nginx TLS + curl", server: nginx, fetch },
    {
      name: "ours without TLS",
      server: plain,
      fetch: (port: number) => client.get(port, "-", "--no-verify"),
    },
  ];
  return [
    await send(stage, "/dev/null", {
      name: "2 GiB over TLS to nothing",
      ours: () => client.get(ours.port, "-", "--no-verify", ...trusting),
      pairs: peers,
    }),
    await send(stage, "/dev/null", {
      name: "2 GiB over TLS to nothing, verified",
      ours: () => client.get(ours.port, "-", ...trusting),
      pairs: peers.slice(0, 1).map(({ wanted: _, ...pair }) => pair),
    }),
  ];
}
