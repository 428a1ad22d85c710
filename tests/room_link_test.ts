/** Message servers that share a room over a bus which is only a function. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { messageServer } from "../exercises/07_message_server.ts";
import type { LogEntry } from "../servers/log.ts";
import { MessageHub } from "../servers/messages/hub.ts";
import { Outbox } from "../servers/messages/outbox.ts";
import {
  type Bus,
  type BusListener,
  RoomLink,
} from "../servers/messages/room_link.ts";
import { Chatter } from "./support/chatter.ts";
import { FakeTime } from "./support/fake_time.ts";
import { QUIET_HOST } from "./support/network.ts";

/** Carries what one of its ends publishes to all others, at once. */
class LocalBus {
  readonly #listeners = new Set<BusListener>();

  /** One of its ends. */
  end(): Bus {
    let own: BusListener | null = null;
    return {
      publish: (text) => {
        for (const listener of this.#listeners) {
          if (own && listener !== own) listener.onMessage(text);
        }
      },
      start: (listener) => {
        this.#listeners.add(own = listener);
        listener.onUp();
      },
      close: () => {
        if (own) this.#listeners.delete(own);
        return Promise.resolve();
      },
    };
  }

  /** Something that no server of ours says. */
  inject(text: string): void {
    for (const listener of this.#listeners) listener.onMessage(text);
  }

  set isUp(isUp: boolean) {
    for (const listener of this.#listeners) {
      if (isUp) listener.onUp();
      else listener.onDown();
    }
  }
}

function start(bus: LocalBus, id: string) {
  const link = new RoomLink(bus.end(), id);
  const entries: LogEntry[] = [];
  const log = (entry: LogEntry) => void entries.push(entry);
  const server = messageServer(0, { hostname: QUIET_HOST, link, log });
  return {
    entries,
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await link[Symbol.asyncDispose]();
    },
  };
}

Deno.test("messageServer() with a link: lines behind a /nick wait for its answer", async () => {
  const bus = new LocalBus();
  await using one = start(bus, "aaaaaa");
  await using two = start(bus, "bbbbbb");
  using ana = await Chatter.join(one.port);
  using bob = await Chatter.join(two.port);
  await ana.expect("* guest-bbbbbb-1 joined");
  // The servers have just met, and give no names yet.
  await ana.say("/nick ana", "hello", "/nick", "/quit");
  await ana.expect(
    "* guest-aaaaaa-1 is now ana",
    "! A nickname is 1 to 20 letters, digits, _ or -",
    "* Goodbye",
    null,
  );
  // Its server may have heard of ana after bob came, or before.
  let first = await bob.next();
  if (first === "* guest-aaaaaa-1 joined") first = await bob.next();
  assertEquals(first, "* guest-aaaaaa-1 is now ana");
  await bob.expect("<ana> hello", "* ana left");
});

Deno.test("messageServer() with a link says when the others cannot be heard, and takes no nonsense", async () => {
  const bus = new LocalBus();
  await using one = start(bus, "aaaaaa");
  using ana = await Chatter.join(one.port);
  bus.inject('{"from":"bbbbbb","seq":1,"lines":0,"type":"said"}');
  bus.inject("\x1b[2J".repeat(100));
  const own = { from: "aaaaaa", seq: 999, lines: 1, type: "said" };
  bus.inject(JSON.stringify({ ...own, name: "ana", text: "not mine" }));
  bus.isUp = false;
  bus.isUp = true;
  await ana.expect(
    "* Other servers cannot be heard",
    "* Other servers can be heard again",
  );
  // Once is enough to know of: the second came in the same tick.
  const told = one.entries.filter(({ event }) => /^b(us|ad)-/.test(event));
  const { text = "", ...bad } = told[0]!;
  assertEquals(bad, { event: "bad-message", level: "error" });
  assertStringIncludes(`${text}`, '\\"from\\":\\"bbbbbb\\"');
  assertEquals(told.slice(1), [
    { event: "bus-lost", level: "error", server: "aaaaaa" },
    { event: "bus-back", server: "aaaaaa" },
  ]);
});

Deno.test("MessageHub ends a login when its user comes in by another server", async () => {
  using time = new FakeTime();
  const bus = new LocalBus();
  const sent = new Map<string, string>();
  const links = ["aaaaaa", "bbbbbb"].map((id) => new RoomLink(bus.end(), id));
  const entries: LogEntry[] = [];
  const hubs = links.map((link) => {
    const hub = new MessageHub((entry) => entries.push(entry), link.room);
    link.start(hub, () => {});
    return hub;
  });
  const join = (hub: MessageHub, peer: string, login?: string) => {
    const sender = {
      writePart(bytes: Uint8Array) {
        const text = (sent.get(peer) ?? "") + new TextDecoder().decode(bytes);
        sent.set(peer, text);
        return Promise.resolve(bytes.length);
      },
      closeWrite: () => Promise.resolve(),
      close: () => {},
    };
    return hub.join(new Outbox(sender, 1024), peer, login);
  };
  // They meet.
  for (const [i, hub] of hubs.entries()) hub.apply(links[i]!.room.tick());
  join(hubs[0]!, "watcher");
  join(hubs[0]!, "early", "ana");
  join(hubs[1]!, "late", "ana");
  await time.pass(1000);
  assertMatch(
    sent.get("early")!,
    /^\* Welcome, ana\..*\r\n! You have logged in again, from elsewhere\r\n$/,
  );
  assertMatch(
    sent.get("watcher")!,
    /joined\r\n\* ana left\r\n\* ana joined\r\n$/,
  );
  assertEquals(entries.filter(({ event }) => event === "leave"), [
    { event: "leave", peer: "early", name: "ana", reason: "replaced" },
  ]);
  for (const link of links) await link[Symbol.asyncDispose]();
});

Deno.test("RoomLink drops lines that a flooded room could not take, and they are told as lost", () => {
  const bus = new LocalBus();
  const link = new RoomLink(bus.end(), "aaaaaa");
  const heard: string[] = [];
  const hub = {
    isFlooded: false,
    apply: (happenings: readonly { notices: { line: { type: string } }[] }[]) =>
      void heard.push(
        ...happenings.flatMap(({ notices }) => notices)
          .map(({ line }) => JSON.stringify(line)),
      ),
  };
  link.start(hub as unknown as MessageHub, () => {});
  const say = (number: number) =>
    bus.inject(JSON.stringify({
      ...{ from: "bbbbbb", seq: number, lines: number },
      ...{ type: "said", name: "bob", text: `${number}` },
    }));
  say(1);
  hub.isFlooded = true;
  say(2);
  say(3);
  hub.isFlooded = false;
  say(4);
  assertEquals(heard.map((line) => /"(?:text|count)":"?(\d)/.exec(line)?.[1]), [
    "1",
    "2",
    "4",
  ]);
  void link[Symbol.asyncDispose]();
});
