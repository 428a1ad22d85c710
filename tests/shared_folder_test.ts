/** What a shared folder names, lists, opens and remembers. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FileHashes } from "../servers/files/file_hashes.ts";
import { FileLists } from "../servers/files/file_lists.ts";
import { FileSender } from "../servers/files/file_sender.ts";
import { CAN_OPEN_AT_ONCE, SharedFile } from "../servers/files/shared_file.ts";
import { SharedFolder } from "../servers/files/shared_folder.ts";
import { nextTurn } from "../protocol/transport/turn.ts";
import {
  hostileFolder,
  makeNode,
  REFUSED_NAMES,
} from "./support/hostile_folder.ts";
import { TempFolder } from "./support/temp_folder.ts";

/** Windows has other links, and other names. */
const UNIX = Deno.build.os !== "windows";

for (const [name, code] of REFUSED_NAMES) {
  Deno.test({
    name: `SharedFolder.open() refuses ${
      JSON.stringify(name.slice(0, 30))
    }: ${code}`,
    ignore: !UNIX,
    fn: async () => {
      using hostile = hostileFolder();
      const answer = await new SharedFolder(hostile.path).open(name);
      assertEquals(answer.kind === "error" && answer.code, code);
    },
  });
}

Deno.test({
  name: "SharedFolder.list() has what open() opens, in order, and no more",
  ignore: !UNIX,
  fn: async () => {
    using hostile = hostileFolder();
    const folder = new SharedFolder(hostile.path);
    const listing = await folder.list();
    assertEquals(listing, {
      kind: "listing",
      files: [
        { name: "hello.txt", size: 5 },
        { name: "man\u0303ana.txt", size: 3 },
      ],
    });
    assert(listing.kind === "listing");
    for (const { name, size } of listing.files) {
      using opened = await open(folder, name);
      assertEquals(opened.info.size, size);
    }
  },
});

Deno.test("SharedFolder.list() leaves out names that a line cannot carry", async () => {
  using folder = new TempFolder({ "a b": "", "ñ 😀": "12" });
  if (UNIX) folder.write("two\nlines", "");
  if (UNIX) folder.write("back\\slash", "");
  assertEquals(await new SharedFolder(folder.path).list(), {
    kind: "listing",
    files: [{ name: "a b", size: 0 }, { name: "ñ 😀", size: 2 }],
  });
});

Deno.test({
  name: "SharedFolder.list() leaves out names that are no UTF-8",
  ignore: Deno.build.os !== "linux", // Others do not let one make such a name.
  fn: async () => {
    using folder = new TempFolder({ good: "" });
    const script = `touch "$0/$(printf 'bad\\377')"`;
    const args = ["-c", script, folder.path];
    assert(new Deno.Command("bash", { args }).outputSync().success);
    const shared = new SharedFolder(folder.path);
    const files = [{ name: "good", size: 0 }];
    assertEquals(await shared.list(), { kind: "listing", files });
    const answer = await shared.open("bad\ufffd");
    assertEquals(answer.kind === "error" && answer.code, "NOT_FOUND");
  },
});

Deno.test("SharedFolder.list() is refused when the folder has gone", async () => {
  const folder = new TempFolder();
  const shared = new SharedFolder(folder.path);
  folder[Symbol.dispose]();
  const listing = await shared.list();
  assertEquals(listing.kind === "error" && listing.code, "UNAVAILABLE");
});

Deno.test({
  name: "SharedFolder.open() does not follow a link that takes a file's place",
  ignore: !UNIX,
  fn: async () => {
    using hostile = hostileFolder();
    const { outer } = hostile;
    const folder = new SharedFolder(hostile.path);
    // A thousand times another thing while it is being opened.
    const flip = (async () => {
      for (let i = 0; i < 1000; i++) {
        await Deno.symlink("../secret.txt", outer.of("shared/new"));
        await Deno.rename(outer.of("shared/new"), outer.of("shared/flip"));
        await Deno.writeTextFile(outer.of("shared/new"), "public");
        await Deno.rename(outer.of("shared/new"), outer.of("shared/flip"));
      }
    })();
    let flipping = true;
    void flip.then(() => flipping = false);
    let opened = 0;
    while (flipping) {
      const answer = await folder.open("flip");
      if (answer.kind === "error") continue;
      using shared = answer;
      const bytes = new Uint8Array(6);
      await shared.read(bytes);
      assertEquals(new TextDecoder().decode(bytes), "public");
      opened++;
    }
    assert(opened > 0);
  },
});

