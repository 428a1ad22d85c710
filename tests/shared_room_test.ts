/** A room over several servers, without servers: what each tells the others. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type ClientCommand,
  formatServerLine,
  parseClientLine,
} from "../protocol/messages.ts";
import { nicknameKey } from "../protocol/nickname.ts";
import {
  type BusMessage,
  formatBusMessage,
  newServerId,
  parseBusMessage,
} from "../protocol/server_bus.ts";
import type { Happening } from "../servers/messages/happening.ts";
import type { Member, Notice } from "../servers/messages/room.ts";
import { SharedRoom } from "../servers/messages/shared_room.ts";
import { Random } from "./support/random.ts";

/** How many ticks of silence it takes at the most to be dead: 4.5 s. */
const DEAD_TICKS = 9;

/** A server with its clients: what each of them has heard. */
class FakeServer {
  readonly room: SharedRoom;
  readonly heard = new Map<Member, string[]>();
  /** What its bus has not delivered yet, from each other server in order. */
  readonly inbox: BusMessage[] = [];
  isLinked = false;

  constructor(readonly bus: FakeBus, id: string) {
    const send = (message: BusMessage) => bus.send(this, message);
    this.room = new SharedRoom({ id, send, now: () => bus.nowMs });
  }

  join(login?: string): Member {
    if (login !== undefined) this.apply(this.room.replace(login));
    const { member, notices } = this.room.join(login);
    this.heard.set(member, []);
    this.tell(member, notices);
    return member;
  }

  says(member: Member, line: string): void {
    this.hear(member, parseClientLine(line));
  }

  hear(member: Member, command: ClientCommand): void {
    this.tell(member, this.room.hear(member, command));
  }

  leave(member: Member): void {
    this.tell(member, this.room.leave(member));
  }

  apply(happenings: readonly Happening[]): void {
    for (const { self, notices } of happenings) this.tell(self, notices);
  }

  tell(self: Member | null, notices: readonly Notice[]): void {
    for (const { to, line } of notices) {
      const text = formatServerLine(line);
      for (const [member, lines] of this.heard) {
        const isSelf = member === self;
        if (to === "all" || (to === "self") === isSelf) lines.push(text);
      }
      const isOver = line.type === "left" && line.name === self?.name;
      if (isOver) this.heard.delete(self!);
    }
  }

  /** All that a member has heard since it was asked last. */
  take(member: Member): string[] {
    return this.heard.get(member)?.splice(0) ?? [];
  }

  list(member: Member): string {
    this.take(member);
    this.says(member, "/list");
    return this.take(member).at(-1)!;
  }
}

/** Carries messages between servers when told to, and loses some if told to. */
class FakeBus {
  nowMs = 1_000_000;
  readonly servers: FakeServer[] = [];
  /** What becomes of a message on its way: how often it arrives. */
  fate: (message: BusMessage, to: FakeServer) => number = () => 1;

  start(...ids: string[]): FakeServer[] {
    const started = ids.map((id) => new FakeServer(this, id));
    this.servers.push(...started);
    for (const server of started) this.link(server);
    this.deliver();
    // They have listened for a while, and give names.
    for (let i = 0; i < 2; i++) this.tick();
    return started;
  }

  link(server: FakeServer): void {
    server.isLinked = true;
    server.apply(server.room.linked());
  }

  unlink(server: FakeServer): void {
    server.isLinked = false;
    server.inbox.length = 0;
    server.apply(server.room.unlinked());
  }

  /** It is heard of no more. */
  kill(server: FakeServer): void {
    server.isLinked = false;
    this.servers.splice(this.servers.indexOf(server), 1);
  }

  send(from: FakeServer, message: BusMessage): void {
    const text = formatBusMessage(message);
    assertEquals(parseBusMessage(text), message, text);
    for (const to of this.servers) {
      if (to === from || !to.isLinked || !from.isLinked) continue;
      for (let i = this.fate(message, to); i > 0; i--) to.inbox.push(message);
    }
  }

