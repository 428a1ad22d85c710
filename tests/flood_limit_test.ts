import { assertEquals } from "@std/assert";
import { FloodLimit } from "../servers/messages/message_handler.ts";

Deno.test("FloodLimit lets a second's lines through at once, then spaces them", () => {
  let nowMs = 0;
  const limit = new FloodLimit(4, () => nowMs);
  // The fourth is heard at once, too: the wait is for the one behind it.
  assertEquals([1, 2, 3].map(() => limit.next()), [0, 0, 0]);
  assertEquals([limit.next(), limit.next()], [250, 500]);
  // Who has waited as long as it was told to waits 250 ms for each line.
  nowMs = 500;
  assertEquals(limit.next(), 250);
});

Deno.test("FloodLimit forgives after a second of silence", () => {
  let nowMs = 0;
  const limit = new FloodLimit(2, () => nowMs);
  assertEquals([1, 2, 3].map(() => limit.next()), [0, 500, 1000]);
  nowMs = 10_000;
  assertEquals([1, 2, 3].map(() => limit.next()), [0, 500, 1000]);
});
