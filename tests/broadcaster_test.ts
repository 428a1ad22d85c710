/** Who is told what, in which order, and in how many writes. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Batch } from "../servers/messages/batch.ts";
import { Broadcaster } from "../servers/messages/broadcaster.ts";
import { Outbox } from "../servers/messages/outbox.ts";
import { FakeTime } from "./support/fake_time.ts";
import { FakePeer } from "./support/fake_peer.ts";
import { Random } from "./support/random.ts";

const text = (...pieces: readonly Uint8Array[]) =>
  pieces.map((bytes) => new TextDecoder().decode(bytes)).join("");

Deno.test("Batch gives each listener its own lines in their order", () => {
  const batch = new Batch<string>();
  batch.tellAll("1 ");
  batch.tellAll("from ana ", "ana");
  batch.tell("bob", "only bob ");
  batch.tellAll("2 ");
  batch.add("carla");
  batch.tellAll("3 ");
  batch.tellAll("from carla ", "carla");
  assertEquals(text(...batch.take("ana")), "1 2 3 from carla ");
  assertEquals(
    text(...batch.take("bob")),
    "1 from ana only bob 2 3 from carla ",
  );
  assertEquals(text(...batch.take("carla")), "3 ");
  assertEquals(text(...batch.take("dora")), "1 from ana 2 3 from carla ");
});

Deno.test("Batch keeps one copy of what all hear", () => {
  const batch = new Batch<string>();
  batch.tellAll("ñ 😀\r\n".repeat(1000));
  const [bytes] = batch.take("ana");
  assertEquals(text(bytes!), "ñ 😀\r\n".repeat(1000));
  assert(bytes === batch.take("bob")[0]);
  assertEquals(batch.length, bytes!.length);
});

Deno.test("Batch is not empty when only one was told something", () => {
  const batch = new Batch<string>();
  batch.tell("ana", "hello");
  assertEquals(batch.length, 5);
});

class Person {
  readonly outbox: Outbox;

  constructor(readonly peer: FakePeer, maxBytes: number) {
    this.outbox = new Outbox(peer, maxBytes);
  }
}

/** A broadcaster with `count` listeners. */
function audience(count: number, maxBytes = 1024, patienceMs = 1000) {
  const slow: Person[] = [];
  const broadcaster = new Broadcaster<Person>((person) => {
    slow.push(person);
    broadcaster.tell(person, "too slow\n");
    broadcaster.end(person);
    broadcaster.tellAll("someone left\n");
  }, patienceMs);
  const people = Array.from(
    { length: count },
    () => new Person(new FakePeer(), maxBytes),
  );
  for (const person of people) broadcaster.add(person);
  return { broadcaster, people, slow };
}