  /** Hands out what is on its way, and what that leads to. */
  deliver(): void {
    for (let left = true; left;) {
      left = false;
      for (const server of this.servers) {
        for (const message of server.inbox.splice(0)) {
          server.apply(server.room.receive(message));
          left = true;
        }
      }
    }
  }

  tick(ticks = 1): void {
    for (; ticks > 0; ticks--) {
      this.nowMs += 500;
      for (const server of this.servers) server.apply(server.room.tick());
      this.deliver();
    }
  }
}

Deno.test("SharedRoom lets everybody hear everybody, and lists all", () => {
  const bus = new FakeBus();
  const [one, two, three] = bus.start("aaaaaa", "bbbbbb", "cccccc") as [
    FakeServer,
    FakeServer,
    FakeServer,
  ];
  const ana = one.join();
  bus.deliver();
  bus.nowMs++;
  const bob = two.join();
  bus.deliver();
  assertEquals(one.take(ana), [
    "* Welcome, guest-aaaaaa-1. Commands: /list, /nick <name>, /quit",
    "* guest-bbbbbb-1 joined",
  ]);
  one.says(ana, "/nick ana");
  bus.deliver();
  one.says(ana, "hello");
  two.says(bob, "ñ");
  bus.deliver();
  assertEquals(two.take(bob).slice(1), [
    "* guest-aaaaaa-1 is now ana",
    "<ana> hello",
  ]);
  assertEquals(one.take(ana), [
    "* guest-aaaaaa-1 is now ana",
    "<guest-bbbbbb-1> ñ",
  ]);
  bus.nowMs++;
  const late = three.join();
  bus.deliver();
  const list = "* 3 connected: ana, guest-bbbbbb-1, guest-cccccc-1";
  assertEquals(three.list(late), list);
  assertEquals(one.list(ana), list);
  two.says(bob, "/quit");
  bus.deliver();
  assertEquals(one.take(ana), ["* guest-bbbbbb-1 left"]);
  assertEquals(three.list(late), "* 2 connected: ana, guest-cccccc-1");
});

Deno.test("SharedRoom gives a name to one of those who want it, wherever they are", () => {
  const bus = new FakeBus();
  const servers = bus.start("aaaaaa", "bbbbbb", "cccccc");
  const members = servers.map((server) => server.join());
  bus.deliver();
  const all = () => servers.map((server, i) => server.take(members[i]!));
  all();
  // At the same time: none has heard of the others' claims.
  for (const [i, server] of servers.entries()) {
    server.says(members[i]!, i === 0 ? "/nick Ana" : "/nick ana");
    assert(server.room.decided(members[i]!) !== undefined);
  }
  bus.deliver();
  const renamed = "* guest-aaaaaa-1 is now Ana";
  const taken = '! Nickname "ana" is taken';
  assertEquals(all(), [[renamed], [taken, renamed], [taken, renamed]]);
  // The second time nobody has to ask: they know.
  servers[2]!.says(members[2]!, "/nick ANA");
  assertEquals(servers[2]!.take(members[2]!), ['! Nickname "ANA" is taken']);
  servers[0]!.leave(members[0]!);
  bus.deliver();
  servers[2]!.says(members[2]!, "/nick ANA");
  bus.deliver();
  assertEquals(members[2]!.name, "ANA");
});

Deno.test("SharedRoom gives a name once, also when a third server is slow to agree", () => {
  const bus = new FakeBus();
  const servers = bus.start("aaaaaa", "bbbbbb", "cccccc");
  const [one, two, three] = servers as [FakeServer, FakeServer, FakeServer];
  const [ana, bob] = [one.join(), two.join()];
  bus.deliver();
  two.take(bob);
  const held: BusMessage[] = [];
  bus.fate = (message, to) => {
    if (to === three) held.push(message);
    return to === three ? 0 : 1;
  };
  one.says(ana, "/nick zoe");
  bus.deliver();
  // That claim has been granted here, and is not decided yet.
  two.says(bob, "/nick ZOE");
  bus.deliver();
  bus.fate = () => 1;
  three.inbox.push(...held);
  bus.deliver();
  assertEquals(ana.name, "zoe");
  assertEquals(two.take(bob), [
    '! Nickname "ZOE" is taken',
    "* guest-aaaaaa-1 is now zoe",
  ]);
});

