import {
  type FileEntry,
  fileNameProblem,
  type Refusal,
} from "../../protocol/files.ts";
import { quote } from "../../protocol/text.ts";
import {
  CAN_OPEN_AT_ONCE,
  GRAIN_MS,
  openAtOnce,
  type OpenFile,
  openSimply,
  SharedFile,
} from "./shared_file.ts";

/** How many files a listing examines at a time. */
const LIST_LANES = 64;

/** How many times to check a folder that has just changed. */
const LOOKS = 30;

const SEPARATOR = Deno.build.os === "windows" ? "\\" : "/";

/** Owner, group and others may read. */
const READABLE_BY_ALL = 0o444;

/**
 * The regular files directly in one folder, read-only. No link is followed:
 * anyone who can write in the folder could redirect it between check and use.
 *
 * It needs only read permission for the folder, but does not rely on it: Deno
 * checks the path, and then follows a link out of the folder.
 */
export class SharedFolder {
  /** Absolute, without links. */
  readonly #root: string;
  readonly #rootInfo: Deno.FileInfo;
  readonly #openFile: (path: string) => Promise<OpenFile>;

  /**
   * @throws {Deno.errors.NotFound} There is no such folder.
   * @throws {Deno.errors.NotADirectory} It is not a folder.
   * @throws {Deno.errors.NotCapable} No permission to read it. For a link, the
   * folder that it leads to needs the permission.
   */
  constructor(dir: string) {
    this.#root = Deno.realPathSync(dir);
    this.#rootInfo = Deno.lstatSync(this.#root);
    if (!this.#rootInfo.isDirectory) {
      throw new Deno.errors.NotADirectory(`${quote(dir)} is not a folder`);
    }
    // Files inside an executable (deno compile) have no inode number.
    const canOpenAtOnce = CAN_OPEN_AT_ONCE && this.#rootInfo.ino !== 0;
    this.#openFile = canOpenAtOnce ? openAtOnce : openSimply;
  }

