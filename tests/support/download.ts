import {
  fetchFile,
  type FetchOptions,
} from "../../exercises/08_file_client.ts";
import {
  download as downloadWith,
  type DownloadOptions,
} from "../../exercises/08_files/download.ts";
import type { FileClient } from "../../exercises/08_files/file_client.ts";

/** As the command does. */
export function download(
  client: FileClient,
  name: string,
  path: string,
  options: DownloadOptions & FetchOptions = {},
) {
  return downloadWith(
    client,
    name,
    path,
    (part) => fetchFile(client, name, part, options),
    options,
  );
}