Deno.test("SharedRoom asks for a name again when the claim or its answer was lost", () => {
  const bus = new FakeBus();
  const [one, two] = bus.start("aaaaaa", "bbbbbb") as [FakeServer, FakeServer];
  const ana = one.join();
  for (const lost of ["claim", "answer"]) {
    bus.fate = ({ type }) => type === lost ? 0 : 1;
    one.says(ana, `/nick ${lost}`);
    bus.tick(2);
    assertNotEquals(ana.name, lost);
    bus.fate = () => 1;
    bus.tick();
    assertEquals(ana.name, lost);
  }
  // Nobody waits for the consent of the dead.
  one.take(ana);
  bus.kill(two);
  one.says(ana, "/nick ana");
  bus.tick(DEAD_TICKS);
  assertEquals(one.take(ana), ["* answer is now ana"]);
});

Deno.test("SharedRoom tells once that those of a dead server, or of one that stops, have left", () => {
  for (const end of ["dies", "stops"]) {
    const bus = new FakeBus();
    const [one, two] = bus.start("aaaaaa", "bbbbbb") as [
      FakeServer,
      FakeServer,
    ];
    const ana = one.join();
    two.join();
    two.join();
    bus.tick();
    one.take(ana);
    if (end === "stops") {
      two.room.stop();
      bus.deliver();
    } else {
      bus.kill(two);
      bus.tick(DEAD_TICKS - 2);
      assertEquals(one.take(ana), []);
      bus.tick(2);
    }
    const left = ["* guest-bbbbbb-1 left", "* guest-bbbbbb-2 left"];
    assertEquals(one.take(ana), left, end);
    bus.kill(two);
    bus.tick(2 * DEAD_TICKS);
    assertEquals(one.take(ana), []);
    assertEquals(one.list(ana), "* 1 connected: guest-aaaaaa-1");
  }
});

Deno.test("SharedRoom shows no line of one who was taken for dead, whose name may be another's", () => {
  const bus = new FakeBus();
  const [a, b] = bus.start("aaaaaa", "bbbbbb") as [FakeServer, FakeServer];
  const [ana, cyd] = [a.join(), b.join()];
  b.says(cyd, "/nick cyd");
  bus.deliver();
  bus.tick();
  a.take(ana);
  // It stands still, and nothing of it is lost.
  for (let i = 0; i < DEAD_TICKS; i++) a.apply(a.room.tick());
  assertEquals(a.take(ana), ["* cyd left"]);
  a.says(ana, "/nick cyd");
  b.says(cyd, "late");
  bus.deliver();
  const heard = a.take(ana);
  assert(!heard.includes("<cyd> late"), heard.join());
  assert(heard.some((line) => /1 line/.test(line)), heard.join());
});

