/** Sending and receiving bytes of a known length, without a network. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import { fetchFile } from "../exercises/08_file_client.ts";
import { FileClient } from "../exercises/08_files/file_client.ts";
import { UnexpectedEndError } from "../protocol/errors.ts";
import { copyBuffer } from "../protocol/transport/copy.ts";
import type { Reader, Writer } from "../protocol/transport/socket.ts";
import { FileShrankError, sendExactly } from "../servers/files/file_sender.ts";
import { bytesOf, chunkings, readerOf } from "./support/chunkings.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakeTime, othersRun } from "./support/fake_time.ts";
import { testBytes } from "./support/temp_folder.ts";

const MIB = 1024 * 1024;

/** Takes everything, at most `most` bytes at once. */
function sink(most = Infinity) {
  const parts: Uint8Array[] = [];
  const writer: Writer = {
    async write(data) {
      await Promise.resolve();
      const part = data.slice(0, Math.min(most, data.length));
      parts.push(part);
      return part.length;
    },
  };
  const bytes = () => concat(parts);
  return { ...writer, bytes };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The bytes of exercise 8's client, over a connection without a network. */
async function receive(
  source: Reader,
  target: Writer,
  length: number,
  options: { chunkBytes: number },
): Promise<void> {
  const announcement = bytesOf(`SENDING_FILE a ${length}\r\n`);
  let announced = false;
  const input: Reader = {
    read(buffer) {
      if (announced) return source.read(buffer);
      announced = true;
      buffer.set(announcement);
      return Promise.resolve(announcement.length);
    },
  };
  const { connection } = fakeConn(input);
  using client = new FileClient(() => Promise.resolve(connection));
  const nothing = () => Promise.resolve();
  const write = (data: Uint8Array) => target.write(data);
  const destination = {
    beginning: null,
    open: nothing,
    write,
    commit: nothing,
  };
  await fetchFile(client, "a", destination, { verify: false, ...options });
}

function seenBy(
  target: Writer,
  onBytes: (bytes: Uint8Array) => void = () => {},
): Writer {
  return {
    async write(data) {
      const count = await target.write(data);
      onBytes(data.subarray(0, count));
      return count;
    },
  };
}

/** Both directions have one shape: so many bytes from there to here. */
const MOVES: Record<
  string,
  (
    source: Reader,
    target: Writer,
    length: number,
    onBytes?: (bytes: Uint8Array) => void,
  ) => Promise<void>
> = {
  "sendExactly()": sendExactly,
  "fetchFile()": (source, target, length, onBytes) =>
    receive(source, seenBy(target, onBytes), length, { chunkBytes: MIB }),
  "fetchFile() by 3 bytes": (source, target, length, onBytes) =>
    receive(source, seenBy(target, onBytes), length, { chunkBytes: 3 }),
};

for (const [name, move] of Object.entries(MOVES)) {
  Deno.test(`${name} moves the bytes, however they are cut`, async () => {
    const content = testBytes(50);
    for (const { name, chunks } of chunkings(content)) {
      for (const most of [1, 7, Infinity]) {
        const target = sink(most);
        const seen: Uint8Array[] = [];
        await move(
          readerOf(chunks),
          target,
          content.length,
          (bytes) => seen.push(bytes.slice()),
        );
        assertEquals(target.bytes(), content, name);
        assertEquals(concat(seen), content, name);
      }
    }
  });

  Deno.test(`${name} takes no byte more than announced`, async () => {
    const content = testBytes(50);
    for (const length of [0, 1, 25, 49]) {
      const source = readerOf([content]);
      const target = sink();
      await move(source, target, length);
      assertEquals(target.bytes(), content.slice(0, length));
      const rest = new Uint8Array(100);
      assertEquals(await source.read(rest), 50 - length);
    }
  });

  Deno.test(`${name} passes on what either end fails with`, async () => {
    const content = testBytes(50);
    const reset = new Deno.errors.ConnectionReset("reset");
    await assertRejects(
      () => move(readerOf([content.slice(0, 10)], reset), sink(), 50),
      Deno.errors.ConnectionReset,
    );
    const full = new Error("disk full");
    const target = { write: () => Promise.reject(full) };
    const error = await assertRejects(
      () => move(readerOf([content]), target, 50),
      Error,
    );
    assertEquals(error, full);
  });
}

Deno.test("sendExactly() fails when the file has become shorter", async () => {
  const target = sink();
  const error = await assertRejects(
    () => sendExactly(readerOf([testBytes(10)]), target, 50),
    FileShrankError,
  );
  assertEquals(error.message, "40 of 50 bytes are missing");
  assertEquals(target.bytes(), testBytes(10));
});

Deno.test("fetchFile() says how far it came, and has written that", async () => {
  const content = testBytes(5 * MIB);
  for (const length of [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 17]) {
    const target = sink();
    const source = readerOf([content.slice(0, length)]);
    const error = await assertRejects(
      () => receive(source, target, content.length, { chunkBytes: MIB }),
      UnexpectedEndError,
    );
    const came = `${length} of ${content.length} bytes`;
    assertEquals(error.message, `Input ended after ${came}`);
    assertEquals(target.bytes().length, length);
    assert(target.bytes().every((byte, i) => byte === content[i]));
  }
});

/** Gives as much as is asked for, and counts it. */
function endless(): Reader & { given: number } {
  return {
    given: 0,
    async read(buffer) {
      await Promise.resolve();
      this.given += buffer.length;
      return buffer.length;
    },
  };
}

/** A peer that takes nothing, until it is let go. */
function stuck() {
  const { promise, reject } = Promise.withResolvers<number>();
  return { write: () => promise, letGo: () => reject(new Error("gone")) };
}

/** Lets everything run that can without the outside. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

Deno.test("sendExactly() holds one buffer for a peer that does not read", async () => {
  const [source, target] = [endless(), stuck()];
  const sending = sendExactly(source, target, 1000 * MIB);
  await settle();
  assertEquals(source.given, 2 * MIB);
  target.letGo();
  await assertRejects(() => sending, Error, "gone");
  assertEquals(source.given, 2 * MIB);
});

Deno.test("sendExactly() has smaller buffers where many transfers run", async () => {
  const sources = Array.from({ length: 1000 }, endless);
  const target = stuck();
  const running = sources.map((source) =>
    sendExactly(source, target, 1000 * MIB).catch((error) => error)
  );
  await settle();
  const held = (count: number) =>
    sources.slice(0, count).reduce((sum, { given }) => sum + given, 0);
  assertEquals(held(8), 16 * MIB);
  assert(held(100) < 80 * MIB, `100 hold ${held(100)} bytes`);
  assert(held(1000) < 160 * MIB, `1000 hold ${held(1000)} bytes`);
  target.letGo();
  for (const error of await Promise.all(running)) {
    assertInstanceOf(error, Error);
  }
  // They are over: the next one has a whole buffer again.
  const [source, next] = [endless(), stuck()];
  const sending = sendExactly(source, next, 1000 * MIB);
  await settle();
  assertEquals(source.given, 2 * MIB);
  next.letGo();
  await assertRejects(() => sending, Error);
});

Deno.test("sendExactly() reads ahead also where very many transfers run", async () => {
  const target = stuck();
  const rooms: number[] = [];
  const source = {
    read(buffer: Uint8Array) {
      rooms.push(buffer.length);
      return Promise.resolve(buffer.length);
    },
  };
  const running = Array.from(
    { length: 300 },
    () => sendExactly(source, target, 1000 * MIB).catch((error) => error),
  );
  await settle();
  assertEquals([rooms.length, rooms.includes(0)], [600, false]);
  target.letGo();
  await Promise.all(running);
});

Deno.test("sendExactly() sends a small file in one piece", async () => {
  const content = testBytes(4097);
  let writes = 0;
  await sendExactly(readerOf([content]), {
    write(data) {
      writes++;
      return Promise.resolve(data.length);
    },
  }, content.length);
  assertEquals(writes, 1);
});

Deno.test("sendExactly() gives the file back only when no read is under way", async () => {
  let reading = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const source: Reader = {
    async read(buffer) {
      reading = true;
      if (buffer.length < MIB) await promise;
      reading = false;
      return buffer.length;
    },
  };
  const target = { write: () => Promise.reject(new Error("gone")) };
  const sending = sendExactly(source, target, MIB + 10);
  await settle();
  assertEquals(reading, true);
  resolve();
  await assertRejects(() => sending, Error, "gone");
  assertEquals(reading, false);
});

Deno.test("sendExactly() uses a buffer again, unless a write may go on with it", async () => {
  const used: ArrayBufferLike[] = [];
  const source: Reader = {
    read(buffer) {
      used.push(buffer.buffer);
      return Promise.resolve(buffer.length);
    },
  };
  const gone = { write: () => Promise.reject(new Error("gone")) };
  const send = (target: Writer) => sendExactly(source, target, MIB);
  await send(sink());
  await send(sink());
  const [first] = used.splice(0);
  await assertRejects(() => send(gone), Error);
  assertEquals(used.splice(0)[0], first);
  await send(sink());
  assert(used[0] !== first);
});

Deno.test("copyBuffer() has the bytes that one asks for, and more before them", () => {
  for (const bytes of [0, 1, 2048]) {
    const { length, byteOffset } = copyBuffer(bytes);
    assertEquals([length, byteOffset], [bytes, 0]);
  }
  for (const bytes of [2049, 65_536, MIB]) {
    const { length, byteOffset } = copyBuffer(bytes);
    assertEquals([length, byteOffset], [bytes, 2048]);
  }
});

Deno.test("fetchFile() reads on while a write is under way, and no further", async () => {
  using _ = new FakeTime(); // No turn of ours is over: it reads on at once.
  const chunkBytes = 1000;
  const [source, target] = [endless(), stuck()];
  const receiving = receive(source, target, MIB, { chunkBytes });
  await othersRun();
  assertEquals(source.given, 2 * chunkBytes);
  target.letGo();
  await assertRejects(() => receiving, Error, "gone");
});

Deno.test("fetchFile() puts what comes meanwhile into one write", async () => {
  using _ = new FakeTime(); // No turn of ours is over: it reads on at once.
  const content = testBytes(100);
  const writes: number[] = [];
  const first = Promise.withResolvers<void>();
  const target: Writer = {
    async write(data) {
      writes.push(data.length);
      if (writes.length === 1) await first.promise;
      return data.length;
    },
  };
  const source = readerOf(Array.from(content, (byte) => Uint8Array.of(byte)));
  const chunkBytes = content.length;
  const receiving = receive(source, target, chunkBytes, { chunkBytes });
  await othersRun();
  first.resolve();
  await receiving;
  assertEquals(writes, [1, 99]);
});
