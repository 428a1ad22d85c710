/** One socket with its clocks and its one reader. */
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { TimeoutError } from "../protocol/transport/mod.ts";
import { bytesOf, readerOf } from "./support/chunkings.ts";
import { fakeConn } from "./support/fake_conn.ts";
import { FakeTime } from "./support/fake_time.ts";

Deno.test("Connection does not take its own pause for the peer's silence", async () => {
  using time = new FakeTime();
  let [began, heldUpTo] = [() => {}, Promise.resolve()];
  const { connection: conn } = fakeConn({
    async read(buffer) {
      began();
      await heldUpTo;
      // What lies in the kernel is taken some turns of the event loop later.
      for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r, 1));
      buffer[0] = 0x78;
      return 1;
    },
  });
  using _ = conn;
  conn.idleTimeoutMs = 100;
  for (let i = 0; i < 3; i++) {
    const waits = new Promise<void>((resolve) => began = resolve);
    let release = () => {};
    heldUpTo = new Promise((resolve) => release = resolve);
    const reading = conn.readExactly(1);
    await waits;
    time.jump(300); // As after SIGSTOP.
    release();
    assertEquals(await time.passUntil(reading, 1), bytesOf("x"));
  }
});

Deno.test("Connection still ends when the peer says nothing", async () => {
  using time = new FakeTime();
  const { connection: conn } = fakeConn({ read: () => new Promise(() => {}) });
  conn.idleTimeoutMs = 20;
  const reading = conn.read(new Uint8Array(1));
  time.jump(50);
  await assertRejects(() => time.passUntil(reading, 1), TimeoutError);
  assertInstanceOf(conn.closeReason, TimeoutError);
});

Deno.test("Connection loses no byte between a line, bytes and whoever reads on", async () => {
  const { connection: conn } = fakeConn(readerOf([bytesOf("one\r\n12345678")]));
  assertEquals(await conn.readLine(), "one");
  assertEquals(await conn.readExactly(3), bytesOf("123"));
  const rest = new Uint8Array(2);
  assertEquals(await conn.read(rest), 2);
  assertEquals(rest, bytesOf("45"));
  // Ending in order throws away what is buffered, too.
  await conn.closeInOrder();
  assertEquals(conn.bytesRead, 13);
});

Deno.test("Connection.write() writes all, however little the kernel takes", async () => {
  const fake = fakeConn(readerOf([]), 3);
  using conn = fake.connection;
  assertEquals(await conn.write(bytesOf("0123456789")), 10);
  assertEquals(fake.written(), "0123456789");
  assertEquals(conn.bytesWritten, 10);
});