Deno.test("SharedRoom goes on while the others cannot be heard, and tells what it has missed", () => {
  const bus = new FakeBus();
  const [one, two] = bus.start("aaaaaa", "bbbbbb") as [FakeServer, FakeServer];
  const ana = one.join();
  const [bob, eve, joe] = [two.join(), two.join(), two.join()];
  bus.deliver();
  one.take(ana);
  two.take(eve);
  for (const server of [one, two]) bus.unlink(server);
  two.says(bob, "lost");
  two.says(bob, "/nick bob");
  assertEquals(bob.name, "bob");
  two.says(bob, "lost, too");
  two.leave(joe);
  two.join();
  assertEquals(
    two.take(eve).slice(-7),
    [
      "* Other servers cannot be heard",
      "<guest-bbbbbb-1> lost",
      "* guest-bbbbbb-1 is now bob",
      "<bob> lost, too",
      "* guest-bbbbbb-3 left",
      "* guest-bbbbbb-4 joined",
    ].slice(-7),
  );
  // Those who may still be there have not left.
  bus.tick(2 * DEAD_TICKS);
  assertEquals(one.list(ana), "* 1 connected: guest-aaaaaa-1");
  for (const server of [one, two]) bus.link(server);
  bus.tick();
  two.says(bob, "found");
  bus.deliver();
  assertEquals(one.take(ana), [
    "* Other servers can be heard again",
    "* 2 lines from another server were lost",
    "* guest-bbbbbb-3 left",
    "* guest-bbbbbb-1 is now bob",
    "* guest-bbbbbb-4 joined",
    "<bob> found",
  ]);
});

Deno.test("SharedRoom says how much the bus has lost, and shows nothing twice", () => {
  const bus = new FakeBus();
  const [one, two] = bus.start("aaaaaa", "bbbbbb") as [FakeServer, FakeServer];
  const ana = one.join();
  const bob = two.join();
  bus.deliver();
  one.take(ana);
  const fates = [1, 0, 2, 0, 0, 1];
  bus.fate = ({ type }) => type === "said" ? fates.shift()! : 1;
  for (const text of "123456") two.says(bob, text);
  bus.deliver();
  assertEquals(one.take(ana), [
    "<guest-bbbbbb-1> 1",
    "* 1 line from another server was lost",
    "<guest-bbbbbb-1> 3",
    "* 2 lines from another server were lost",
    "<guest-bbbbbb-1> 6",
  ]);
  // The last one: nothing comes after it but a sign of life.
  bus.fate = ({ type }) => type === "said" ? 0 : 1;
  two.says(bob, "7");
  bus.tick();
  assertEquals(one.take(ana), ["* 1 line from another server was lost"]);
});

Deno.test("SharedRoom takes over a state of many parts, and none of which one was lost", () => {
  const bus = new FakeBus();
  const [one] = bus.start("aaaaaa") as [FakeServer];
  const members = Array.from({ length: 1001 }, () => one.join());
  bus.fate = (message) =>
    message.type === "state" && message.part === 1 ? 0 : 1;
  const [two] = bus.start("bbbbbb") as [FakeServer];
  const bob = two.join();
  assertEquals(two.list(bob), "* 1 connected: guest-bbbbbb-1");
  bus.fate = () => 1;
  bus.tick(2);
  assert(two.list(bob).startsWith("* 1002 connected: guest-aaaaaa-1, "));
  const heard = one.take(members[0]!);
  assertEquals(heard.filter((line) => line.includes("bbb")), [
    "* guest-bbbbbb-1 joined",
  ]);
});

Deno.test("SharedRoom resolves names that were given twice while nobody heard the other", () => {
  const bus = new FakeBus();
  const [one, two] = bus.start("aaaaaa", "bbbbbb") as [FakeServer, FakeServer];
  const ana = one.join();
  bus.nowMs++;
  const bob = two.join();
  bus.deliver();
  for (const server of [one, two]) bus.unlink(server);
  two.says(bob, "/nick ana");
  bus.nowMs += 10;
  one.says(ana, "/nick ana");
  assertEquals([ana.name, bob.name], ["ana", "ana"]);
  for (const server of [one, two]) bus.link(server);
  bus.tick();
  // Who had it first keeps it.
  assertEquals([ana.name, bob.name], ["guest-aaaaaa-2", "ana"]);
  const list = "* 2 connected: guest-aaaaaa-2, ana";
  assertEquals([one.list(ana), two.list(bob)], [list, list]);
});