/** What a name of the folder can be made to stand for, all of a sudden. */
const SWAPS: Record<string, (path: string, outer: TempFolder) => void> = {
  "a link that leads out": (path) => Deno.symlinkSync("../secret.txt", path),
  "a link that leads to another file of the folder": (path) =>
    Deno.symlinkSync("hello.txt", path),
  "a file from outside": (path, outer) =>
    Deno.linkSync(outer.of("secret.txt"), path),
  "a FIFO": (path) => assert(makeNode(path, "p")),
  "a folder": (path) => Deno.mkdirSync(path),
  "nothing": () => {},
};

for (const [what, swap] of Object.entries(SWAPS)) {
  Deno.test({
    name: `SharedFolder.open() refuses ${what} that was swapped in meanwhile`,
    ignore: !UNIX || what === "a FIFO" && !CAN_OPEN_AT_ONCE,
    fn: async () => {
      using hostile = hostileFolder();
      const { outer } = hostile;
      const [path, aside] = [outer.of("shared/a"), outer.of("aside")];
      outer.write("shared/a", "public");
      const folder = new SharedFolder(hostile.path);
      const swapIn = () => {
        Deno.renameSync(path, aside);
        swap(path, outer);
      };
      const swapBack = () => {
        if (what !== "nothing") Deno.renameSync(path, outer.of("swapped"));
        Deno.renameSync(aside, path);
      };
      // After the look and before it is opened; back again after that, or not.
      const refusals: [() => void, () => void][] = [[swapIn, swapBack]];
      // A second name of a file is a file of the folder.
      if (what !== "a file from outside") refusals.push([swapIn, () => {}]);
      for (const steps of refusals) {
        const answer = await betweenLooks(path, steps, () => folder.open("a"));
        assertEquals(answer.kind, "error");
        if (steps[1] !== swapBack) swapBack();
      }
      using shared = await open(folder, "a");
      assertEquals(shared.info.size, 6);
    },
  });
}

type Look = (path: string | URL, info: Deno.FileInfo) => Deno.FileInfo;

/** `before` each look at a path, and `after` it for what it is to have found. */
function watchLooks(
  before: (path: string | URL) => void,
  after: Look = (_, info) => info,
): Disposable {
  const { lstat, lstatSync } = Deno;
  Deno.lstat = async (path) => {
    before(path);
    return after(path, await lstat(path));
  };
  Deno.lstatSync = (path) => {
    before(path);
    return after(path, lstatSync(path));
  };
  const dispose = () => void Object.assign(Deno, { lstat, lstatSync });
  return { [Symbol.dispose]: dispose };
}

/** As if it had changed long ago: then one look at a folder has to do. */
function unchanged(info: Deno.FileInfo): Deno.FileInfo {
  return { ...info, ctime: new Date(0) };
}

/** Runs `first` when `path` was looked at, and `then` before it is again. */
async function betweenLooks<T>(
  path: string,
  [first, then]: [() => void, () => void],
  run: () => Promise<T>,
): Promise<T> {
  let looks = 0;
  using _ = watchLooks(
    (looked) => looked === path && ++looks === 2 && then(),
    (looked, info) => {
      if (looked === path && looks === 1) first();
      return looked === path ? info : unchanged(info);
    },
  );
  try {
    return await run();
  } finally {
    if (looks < 2) then();
  }
}

