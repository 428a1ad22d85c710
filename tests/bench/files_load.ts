/**
 * `files_load.ts <port> <name> <clients> <folder>`: so many clients at once in
 * one process download the file to the folder, verified. Prints when the first
 * began and the last had ended, in ms since 1970.
 */
import { fileClient } from "../../exercises/08_file_client.ts";
import { download } from "../support/download.ts";

const [port, name = "", clients, folder] = Deno.args;

/** What `files get` takes for one; a hundred of that would be 200 MB. */
const chunkBytes = Number(clients) === 1 ? 1024 * 1024 : 256 * 1024;

async function fetchOnce(i: number): Promise<void> {
  using client = fileClient("127.0.0.1", Number(port), { timeoutMs: 60_000 });
  const path = `${folder}/${name}.${i}`;
  const fetched = await download(client, name, path, { chunkBytes });
  if (fetched.kind !== "fetched" || !fetched.same) throw new Error("Wrong");
  await client.quit();
}

const now = () => performance.timeOrigin + performance.now();

await Deno.mkdir(folder!);
const start = now();
await Promise.all(
  Array.from({ length: Number(clients) }, (_, i) => fetchOnce(i)),
);
console.log(`${start} ${now()}`);