Deno.test("SharedRoom lets a user be there once, and takes its name from anybody else", () => {
  const bus = new FakeBus();
  const [one, two, three] = bus.start("aaaaaa", "bbbbbb", "cccccc") as [
    FakeServer,
    FakeServer,
    FakeServer,
  ];
  const other = two.join();
  two.says(other, "/nick ana");
  bus.deliver();
  const early = one.join("ana");
  bus.deliver();
  assertEquals([early.name, other.name], ["ana", "guest-bbbbbb-2"]);
  const watcher = three.join();
  bus.deliver();
  two.take(other);
  three.take(watcher);
  const earlyHeard = one.heard.get(early)!;
  const late = two.join("ana");
  bus.deliver();
  assertEquals(
    earlyHeard.at(-1),
    "! You have logged in again, from elsewhere",
  );
  assertEquals(one.heard.has(early), false);
  for (const lines of [two.take(other), three.take(watcher)]) {
    assertEquals(lines, ["* ana left", "* ana joined"]);
  }
  assertEquals(late.fixed, true);
  assertEquals(
    three.list(watcher),
    "* 3 connected: guest-bbbbbb-2, guest-cccccc-1, ana",
  );
});

Deno.test("SharedRoom trusts nobody: what is no message is none", () => {
  const head = { from: "aaaaaa", seq: 1, lines: 1 };
  const member = { id: 1, name: "ana", fixed: false, since: 1 };
  const good: BusMessage = { ...head, type: "joined", member };
  assertEquals(parseBusMessage(formatBusMessage(good)), good);
  const bad: unknown[] = [
    null,
    [],
    "x",
    { ...head },
    { ...head, type: "what" },
    { ...head, type: "beat", from: "AAAAAA" },
    { ...head, type: "beat", seq: -1 },
    { ...head, type: "beat", lines: 1.5 },
    { ...head, type: "hello", to: "*" },
    { ...head, type: "said", name: "ana", text: "\x1b[2J" },
    { ...head, type: "said", name: "ana", text: "two\nlines" },
    { ...head, type: "said", name: "ana", text: "/quit" },
    { ...head, type: "said", name: "ana", text: "x".repeat(4097) },
    { ...head, type: "said", name: "a b", text: "x" },
    { ...head, type: "said", name: "guest-bbbbbb-1", text: "x" },
    { ...head, type: "joined", member: { ...member, name: "guest-1" } },
    { ...head, type: "joined", member: { ...member, id: "1" } },
    { ...head, type: "renamed", id: 1, name: "", since: 1 },
    { ...head, type: "state", part: 0, last: true, members: [member, 7] },
    {
      ...head,
      type: "state",
      part: 0,
      last: true,
      members: Array(501).fill(member),
    },
    { ...head, type: "answer", to: "bbbbbb", claim: 1, granted: "yes" },
  ];
  for (const value of bad) {
    assertEquals(parseBusMessage(JSON.stringify(value)), null);
  }
  assertEquals(parseBusMessage("{"), null);
  assertEquals(parseBusMessage(" ".repeat(200_000)), null);
  const { member: _, ...rest } = good as BusMessage & { type: "joined" };
  assertEquals(parseBusMessage(JSON.stringify(rest)), null);
});

Deno.test("newServerId() gives ids that a message may have", () => {
  for (let i = 0; i < 1000; i++) {
    const message = { from: newServerId(), seq: 0, lines: 0, type: "beat" };
    assert(parseBusMessage(JSON.stringify(message)), message.from);
  }
});