  /** Every file that can be opened, sorted by name. */
  async list(): Promise<{ kind: "listing"; files: FileEntry[] } | Refusal> {
    const files: FileEntry[] = [];
    try {
      const names = await this.#names();
      if (names === null) return REPLACED;
      for (let i = 0; i < names.length; i += LIST_LANES) {
        const some = names.slice(i, i + LIST_LANES);
        const found = await Promise.all(some.map((name) => this.#entry(name)));
        files.push(...found.filter((file) => file !== null));
      }
    } catch {
      return { ...REPLACED, text: "The shared folder cannot be read now" };
    }
    files.sort((a, b) => a.name < b.name ? -1 : 1);
    return { kind: "listing", files };
  }

  /**
   * Opens a file by its name in the listing, or returns a refusal.
   *
   * Checks before it opens: opening a device can do anything. Checks again
   * after: something else may have replaced the file for a moment. No other
   * file gets the inode number of an open one, so an equal number in the folder
   * proves that it is the same file.
   */
  async open(name: string): Promise<SharedFile | Refusal> {
    const problem = fileNameProblem(name);
    if (problem !== null) return refuse("BAD_NAME", name, problem);
    const path = this.#pathOf(name);
    const startMs = Date.now();
    try {
      const refusal = refusalOf(name, await Deno.lstat(path));
      if (refusal !== null) return refusal;
      using stack = new DisposableStack();
      const file = stack.use(await this.#openFile(path));
      // The system has just read these: a thread would only cost time.
      const [opened, info] = [file.stat(), Deno.lstatSync(path)];
      if (refusalOf(name, info) !== null || !isSame(info, opened)) {
        return refuse("UNAVAILABLE", name, "is being replaced, try again");
      }
      const again = () => isSame(Deno.lstatSync(path), opened);
      if (!await this.#wasHere(startMs, again)) return REPLACED;
      stack.move();
      return new SharedFile(path, info, file);
    } catch (error) {
      return refusalFor(name, error);
    }
  }

  /** Null when another folder has taken its place. */
  async #names(): Promise<string[] | null> {
    const startMs = Date.now();
    let names = await this.#readNames();
    const again = async () => {
      const there = new Set(await this.#readNames());
      names = names.filter((name) => there.has(name));
      return true;
    };
    return await this.#wasHere(startMs, again) ? names : null;
  }

  async #readNames(): Promise<string[]> {
    const entries = await Array.fromAsync(Deno.readDir(this.#root));
    return entries.filter(({ isFile }) => isFile).map(({ name }) => name);
  }

  /** Null for what `open()` would refuse. */
  async #entry(name: string): Promise<FileEntry | null> {
    if (fileNameProblem(name) !== null) return null;
    // A file may be gone by now, or have a name that is not UTF-8.
    const info = await Deno.lstat(this.#pathOf(name)).catch(() => null);
    if (info === null || refusalOf(name, info) !== null) return null;
    const { size, mode } = info;
    if (mode === null || (mode & READABLE_BY_ALL) === READABLE_BY_ALL) {
      return { name, size };
    }
    const opened = await this.open(name);
    if (opened.kind === "error") return null;
    opened[Symbol.dispose]();
    return { name, size };
  }

  /**
   * Whether the path has led to this folder since `startMs`, even if somebody
   * swapped another folder in and out. A swap changes the ctime, but so does
   * every new file. So after a recent change it checks at random: either the
   * folder itself or, through `again`, what it contains. Whichever folder is
   * there at that moment, one check in two detects the swap.
   */
  async #wasHere(
    startMs: number,
    again: () => boolean | Promise<boolean>,
  ): Promise<boolean> {
    const { ctime, ...root } = Deno.lstatSync(this.#root);
    if (!isSame(root, this.#rootInfo)) return false;
    if ((ctime?.getTime() ?? 0) < startMs - GRAIN_MS) return true;
    for (let i = 0; i < LOOKS; i++) {
      const isRight = Math.random() < 0.5
        ? await again()
        : isSame(Deno.lstatSync(this.#root), this.#rootInfo);
      if (!isRight) return false;
    }
    return true;
  }

  #pathOf(name: string): string {
    const root = this.#root;
    return root.endsWith(SEPARATOR) ? root + name : root + SEPARATOR + name;
  }
}

/** Whether both are the same file or folder. */
function isSame(
  one: Pick<Deno.FileInfo, "dev" | "ino">,
  other: Pick<Deno.FileInfo, "dev" | "ino">,
): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Why `name` is not offered, or null if it is. */
function refusalOf(name: string, info: Deno.FileInfo): Refusal | null {
  if (info.isSymlink) {
    return refuse("FORBIDDEN", name, "is a link: none is followed");
  }
  if (!info.isFile) return refuse("NOT_A_FILE", name, "is no regular file");
  return Number.isSafeInteger(info.size)
    ? null
    : refuse("FORBIDDEN", name, "has more than 2^53 - 1 bytes");
}

const REPLACED: Refusal = {
  kind: "error",
  code: "UNAVAILABLE",
  text: "The shared folder was replaced: the server must be started again",
};

function refuse(code: string, name: string, problem: string): Refusal {
  return { kind: "error", code, text: `${quote(name)} ${problem}` };
}

/** The system's own message names paths of this machine: it is not sent. */
function refusalFor(name: string, error: unknown): Refusal {
  const { errors } = Deno;
  // Errors of node:fs have a code instead of a class.
  const { code = "" } = error as { code?: string };
  if (error instanceof errors.NotFound || code === "ENOENT") {
    const text = `No such file ${quote(name)}`;
    return { kind: "error", code: "NOT_FOUND", text };
  }
  const denied = error instanceof errors.NotCapable ||
    error instanceof errors.PermissionDenied || code === "EACCES";
  return denied
    ? refuse("FORBIDDEN", name, "may not be read")
    : refuse("UNAVAILABLE", name, "cannot be read now");
}
