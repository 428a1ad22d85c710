/** The room by itself: no sockets, every step a function call. */
import { assert, assertEquals } from "@std/assert";
import {
  type ClientCommand,
  formatServerLine,
  parseClientLine,
} from "../protocol/messages.ts";
import { nicknameKey } from "../protocol/nickname.ts";
import { type Member, type Notice, Room } from "../servers/messages/room.ts";
import { Random } from "./support/random.ts";

/** Who hears what, as text: `others: * ana left`. */
function told(notices: Notice[]): string[] {
  return notices.map(({ to, line }) => `${to}: ${formatServerLine(line)}`);
}

function says(room: Room, member: Member, line: string): string[] {
  return told(room.hear(member, parseClientLine(line)));
}

Deno.test("Room tells the story of the protocol's transcript", () => {
  const room = new Room();
  const { member: one, notices } = room.join();
  assertEquals(told(notices), [
    "self: * Welcome, guest-1. Commands: /list, /nick <name>, /quit",
    "others: * guest-1 joined",
  ]);
  const { member: two } = room.join();
  const story: [Member, line: string, expected: string[]][] = [
    [one, "hello", ["others: <guest-1> hello"]],
    [two, "/list", ["self: * 2 connected: guest-1, guest-2"]],
    [one, "/nick ana", ["all: * guest-1 is now ana"]],
    [two, "/list", ["self: * 2 connected: ana, guest-2"]],
    [one, "ñ", ["others: <ana> ñ"]],
    [one, "   ", []],
    [two, "/what", ['self: ! Unknown command "/what"']],
    [one, "/quit", ["self: * Goodbye", "others: * ana left"]],
    [one, "hello?", []],
    [two, "/list", ["self: * 1 connected: guest-2"]],
  ];
  for (const [member, line, expected] of story) {
    assertEquals(says(room, member, line), expected, line);
  }
});

Deno.test("Room refuses names that are taken, reserved or none", () => {
  const room = new Room();
  const { member: ana } = room.join();
  const { member: bob } = room.join();
  const tries: [Member, name: string, expected: string[]][] = [
    [ana, "ana", ["all: * guest-1 is now ana"]],
    [bob, "ana", ['self: ! Nickname "ana" is taken']],
    [bob, "ANA", ['self: ! Nickname "ANA" is taken']],
    [bob, "ａｎａ", ['self: ! Nickname "ａｎａ" is taken']],
    [bob, "guest-1", ['self: ! Nickname "guest-1" is reserved for guests']],
    [bob, "Guest-3", ['self: ! Nickname "Guest-3" is reserved for guests']],
    [bob, "", ["self: ! A nickname is 1 to 20 letters, digits, _ or -"]],
    [bob, "a b", ["self: ! A nickname is 1 to 20 letters, digits, _ or -"]],
    // One's own name is free for oneself in other letter case only.
    [ana, "ana", ['self: ! Nickname "ana" is taken']],
    [ana, "Ana", ["all: * ana is now Ana"]],
    [bob, "ana", ['self: ! Nickname "ana" is taken']],
    [ana, "carla", ["all: * Ana is now carla"]],
    [bob, "ana", ["all: * guest-2 is now ana"]],
  ];
  for (const [member, name, expected] of tries) {
    assertEquals(says(room, member, `/nick ${name}`), expected, name);
  }
});

Deno.test("Room frees the name of who left, and never gives a guest's twice", () => {
  const room = new Room();
  const { member: first } = room.join();
  says(room, first, "/nick ana");
  room.leave(first);
  const { member: second } = room.join();
  assertEquals(second.name, "guest-2");
  assertEquals(says(room, second, "/nick ANA"), ["all: * guest-2 is now ANA"]);
});

Deno.test("Room tells of a leaving once, however often it is reported", () => {
  const room = new Room();
  const { member } = room.join();
  assertEquals(told(room.leave(member)), ["others: * guest-1 left"]);
  assertEquals(told(room.leave(member)), []);
  assertEquals(says(room, member, "/quit"), []);
});

Deno.test("Room keeps its word through 100,000 random steps", () => {
  const random = new Random(7);
  const names = ["ana", "ANA", "Ana", "bob", "ß", "SS", "guest-3", "", "a b"];
  const room = new Room();
  const here = new Map<Member, string>();
  const commands: (() => ClientCommand)[] = [
    () => ({ type: "nick", name: random.pick(names) }),
    () => ({ type: "say", text: "x" }),
    () => ({ type: "list" }),
    () => ({ type: "unknown", word: "/x" }),
    () => ({ type: "quit" }),
  ];
  for (let step = 0; step < 100_000; step++) {
    if (here.size === 0 || (here.size < 20 && random.below(4) === 0)) {
      const { member } = room.join();
      here.set(member, member.name);
    }
    const member = random.pick([...here.keys()]);
    const leaves = random.below(10) === 0;
    const notices = leaves
      ? room.leave(member)
      : room.hear(member, random.pick(commands)());
    for (const { line } of notices) {
      if (line.type === "left") {
        assertEquals(line.name, here.get(member));
        here.delete(member);
      } else if (line.type === "renamed") {
        assertEquals(line.from, here.get(member));
        here.set(member, line.to);
      } else if (line.type === "listed") {
        assertEquals([...line.names], [...here.values()]);
        assertEquals(line.count, here.size);
      }
    }
    const keys = [...here.values()].map(nicknameKey);
    assert(new Set(keys).size === keys.length, `step ${step}: ${keys}`);
  }
});
