import { bytesOf } from "../peer.ts";
import { Random } from "../subject.ts";
import { linesOf } from "./compare.ts";

const BIG = 64 * 1024 * 1024;

/** What lies beside the folder, and must not be served. */
export const SECRET = "Nobody may read this\n";

/** 00 in the middle, CR LF and LF at the end, and no UTF-8. */
export const EVERY_BYTE = Uint8Array.from([
  ...Array.from({ length: 256 }, (_, i) => (i + 128) % 256),
  ...bytesOf("\r\n\n\r\r\n"),
]);

const small = {
  "hello.txt": bytesOf("Hello, file server\n"),
  "other.txt": bytesOf("Another file, and longer than the first\n"),
  "my notes.txt": bytesOf("abc\n"),
  "accents.txt": bytesOf("Año nuevo: ¿dónde está la piñata?\n"),
  "bytes.bin": EVERY_BYTE,
  "empty.txt": new Uint8Array(),
};

export type FileName = keyof typeof small | "big.txt";

/** Made when it is asked for: it is too much to be kept. */
function bigFile(): Uint8Array {
  return linesOf(new Random("files", "big"), BIG, 4000);
}

/** A file that is served. */
export function servedFile(name: FileName): Uint8Array {
  return name === "big.txt" ? bigFile() : small[name];
}

/**
 * Fills the folder that a file server serves: it may look there only when it
 * starts. Beside the folder lie what must not be served.
 */
export async function fillFolder(dir: string): Promise<void> {
  for (const [name, data] of Object.entries(small)) {
    await Deno.writeFile(`${dir}/${name}`, data);
  }
  await Deno.writeFile(`${dir}/big.txt`, bigFile());
  for (const path of secretsBeside(dir)) await Deno.writeTextFile(path, SECRET);
}

/** The second begins like the folder: `startsWith` is no check. */
function secretsBeside(dir: string): string[] {
  return [`${dir}/../secret.txt`, `${dir}-secret.txt`];
}

/** Names that lead to what lies beside the folder, if they are used as paths. */
export function namesOutside(dir: string): string[] {
  const folder = dir.slice(dir.lastIndexOf("/") + 1);
  return [
    "../secret.txt",
    `${dir.slice(0, -folder.length)}secret.txt`,
    `../${folder}-secret.txt`,
    "./../secret.txt",
    `../${folder}/../secret.txt`,
    "..%2fsecret.txt",
    "%2e%2e%2fsecret.txt",
  ];
}

/** What `LIST` must give, but for the order. */
export function listing(): string[] {
  const sizes = Object.entries(small).map(([name, { length }]) =>
    `${name} ${length}`
  );
  return [...sizes, `big.txt ${bigFile().length}`];
}
