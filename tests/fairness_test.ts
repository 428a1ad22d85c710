/** Who always has more to say must not be the only one who is heard. */
import { assert } from "@std/assert";
import { fakeConn } from "./support/fake_conn.ts";

/** More reads than any turn of the event loop may take, by far. */
const TOO_MANY = 5_000_000;

/** `step` again and again, until somebody else has had a turn. */
async function untilOthersRun(step: () => Promise<unknown>): Promise<number> {
  let ran = false;
  setTimeout(() => ran = true);
  let steps = 0;
  while (!ran && steps < TOO_MANY) {
    await step();
    steps++;
  }
  return steps;
}

Deno.test("a peer whose bytes are always there lets others have their turn", async () => {
  const { connection } = fakeConn({
    read: (buffer) => Promise.resolve(buffer.fill(0x78).length),
  });
  using _ = connection;
  const buffer = new Uint8Array(8);
  const steps = await untilOthersRun(() => connection.read(buffer));
  assert(steps < TOO_MANY, "nobody else was served");
});

Deno.test("so does one whose lines are always there, in one read", async () => {
  const { connection } = fakeConn({
    read: (buffer) => Promise.resolve(buffer.fill(0x0a).length),
  });
  using _ = connection;
  const steps = await untilOthersRun(() => connection.readLine());
  assert(steps < TOO_MANY, "nobody else was served");
});