Deno.test({
  name: "SharedFolder opens and lists nothing of a folder that took its place",
  ignore: !UNIX,
  fn: async () => {
    using outer = new TempFolder({ elsewhere: "" });
    for (const name of ["shared", "private"]) {
      Deno.mkdirSync(outer.of(name));
      outer.write(`${name}/a`, name);
    }
    const folder = new SharedFolder(outer.of("shared"));
    Deno.renameSync(outer.of("shared"), outer.of("aside"));
    const PLACES = [
      () => Deno.symlinkSync("private", outer.of("shared")),
      () => Deno.renameSync(outer.of("private"), outer.of("shared")),
    ];
    {
      using _ = watchLooks(() => {}, (_, info) => unchanged(info));
      for (const take of PLACES) {
        take();
        for (const answer of [await folder.open("a"), await folder.list()]) {
          assert(answer.kind === "error", answer.kind);
          assertEquals(answer.code, "UNAVAILABLE");
          assert(answer.text.includes("replaced"), answer.text);
        }
        Deno.renameSync(outer.of("shared"), outer.of("gone"));
        if (take === PLACES[0]) Deno.removeSync(outer.of("gone"));
      }
    }
    Deno.renameSync(outer.of("aside"), outer.of("shared"));
    using shared = await open(folder, "a");
    assertEquals(shared.info.size, 6);
  },
});

Deno.test({
  name:
    "SharedFolder tells nothing of a folder that took its place for a moment",
  ignore: !UNIX,
  fn: async () => {
    using outer = new TempFolder();
    for (const name of ["shared", "private"]) {
      Deno.mkdirSync(outer.of(name));
      outer.write(`${name}/a`, name);
    }
    outer.write("private/b", "private");
    const [path, aside] = [outer.of("shared"), outer.of("aside")];
    const folder = new SharedFolder(path);
    const swapIn = () => {
      Deno.renameSync(path, aside);
      Deno.renameSync(outer.of("private"), path);
    };
    const swapBack = () => {
      Deno.renameSync(path, outer.of("private"));
      Deno.renameSync(aside, path);
    };
    // Back before the folder itself is looked at.
    let swapped = false;
    using _ = watchLooks((looked) => {
      if (looked === path && swapped) swapBack();
      if (looked === path) swapped = false;
    });
    const ANSWERS = [
      () => folder.open("a"),
      () => folder.list(),
    ];
    for (const ask of ANSWERS) {
      swapIn();
      swapped = true;
      const answer = await ask();
      const files = [{ name: "a", size: 6 }];
      if (answer.kind === "listing") assertEquals(answer.files, files);
      else assertEquals(answer.kind, "error");
    }
  },
});

Deno.test("SharedFolder.list() and open() alike leave out what has no size for the wire", async () => {
  using folder = new TempFolder({ large: "", small: "12" });
  using _ = watchLooks(
    () => {},
    (path, info) =>
      `${path}`.endsWith("large") ? { ...info, size: 2 ** 53 } : info,
  );
  const shared = new SharedFolder(folder.path);
  const files = [{ name: "small", size: 2 }];
  assertEquals(await shared.list(), { kind: "listing", files });
  const answer = await shared.open("large");
  assertEquals(answer.kind === "error" && answer.code, "FORBIDDEN");
});

Deno.test({
  name: "SharedFolder.list() leaves out what may not be read, as open() does",
  ignore: !UNIX,
  fn: async () => {
    using folder = new TempFolder({ denied: "x", own: "x", all: "x" });
    Deno.chmodSync(folder.of("own"), 0o600);
    Deno.chmodSync(folder.of("denied"), 0);
    const shared = new SharedFolder(folder.path);
    const answer = await shared.open("denied");
    const mayReadAll = answer.kind === "file"; // Who administers the machine.
    if (mayReadAll) answer[Symbol.dispose]();
    const listing = await shared.list();
    assert(listing.kind === "listing");
    const names = listing.files.map(({ name }) => name);
    assertEquals(names, mayReadAll ? ["all", "denied", "own"] : ["all", "own"]);
  },
});

Deno.test("new SharedFolder() wants a folder that is there", () => {
  using folder = new TempFolder({ file: "" });
  const make = (name: string) => () => new SharedFolder(folder.of(name));
  assertThrows(make("nowhere"), Deno.errors.NotFound);
  assertThrows(make("file"), Deno.errors.NotADirectory, "is not a folder");
});

