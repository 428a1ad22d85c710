/**
 * Makes what a server needs to speak TLS: an authority of your own, and a
 * certificate that it has signed.
 *
 * Terminal 1: deno run --allow-read=certificates --allow-write=certificates exercises/tools/certificate.ts certificates
 *
 * You will see: four files, and what each is for. The keys are readable by you
 * alone (0600): whoever has one can pose as the server, or as the authority.
 * Try next: exercise 10; openssl x509 -in certificates/cert.pem -noout -text
 */
import { commands } from "../catalogue.ts";
import { defineCommand, EXIT_OK, printLine, runMain } from "../cli/mod.ts";
import { parseHost } from "../cli/host.ts";
import { checkTarget, writeFile } from "../cli/write_file.ts";

/** Whom everybody is to himself. */
const OWN_NAMES = ["localhost", "127.0.0.1", "::1"];

const OWNER_ONLY = 0o600;

/**
 * Writes the four into `dir`, which is made when it is not there: all, or none
 * where one of them is there already and not to be replaced. Yields each path,
 * and what is in it.
 *
 * @throws {ExerciseError} One is there already.
 */
export async function* createCertificates(
  dir: string,
  { names = [], days = 365, force = false }: {
    names?: string[];
    /** How long the server's counts. */
    days?: number;
    force?: boolean;
  } = {},
): AsyncGenerator<{ path: string; about: string }> {
  // Loaded late: --help does not wait for it.
  const { createAuthority, validFor } = await import("./certificate/issue.ts");
  const all = [...new Set([...OWN_NAMES, ...names])];
  const authority = await createAuthority();
  const server = await authority.issue(all, validFor(days));
  const files = [
    ["ca.pem", authority.cert, "whom clients trust: --ca"],
    ["ca-key.pem", authority.key, "the authority's key: show it nobody"],
    ["cert.pem", server.cert, `a server's --cert, for ${all.join(", ")}`],
    ["key.pem", server.key, "the server's --key: show it nobody"],
  ].map(([name, pem = "", about = ""]) => {
    const path = `${dir.replace(/\/+$/, "")}/${name}`;
    return { path, pem, about, isKey: pem.includes("PRIVATE KEY") };
  });
  await Deno.mkdir(dir, { recursive: true });
  for (const { path } of files) await checkTarget(path, force);
  for (const { path, pem, about, isKey } of files) {
    await writeFile(path, new TextEncoder().encode(pem), {
      replace: force,
      ...isKey && { mode: OWNER_ONLY },
    });
    yield { path, about };
  }
}

export const main = defineCommand(
  commands.certificate,
  async ({ dir, rest, days, force }) => {
    const names = rest.map(parseHost);
    for await (
      const file of createCertificates(dir, {
        names,
        days,
        force,
      })
    ) {
      printLine(`${file.path}  ${file.about}`);
    }
    return EXIT_OK;
  },
);

if (import.meta.main) await runMain(main);