/** Until everything that was told is on its way. */
async function sent(broadcaster: Broadcaster<Person>): Promise<void> {
  await new Promise<void>((resolve) => {
    const last = new Person(new FakePeer(), 1024);
    last.peer.closeWrite = () => Promise.resolve();
    broadcaster.add(last);
    broadcaster.tell(last, "end");
    last.peer.writePart = (data) => {
      broadcaster.remove(last);
      resolve();
      return Promise.resolve(data.length);
    };
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("Broadcaster puts what is told in one turn into one write each", async () => {
  const { broadcaster, people } = audience(3);
  const [ana, bob, carla] = people as [Person, Person, Person];
  broadcaster.tellAll("<ana> 1\n", ana);
  broadcaster.tell(bob, "for bob\n");
  broadcaster.tellAll("<carla> 2\n", carla);
  await sent(broadcaster);
  assertEquals(ana.peer.text, "<carla> 2\n");
  assertEquals(bob.peer.text, "<ana> 1\nfor bob\n<carla> 2\n");
  assertEquals(carla.peer.text, "<ana> 1\n");
  for (const { peer } of people) assertEquals(peer.writes.length, 1);
});

Deno.test("Broadcaster reaches a thousand, also who comes and goes meanwhile", async () => {
  const { broadcaster, people } = audience(1000);
  broadcaster.tellAll("first\n");
  const late = new Person(new FakePeer(), 1024);
  // The next in turn goes while the first hundred are written to.
  people[99]!.peer.writePart = (data) => {
    setImmediate(() => broadcaster.remove(people[100]!));
    return Promise.resolve(data.length);
  };
  // Some of the thousand have got the first by then, and others not yet.
  people[0]!.peer.writePart = (data) => {
    if (text(data) === "first\n") {
      broadcaster.add(late);
      broadcaster.tellAll("second\n");
      broadcaster.end(people[500]!);
      broadcaster.remove(people[600]!);
    }
    return Promise.resolve(data.length);
  };
  await sent(broadcaster);
  await sent(broadcaster);
  assertEquals(late.peer.text, "second\n");
  assertEquals(people[500]!.peer.text, "first\nsecond\n");
  assert(people[500]!.peer.ended);
  people[500]!.outbox[Symbol.dispose]();
  for (const gone of [people[100]!, people[600]!]) {
    assertEquals([gone.peer.text, broadcaster.has(gone)], ["", false]);
  }
  const others = people.filter((_, i) => ![0, 99, 100, 500, 600].includes(i));
  for (const { peer } of others) {
    assertEquals(peer.text, "first\nsecond\n");
  }
});

Deno.test("Broadcaster tells of who is too slow; one leaving can cause the next", async () => {
  const { broadcaster, people, slow } = audience(20, 100);
  // Three do not read. The first has no room left for a line, the others none
  // for the line that says that the one before has left.
  for (const [i, filled] of [95, 85, 75].entries()) {
    const person = new Person(new FakePeer(0), 100);
    broadcaster.add(person);
    broadcaster.tell(person, "x".repeat(filled));
    people[i] = person;
  }
  await sent(broadcaster);
  broadcaster.tellAll("123456\n");
  // Each leaving is told in the batch behind the one that caused it.
  for (let batch = 0; batch < 4; batch++) await sent(broadcaster);
  assertEquals(slow, people.slice(0, 3));
  for (const { outbox } of slow) outbox[Symbol.dispose]();
  for (const { peer } of people.slice(3)) {
    assertEquals(
      peer.text,
      "123456\n" + "someone left\n".repeat(3),
    );
  }
});

Deno.test("Broadcaster is full when much was told, until it is sent", async () => {
  const { broadcaster, people } = audience(2);
  assertEquals(broadcaster.full, null);
  broadcaster.tellAll("x".repeat(64 * 1024));
  assert(broadcaster.full !== null);
  await broadcaster.full;
  assertEquals(broadcaster.full, null);
  assertEquals(people[1]!.peer.text.length, 64 * 1024);
});

Deno.test("Broadcaster waits for most of the room, and not for a few", async () => {
  using time = new FakeTime();
  const { broadcaster, people } = audience(1, 1000);
  const slow = [0, 1].map(() => new Person(new FakePeer(0), 1000));
  for (const person of slow) {
    broadcaster.add(person);
    broadcaster.tell(person, "x".repeat(501));
  }
  await time.passUntil(sent(broadcaster));
  broadcaster.tellAll("now\n");
  // Two of three are behind: it waits.
  await time.pass(500);
  assertEquals(people[0]!.peer.text, "");
  slow[0]!.peer.read(10_000);
  // One of three: it does not.
  await time.pass(50);
  assertEquals(people[0]!.peer.text, "now\n");
  assertEquals(slow[1]!.peer.text, "");
});

Deno.test("Broadcaster waits as long as most read on, and not when they stop", async () => {
  using time = new FakeTime();
  const { broadcaster, people, slow } = audience(1, 1000, 60);
  const reading = new Person(new FakePeer(0), 1000);
  broadcaster.add(reading);
  broadcaster.tell(reading, "x".repeat(900));
  await time.passUntil(sent(broadcaster));
  broadcaster.tellAll("y".repeat(90) + "\n");
  // Ten times a bit, every time before patience is at its end.
  for (let i = 0; i < 10; i++) {
    assertEquals(people[0]!.peer.text, "");
    reading.peer.read(10);
    await time.pass(50);
  }
  // Now it stops: the other hears what there is to hear.
  await time.pass(50);
  assertNotEquals(people[0]!.peer.text, "");
  assertEquals(slow, []);
  broadcaster.tellAll("y".repeat(90) + "\n");
  broadcaster.tellAll("y".repeat(90) + "\n");
  await time.passUntil(sent(broadcaster));
  assertEquals(slow, [reading]);
  reading.outbox[Symbol.dispose]();
});

Deno.test("Broadcaster loses nothing and mixes nothing in 2,000 random turns", async () => {
  const random = new Random(3);
  const { broadcaster, people } = audience(150, 1 << 20);
  const expected = people.map(() => "");
  for (let turn = 0; turn < 2000; turn++) {
    const sender = random.below(people.length);
    const line = `${turn}\n`;
    if (random.below(3) === 0) {
      broadcaster.tell(people[sender]!, line);
      expected[sender] += line;
    } else {
      broadcaster.tellAll(line, people[sender]!);
      for (let i = 0; i < people.length; i++) {
        if (i !== sender) expected[i] += line;
      }
    }
    if (random.below(20) === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await sent(broadcaster);
  assertEquals(people.map(({ peer }) => peer.text), expected);
});