Deno.test("FileLists makes one list at a time, and shares what is the same", async () => {
  using folder = new TempFolder({ a: "abc" });
  const shared = new SharedFolder(folder.path);
  let made = 0;
  const lists = new FileLists({
    list() {
      made++;
      return shared.list();
    },
  });
  const first = lists.get();
  folder.write("b", "");
  // The first was under way: it may lack what came after it was asked for.
  const others = [lists.get(), lists.get(), lists.get()];
  await first;
  const [one, ...more] = await Promise.all(others);
  assertEquals(made, 2);
  assertEquals(new TextDecoder().decode(one), "FILES 2\r\na 3\r\nb 0\r\n");
  for (const same of [...more, await lists.get()]) assert(same === one);
  folder.write("c", "");
  assert(await lists.get() !== one);
});

Deno.test("FileLists goes on after a list that failed", async () => {
  const outcomes = [
    () => Promise.reject(new Error("broken")),
    () => Promise.resolve({ kind: "listing" as const, files: [] }),
  ];
  const lists = new FileLists({ list: () => outcomes.shift()!() });
  const [first, second] = [lists.get(), lists.get()];
  await assertRejects(() => first, Error, "broken");
  assertEquals(new TextDecoder().decode(await second), "FILES 0\r\n");
});

Deno.test("FileLists has one refusal, too", async () => {
  using folder = new TempFolder();
  const inner = folder.of("inner");
  Deno.mkdirSync(inner);
  const lists = new FileLists(new SharedFolder(inner));
  Deno.removeSync(inner);
  const says = new TextDecoder().decode(await lists.get());
  assert(says.startsWith("ERROR UNAVAILABLE "), says);
});

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const later = { now: () => Date.now() + 60_000 };

Deno.test("FileHashes computes once, and remembers until the file changes", async () => {
  using folder = new TempFolder({ a: "abc" });
  const shared = new SharedFolder(folder.path);
  const hashes = new FileHashes(later);
  const { signal } = new AbortController();
  {
    using a = await open(shared, "a");
    assertEquals(hashes.recall(a), null);
    assertEquals(await hashes.compute(a, signal), ABC);
    assertEquals(hashes.recall(a), ABC);
    const { position } = a;
    assertEquals(await hashes.compute(a, signal), ABC);
    assertEquals(a.position, position, "it was read again");
  }
  folder.write("a", "abd");
  // The clock of the file system may not have moved since.
  Deno.utimeSync(folder.of("a"), 1, 1);
  using changed = await open(shared, "a");
  assertEquals(hashes.recall(changed), null);
  assert(await hashes.compute(changed, signal) !== ABC);
});

Deno.test("FileHashes does not remember what changed a moment ago, or since", async () => {
  using folder = new TempFolder({ a: "abc" });
  const shared = new SharedFolder(folder.path);
  using a = await open(shared, "a");
  const young = new FileHashes({ now: () => a.info.mtime!.getTime() });
  assertEquals(await young.watch(a)(ABC), false);
  assertEquals(young.recall(a), null);

  // Nor where it was old enough at the end of the reading only.
  let skewMs = 0;
  const slow = new FileHashes({ now: () => Date.now() + skewMs });
  const remember = slow.watch(a);
  skewMs = 60_000;
  assertEquals([await remember(ABC), slow.recall(a)], [false, null]);

  const hashes = new FileHashes(later);
  folder.write("a", "longer");
  assertEquals([await hashes.watch(a)(ABC), hashes.recall(a)], [false, null]);
  Deno.removeSync(folder.of("a"));
  assertEquals([await hashes.watch(a)(ABC), hashes.recall(a)], [false, null]);
});

Deno.test("FileSender tells a remembered hash of what it sent, if that did not change meanwhile", async () => {
  using folder = new TempFolder({ a: "abc" });
  const shared = new SharedFolder(folder.path);
  const hashes = new FileHashes(later);
  const { signal } = new AbortController();
  const MEANWHILE: [happens: () => void, hex: string | null][] = [
    [() => {}, ABC],
    [() => folder.write("a", "longer"), null],
    [() => Deno.renameSync(folder.of("b"), folder.of("a")), ABC],
    [() => Deno.removeSync(folder.of("a")), ABC],
  ];
  for (const [happens, hex] of MEANWHILE) {
    folder.write("a", "abc");
    folder.write("b", "another");
    using a = await open(shared, "a");
    assertEquals(await hashes.compute(a, signal), ABC);
    const sender = new FileSender(hashes, {
      write(data) {
        happens();
        return Promise.resolve(data.length);
      },
    });
    await sender.send(a, "a", 0);
    assertEquals(sender.hashOfLast("a"), hex);
  }
});

