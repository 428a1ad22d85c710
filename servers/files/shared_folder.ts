import { abortable } from "@std/async/abortable";
import {
  type FileEntry,
  fileNameProblem,
  type Refusal,
} from "../../protocol/files.ts";
import { quote } from "../../protocol/text.ts";

/** A file that is open for sending. Who opened it closes it. */
export interface SharedFile extends Disposable {
  kind: "file";
  path: string;
  file: Deno.FsFile;
  /** As it was when it was opened. */
  info: Deno.FileInfo;
}

/** How many files a listing looks at together. */
const LIST_LANES = 64;

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";

const UNREADABLE = {
  kind: "error",
  code: "UNAVAILABLE",
  text: "The shared folder cannot be read now",
} as const;

/**
 * The files of one folder, read-only: the regular files right in it, and the
 * links in it that lead to regular files inside. Nothing else has a name here.
 *
 * Read permission for the folder is all that it needs. It does not lean on it:
 * Deno 2.4 compares the path, and then follows a link out of the folder.
 */
export class SharedFolder {
  /** Absolute, without links, with a separator at its end. */
  readonly #root: string;

  /**
   * @throws {Deno.errors.NotFound} There is no such folder.
   * @throws {Deno.errors.NotADirectory} It is no folder.
   * @throws {Deno.errors.NotCapable} No permission to read it; for a link to
   * a folder it is the folder that needs it.
   */
  constructor(dir: string) {
    const root = Deno.realPathSync(dir);
    if (!Deno.statSync(root).isDirectory) {
      throw new Deno.errors.NotADirectory(`${quote(dir)} is no folder`);
    }
    this.#root = withSeparator(root);
  }

  /** Every file that can be opened, in the order of their names. */
  async list(): Promise<{ kind: "listing"; files: FileEntry[] } | Refusal> {
    let entries: Deno.DirEntry[];
    try {
      entries = await Array.fromAsync(Deno.readDir(this.#root));
    } catch {
      return UNREADABLE;
    }
    const files: FileEntry[] = [];
    for (let i = 0; i < entries.length; i += LIST_LANES) {
      const some = entries.slice(i, i + LIST_LANES);
      const found = await Promise.all(some.map((entry) => this.#look(entry)));
      files.push(...found.filter((file) => file !== null));
    }
    // A link may have taken its place meanwhile, and all that was another's.
    const root = await Deno.realPath(this.#root).catch(() => "");
    if (withSeparator(root) !== this.#root) return UNREADABLE;
    files.sort((a, b) => a.name < b.name ? -1 : 1);
    return { kind: "listing", files };
  }

  /**
   * Opens a file by its name in the listing, or says why not.
   *
   * @throws The signal's reason when it fires first.
   */
  async open(
    name: string,
    signal?: AbortSignal,
  ): Promise<SharedFile | Refusal> {
    const found = await this.#find(name);
    if (found.kind === "error") return found;
    const { path } = found;
    let file: Deno.FsFile;
    try {
      file = await openOrGiveUp(path, signal);
    } catch (error) {
      signal?.throwIfAborted();
      return refusalFor(name, error);
    }
    const info = await statOpen(file, found.info);
    // Between the look and the opening another one can have taken its place.
    const { dev, ino } = found.info;
    if (!info?.isFile || info.dev !== dev || info.ino !== ino) {
      file.close();
      return refuse("UNAVAILABLE", name, "is being replaced, try again");
    }
    const close = () => file.close();
    return { kind: "file", path, file, info, [Symbol.dispose]: close };
  }

  /** Only a link needs the long way. */
  async #look({ name, isFile, isSymlink }: Deno.DirEntry) {
    if (fileNameProblem(name) !== null) return null;
    if (isSymlink) {
      const found = await this.#find(name);
      return found.kind === "error" ? null : { name, size: found.info.size };
    }
    if (!isFile) return null;
    // One that is gone by now, or whose name is no UTF-8, has no size.
    const info = await Deno.lstat(this.#root + name).catch(() => null);
    return info?.isFile ? { name, size: info.size } : null;
  }

  /**
   * Looks without opening: opening a FIFO waits for a writer, and opening a
   * device can do anything.
   */
  async #find(name: string): Promise<FoundFile | Refusal> {
    const problem = fileNameProblem(name);
    if (problem !== null) return refuse("BAD_NAME", name, problem);
    try {
      const path = await Deno.realPath(this.#root + name);
      if (!path.startsWith(this.#root)) {
        return refuse("FORBIDDEN", name, "leads out of the shared folder");
      }
      // `lstat`: a link that takes the place of `path` now is not followed.
      const info = await Deno.lstat(path);
      return info.isFile
        ? { kind: "found", path, info }
        : refuse("NOT_A_FILE", name, "is no regular file");
    } catch (error) {
      return refusalFor(name, error);
    }
  }
}

function withSeparator(path: string): string {
  return path.endsWith(SEPARATOR) ? path : path + SEPARATOR;
}

interface FoundFile {
  kind: "found";
  path: string;
  info: Deno.FileInfo;
}

/**
 * A FIFO that has taken the place of a file is opened only when somebody opens
 * its other end: nothing but the server's end gives that up.
 */
async function openOrGiveUp(
  path: string,
  signal?: AbortSignal,
): Promise<Deno.FsFile> {
  const opening = Deno.open(path);
  if (!signal) return await opening;
  try {
    return await abortable(opening, signal);
  } catch (error) {
    opening.then((file) => file.close(), () => {});
    throw error;
  }
}

/** The files inside an executable (deno compile) cannot say it themselves. */
async function statOpen(
  file: Deno.FsFile,
  looked: Deno.FileInfo,
): Promise<Deno.FileInfo | null> {
  try {
    return await file.stat();
  } catch (error) {
    return error instanceof Deno.errors.NotSupported ? looked : null;
  }
}

function refuse(code: string, name: string, problem: string): Refusal {
  return { kind: "error", code, text: `${quote(name)} ${problem}` };
}

/** The system's own words name paths of this machine: they stay here. */
function refusalFor(name: string, error: unknown): Refusal {
  if (error instanceof Deno.errors.NotFound) {
    const text = `No such file ${quote(name)}`;
    return { kind: "error", code: "NOT_FOUND", text };
  }
  const denied = error instanceof Deno.errors.NotCapable ||
    error instanceof Deno.errors.PermissionDenied;
  return denied
    ? refuse("FORBIDDEN", name, "may not be read")
    : refuse("UNAVAILABLE", name, "cannot be read now");
}
