/** What a shared folder names, lists, opens and remembers. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FileHashes } from "../servers/files/file_hashes.ts";
import { FileLists } from "../servers/files/file_lists.ts";
import { FileSender } from "../servers/files/file_sender.ts";
import { SharedFolder } from "../servers/files/shared_folder.ts";
import { Transfers } from "../servers/files/transfers.ts";
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
        { name: "link_deeper", size: 6 },
        { name: "link_in", size: 5 },
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
      await shared.file.read(bytes);
      assertEquals(new TextDecoder().decode(bytes), "public");
      opened++;
    }
    assert(opened > 0);
  },
});

Deno.test({
  name: "a FIFO that takes the place of a file holds nobody up who is to stop",
  ignore: !UNIX, // Windows has no FIFO.
  fn: async () => {
    using folder = new TempFolder({ a: "abc" });
    const path = folder.of("a");
    const { lstat } = Deno;
    Deno.lstat = async (looked) => {
      const info = await lstat(looked);
      Deno.removeSync(path);
      makeNode(path, "p");
      stop.abort(new DOMException("stop", "AbortError"));
      return info;
    };
    const stop = new AbortController();
    const shared = new SharedFolder(folder.path);
    try {
      await assertRejects(() => shared.open("a", stop.signal), DOMException);
    } finally {
      Deno.lstat = lstat;
    }
    // The open that was given up ends now, and what it opened is closed.
    using writer = await Deno.open(path, { write: true });
    await assertRejects(async () => {
      for (;;) await writer.write(new Uint8Array(1));
    }, Deno.errors.BrokenPipe);
  },
});

Deno.test("new SharedFolder() wants a folder that is there", () => {
  using folder = new TempFolder({ file: "" });
  const make = (name: string) => () => new SharedFolder(folder.of(name));
  assertThrows(make("nowhere"), Deno.errors.NotFound);
  assertThrows(make("file"), Deno.errors.NotADirectory, "is no folder");
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

Deno.test("SharedFolder.list() lists no other folder that took its place", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.of("shared"));
  Deno.mkdirSync(folder.of("private"));
  Deno.writeTextFileSync(folder.of("private/secret"), "x");
  const shared = new SharedFolder(folder.of("shared"));
  Deno.removeSync(folder.of("shared"));
  Deno.symlinkSync(folder.of("private"), folder.of("shared"));
  const listing = await shared.list();
  assert(listing.kind === "error" && listing.code === "UNAVAILABLE");
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
    // A second reading would begin at the end, and find nothing.
    assertEquals(await hashes.compute(a, signal), ABC);
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
  const young = new FileHashes();
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
  const lists = new FileLists(shared);
  const transfers = new Transfers();
  const service = { folder: shared, lists, hashes, transfers };
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
    await a.file.seek(0, Deno.SeekMode.Start);
    const sender = new FileSender(service, {
      write(data) {
        happens();
        return Promise.resolve(data.length);
      },
    });
    await sender.send(a, "a", 0);
    assertEquals(sender.hashOfLast("a"), hex);
  }
});

Deno.test("FileHashes stops reading when its signal fires", async () => {
  using folder = new TempFolder({ a: "abc" });
  using a = await open(new SharedFolder(folder.path), "a");
  const stop = AbortSignal.abort(new DOMException("stop", "AbortError"));
  await assertRejects(() => new FileHashes().compute(a, stop), DOMException);
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
  assertEquals(await first.file.seek(0, Deno.SeekMode.Current), 3);
  assertEquals(await second.file.seek(0, Deno.SeekMode.Current), 0);
  // The next one reads anew.
  assertEquals(await hashes.compute(second, signal), ABC);
});

Deno.test("FileHashes takes two pieces at once, and each file's in turn", async () => {
  using folder = new TempFolder({ a: "abc" });
  using a = await open(new SharedFolder(folder.path), "a");
  const reads: { file: number; end: (count: number | null) => void }[] = [];
  const hashes = new FileHashes();
  const { signal } = new AbortController();
  const all = [0, 1, 2].map((i) => {
    const read = () =>
      new Promise<number | null>((end) => reads.push({ file: i, end }));
    const file = { read } as unknown as Deno.FsFile;
    return hashes.compute({ ...a, path: `${a.path}${i}`, file }, signal);
  });
  const next = async (count: number | null) => {
    reads.shift()!.end(count);
    await nextTurn();
    return reads.map(({ file }) => file);
  };
  await nextTurn();
  assertEquals(reads.map(({ file }) => file), [0, 1]);
  // Two large ones, and a small one that comes in between.
  assertEquals(await next(1), [1, 2]);
  assertEquals(await next(1), [2, 0]);
  assertEquals(await next(null), [0, 1]);
  await all[2];
  assertEquals(await next(null), [1]);
  assertEquals(await next(null), []);
  const [first, second] = await Promise.all(all);
  assertEquals(first, second);
});

/** The file, which must be one that opens. */
async function open(folder: SharedFolder, name: string) {
  const opened = await folder.open(name);
  assert(opened.kind === "file", `${name} does not open`);
  return opened;
}