Deno.test("FileHashes reads a file once for all who ask meanwhile", async () => {
  using folder = new TempFolder({ a: "abc" });
  const shared = new SharedFolder(folder.path);
  using first = await open(shared, "a");
  using second = await open(shared, "a");
  // It has just changed: nothing is remembered.
  const hashes = new FileHashes();
  const { signal } = new AbortController();
  const both = [first, second].map((file) => hashes.compute(file, signal));
  assertEquals(await Promise.all(both), [ABC, ABC]);
  assertEquals([first.position, second.position], [3, 0]);
  // The next one reads anew.
  assertEquals(await hashes.compute(second, signal), ABC);
});

/** Files whose reads end when the test says so, and the reads under way. */
function slowFiles(a: SharedFile) {
  const reads: { name: string; end: (count: number | null) => void }[] = [];
  const make = (name: string, path = name) =>
    new SharedFile(path, a.info, {
      readAt: () => new Promise((end) => reads.push({ name, end })),
      stat: () => a.info,
      [Symbol.dispose]: () => {},
    });
  /** Ends the read, and says whose turn it is then. */
  const next = async (count: number | null) => {
    reads.shift()!.end(count);
    await nextTurn();
    return reads.map(({ name }) => name);
  };
  return { make, next, reads };
}

Deno.test("FileHashes takes the files in turn, piece by piece", async () => {
  using folder = new TempFolder({ a: "abc" });
  using a = await open(new SharedFolder(folder.path), "a");
  const { make, next } = slowFiles(a);
  const hashes = new FileHashes();
  const { signal } = new AbortController();
  // Loads what it needs.
  await hashes.compute(a, signal);
  const [first, second, small] = ["1", "2", "small"].map((name) =>
    hashes.compute(make(name), signal)
  );
  await nextTurn();
  // Two large ones, and a small one that comes after them.
  assertEquals(await next(1), ["2"]);
  assertEquals(await next(1), ["small"]);
  assertEquals(await next(1), ["1"]);
  assertEquals(await next(1), ["2"]);
  assertEquals(await next(1), ["small"]);
  assertEquals(await next(null), ["1"]);
  await small;
  assertEquals(await next(null), ["2"]);
  assertEquals(await next(null), []);
  assertEquals(await first, await second);
});

Deno.test("FileHashes goes on for who still waits, and ends when nobody does", async () => {
  using folder = new TempFolder({ a: "abc" });
  using a = await open(new SharedFolder(folder.path), "a");
  const { make, next } = slowFiles(a);
  const hashes = new FileHashes();
  await hashes.compute(a, new AbortController().signal);
  const clients = ["first", "second"].map((name) => {
    const stop = new AbortController();
    const hex = hashes.compute(make(name, "one file"), stop.signal);
    let settled = false;
    hex.catch(() => {}).finally(() => settled = true);
    const leave = () => stop.abort(new DOMException("gone", "AbortError"));
    return { hex, leave, hasSettled: () => settled };
  });
  const [first, second] = clients;
  await nextTurn();
  assertEquals(await next(1), ["first"]);
  // Its file is being read: it must not close it yet.
  first!.leave();
  await nextTurn();
  assertEquals(first!.hasSettled(), false);
  assertEquals(await next(1), ["second"]);
  await assertRejects(() => first!.hex, DOMException, "gone");
  second!.leave();
  await nextTurn();
  assertEquals(await next(1), []);
  await assertRejects(() => second!.hex, DOMException, "gone");

  const gone = AbortSignal.abort(new DOMException("gone", "AbortError"));
  await assertRejects(() => hashes.compute(make("b"), gone), DOMException);
});

/** The file, which must be one that opens. */
async function open(folder: SharedFolder, name: string) {
  const opened = await folder.open(name);
  assert(opened.kind === "file", `${name} does not open`);
  return opened;
}
