/** What waits for a client: one write for all of it, a bound, a last line. */
import { assertEquals } from "@std/assert";
import { Outbox } from "../servers/messages/outbox.ts";
import { bytesOf } from "./support/chunkings.ts";
import { FakePeer } from "./support/fake_peer.ts";

/** Lets everything happen that waits for nothing else. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("Outbox sends at once, and then all that waits in one write", async () => {
  const peer = new FakePeer(0);
  const outbox = new Outbox(peer, 100);
  for (const line of ["one\n", "two\n", "three\n"]) {
    outbox.push([bytesOf(line)]);
  }
  assertEquals(outbox.queuedBytes, 14);
  peer.read(100);
  await settle();
  assertEquals(peer.writes, [bytesOf("one\n"), bytesOf("two\nthree\n")]);
  assertEquals(outbox.queuedBytes, 0);
});

Deno.test("Outbox offers the rest again when a part was taken", async () => {
  const peer = new FakePeer(2);
  const outbox = new Outbox(peer, 100);
  outbox.push([bytesOf("one\n")]);
  outbox.push([bytesOf("two\n")]);
  await settle();
  assertEquals([peer.text, outbox.queuedBytes], ["on", 6]);
  for (const room of [1, 3, 1, 1]) {
    peer.read(room);
    await settle();
  }
  assertEquals([peer.text, outbox.queuedBytes], ["one\ntwo\n", 0]);
});

Deno.test("Outbox refuses what is over its bound, and has room again later", async () => {
  const peer = new FakePeer(0);
  const outbox = new Outbox(peer, 10);
  assertEquals(outbox.push([bytesOf("123456\n")]), true);
  assertEquals(outbox.push([bytesOf("ab\n")]), true);
  assertEquals(outbox.push([bytesOf("c")]), false);
  assertEquals(outbox.queuedBytes, 10);
  peer.read(100);
  await settle();
  assertEquals(outbox.push([bytesOf("c\n")]), true);
  await settle();
  assertEquals(peer.text, "123456\nab\nc\n");
});

Deno.test("Outbox puts a thousand small pieces together, in order", async () => {
  const peer = new FakePeer(0);
  const outbox = new Outbox(peer, 100_000);
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}\n`);
  for (const line of lines) outbox.push([bytesOf(line)]);
  peer.read(100_000);
  await settle();
  assertEquals(peer.text, lines.join(""));
  assertEquals(peer.writes.length, 2);
});

Deno.test("Outbox.end() sends all, the last line and FIN", async () => {
  const peer = new FakePeer(0);
  using outbox = new Outbox(peer, 100);
  outbox.push([bytesOf("one\n")]);
  outbox.push([bytesOf("two\n")]);
  outbox.end([bytesOf("bye\n")]);
  assertEquals(peer.ended, false);
  peer.read(100);
  await settle();
  assertEquals([peer.text, peer.ended], ["one\ntwo\nbye\n", true]);
});

Deno.test("Outbox.end() sends FIN when there is nothing more to say", async () => {
  const peer = new FakePeer();
  using outbox = new Outbox(peer, 100);
  outbox.end([]);
  await settle();
  assertEquals([peer.writes.length, peer.ended], [0, true]);
});

Deno.test("Outbox.end() without room drops what waits, but no half of a line", async () => {
  const peer = new FakePeer(2);
  using outbox = new Outbox(peer, 10);
  outbox.push([bytesOf("one\n")]);
  outbox.push([bytesOf("two\n")]);
  outbox.push([bytesOf("three\n")]);
  await settle();
  outbox.end([bytesOf("too slow\n")]);
  peer.read(100);
  await settle();
  assertEquals([peer.text, peer.ended], ["one\ntoo slow\n", true]);
});

Deno.test("Outbox.end() gives up on a peer that does not read", async () => {
  const peer = new FakePeer(0);
  using outbox = new Outbox(peer, 10, 20);
  outbox.push([bytesOf("one\n")]);
  outbox.end([bytesOf("bye\n")]);
  while (!peer.closed) await settle();
  assertEquals([peer.text, peer.ended], ["", false]);
});

Deno.test("Outbox closes the connection when the peer is gone, with the reason", async () => {
  const peer = new FakePeer(0);
  const outbox = new Outbox(peer, 10);
  outbox.push([bytesOf("one\n")]);
  const reset = new Deno.errors.ConnectionReset("reset");
  peer.fail(reset);
  await settle();
  assertEquals([peer.closed, peer.closeReason], [true, reset]);
  // It is not the peer that is too slow.
  assertEquals(outbox.push([bytesOf("12345678901234567890")]), true);
});