for (const seed of [1, 2, 3, 4, 5]) {
  Deno.test(`SharedRoom comes to the same truth everywhere, whatever the bus does (${seed})`, () => {
    const random = new Random(seed);
    const bus = new FakeBus();
    const servers = bus.start("aaaaaa", "bbbbbb", "cccccc");
    const watchers = servers.map((server) => server.join());
    bus.fate = () => random.pick([1, 1, 1, 1, 1, 1, 0, 2]);
    /** Which server each line was said on. */
    const said: FakeServer[] = [];
    const act = (what: (server: FakeServer, member: Member) => void) => {
      const server = random.pick(servers);
      const free = [...server.heard.keys()].filter((member) =>
        !watchers.includes(member) && !server.room.decided(member)
      );
      if (free.length > 0) what(server, random.pick(free));
    };
    const names = ["ana", "Ana", "bob", "ñ", "eve"];
    const say = () =>
      act((server, member) => server.says(member, `${said.push(server)}`));
    const steps: (() => void)[] = [
      say,
      say,
      () => joinSome(random, servers, names),
      () => act((server, member) => server.leave(member)),
      () => act((server, member) => server.says(member, "/quit")),
      () =>
        act((server, member) =>
          server.says(member, `/nick ${random.pick(names)}`)
        ),
      () => bus.deliver(),
      () => bus.tick(),
      () => {
        // What came first comes last.
        const { inbox } = random.pick(servers);
        inbox.push(...inbox.splice(0, 1));
      },
      () => {
        if (random.below(4) > 0) return;
        const server = random.pick(servers);
        if (server.isLinked) bus.unlink(server);
        else bus.link(server);
      },
    ];
    for (let step = 0; step < 5000; step++) random.pick(steps)();
    bus.fate = () => 1;
    for (const server of servers) if (!server.isLinked) bus.link(server);
    bus.tick(2 * DEAD_TICKS);

    const there = servers.flatMap((server) => [...server.heard.keys()]);
    const keys = there.map(({ name }) => nicknameKey(name));
    assertEquals(new Set(keys).size, keys.length, `${keys}`);
    const expected = there.map(({ name }) => name).sort();
    const lists = servers.map((server, i) => {
      assertStory(server, server.take(watchers[i]!), expected, said);
      return server.list(watchers[i]!);
    });
    assertEquals(new Set(lists).size, 1);
    const listed = lists[0]!.replace(/^.*connected: /, "").split(", ");
    assertEquals(listed.sort(), expected);
  });
}

/** A guest, or a user whose earlier connection ends: as the hub does. */
function joinSome(
  random: Random,
  servers: FakeServer[],
  users: string[],
): void {
  const server = random.pick(servers);
  if (server.heard.size > 12) return;
  if (random.below(4) > 0) return void server.join();
  const login = random.pick(users);
  const earlier = server.heard.keys().find(({ name, fixed }) =>
    fixed && nicknameKey(name) === nicknameKey(login)
  );
  if (earlier) server.leave(earlier);
  server.join(login);
}

/**
 * What one has heard on `server` adds up: who came, left and took another name,
 * once; and each line in its sender's order, once, or among the lost.
 */
function assertStory(
  server: FakeServer,
  heard: readonly string[],
  expected: readonly string[],
  said: readonly FakeServer[],
): void {
  const here: string[] = [];
  const last = new Map<FakeServer, number>();
  let others = 0;
  const remove = (name: string, line: string) => {
    assert(here.includes(name), `${line}: ${name} is not there`);
    here.splice(here.indexOf(name), 1);
  };
  for (const line of heard) {
    const [, who = "", what, to = ""] =
      /^\* (?:Welcome, )?(\S+?)(?:\.| (joined|left|is now|lines?))(?: (\S+))?/
        .exec(line) ?? [];
    if (what === "left" || what === "is now") remove(who, line);
    if (what === "is now") here.push(to);
    if (what === "joined" || line.startsWith("* Welcome")) here.push(who);
    if (what?.startsWith("line")) others += Number(who);
    const number = Number(/^<.+> (\d+)$/.exec(line)?.[1] ?? 0);
    if (number === 0) continue;
    const from = said[number - 1]!;
    assert((last.get(from) ?? 0) < number, `${line} comes late, or again`);
    last.set(from, number);
    if (from !== server) others++;
  }
  assertEquals(here.sort(), expected);
  assertEquals(others, said.filter((from) => from !== server).length);
}
