import type { ClientCommand } from "../../protocol/messages.ts";
import { nicknameKey } from "../../protocol/nickname.ts";
import {
  type BusMessage,
  guestOf,
  type Located,
  newServerId,
} from "../../protocol/server_bus.ts";
import { changed, elsewhere, type Happening, refused } from "./happening.ts";
import { NameClaims } from "./name_claims.ts";
import { OtherServers } from "./other_servers.ts";
import { MemberList } from "./member_list.ts";
import { OurMembers } from "./our_members.ts";
import { type Member, type Notice, refuse, Room } from "./room.ts";
import { ServerVoice } from "./server_voice.ts";

export interface SharedRoomOptions {
  /** Sends a message to the other servers, in the order of the calls. */
  send: (message: BusMessage) => void;
  id?: string;
  now?: () => number;
}

/**
 * A `Room` that several servers share. As there, each change happens in one
 * call without `await`: what a client does, what another server tells, or a
 * tick of the clock, which comes every half second.
 */
export class SharedRoom {
  readonly id: string;
  readonly #room: Room;
  readonly #ours: OurMembers;
  readonly #others = new OtherServers();
  readonly #list: MemberList;
  readonly #claims: NameClaims;
  readonly #voice: ServerVoice;
  #wasLinked = false;

  constructor({ send, id = newServerId(), now = Date.now }: SharedRoomOptions) {
    this.id = id;
    this.#ours = new OurMembers(now);
    this.#list = new MemberList(this.#ours, this.#others);
    this.#claims = new NameClaims(id);
    this.#voice = new ServerVoice(id, send, this.#ours);
    this.#room = new Room({
      has: (key) => this.#others.has(key),
      guestName: (number) => guestOf(id, number),
    });
  }

  join(login?: string): { member: Member; notices: Notice[] } {
    const { member, notices } = this.#room.join(login);
    this.#voice.spread(member, notices);
    return { member, notices };
  }

  /** Ends what a user has elsewhere, who is about to join again here. */
  replace(login: string): Happening[] {
    const latest = { id: 0, name: login, fixed: true, since: Infinity };
    return changed(this.#others.supersede({ ...latest, server: this.id }));
  }

  /** As in a `Room`; but what `/nick` leads to may come later. */
  hear(member: Member, command: ClientCommand): Notice[] {
    if (!this.#ours.has(member)) return [];
    if (command.type === "list") {
      return [{ to: "self", line: this.#list.line(this.#voice.linked) }];
    }
    const notices = command.type === "nick"
      ? this.#nick(member, command.name)
      : this.#room.hear(member, command);
    this.#voice.spread(member, notices);
    return notices;
  }

  /** Resolves when the name that a member waits for is given or refused. */
  decided(member: Member): Promise<void> | undefined {
    return this.#claims.of(member)?.decided.promise;
  }

  leave(member: Member): Notice[] {
    this.#claims.cancel(member);
    const notices = this.#room.leave(member);
    this.#voice.spread(member, notices);
    return notices;
  }

  /** There is a way to the others, for the first time or again. */
  linked(): Happening[] {
    const isBack = this.#wasLinked;
    this.#wasLinked = true;
    for (const server of this.#others.alive()) server.expectState();
    this.#voice.begin();
    const log = { event: "bus-back", server: this.id };
    return isBack ? [elsewhere({ type: "heard-again" }, log)] : [];
  }

  /** There is none. Those who are there may come back: nobody has left yet. */
  unlinked(): Happening[] {
    if (!this.#voice.linked) return [];
    this.#voice.linked = false;
    const log = { event: "bus-lost", level: "error", server: this.id } as const;
    return [elsewhere({ type: "unheard" }, log), ...this.#decide()];
  }

  /** Takes leave of the other servers, for all members at once. */
  stop(): void {
    this.#voice.stop();
  }

  tick(): Happening[] {
    if (!this.#voice.linked) return [];
    this.#voice.tick();
    for (const claim of this.#claims.tick()) this.#voice.tell(claim);
    const left = changed(this.#others.tick());
    return [...left, ...this.#show(), ...this.#decide()];
  }

  receive(message: BusMessage): Happening[] {
    const server = this.#others.get(message.from);
    const count = server?.number(message) ?? null;
    if (server === null || count === null) return [];
    const happenings: Happening[] = [];
    if (count > 0) happenings.push(elsewhere({ type: "lost", count }));
    switch (message.type) {
      case "said":
        happenings.push(elsewhere(server.line(message)));
        break;
      case "hello":
        if ((message.to ?? this.id) === this.id) this.#voice.tellState();
        break;
      case "claim":
        happenings.push(...this.#judge(message));
        break;
      case "answer":
        if (message.to !== this.id) break;
        happenings.push(...this.#claims.answer(message).map(refused));
        break;
      default:
        happenings.push(...changed(server.apply(message)));
    }
    if (server.stale && message.type !== "bye") this.#voice.askState(server.id);
    return [...happenings, ...this.#show(), ...this.#decide()];
  }

  #nick(member: Member, wanted: string): Notice[] {
    const judged = this.#room.judge(member, wanted);
    if ("type" in judged) return refuse(judged);
    const { name } = judged;
    if (this.#claims.has(name)) return refuse({ type: "nickname-taken", name });
    const isOwn = nicknameKey(name) === nicknameKey(member.name);
    const isFree = isOwn || this.#whoDecides()?.length === 0;
    if (isFree) return this.#room.rename(member, name);
    this.#voice.tell(this.#claims.open(member, name));
    return [];
  }

  /** The servers that a claim needs; null: it is not yet known. */
  #whoDecides(): string[] | null {
    if (!this.#voice.linked) return [];
    if (!this.#voice.isSettled) return null;
    return [...this.#others.alive()].map(({ id }) => id);
  }

  /** Answers another server that wants a name for one of its members. */
  #judge({ from, claim, name }: BusMessage & { type: "claim" }): Happening[] {
    const granted = !this.#room.has(nicknameKey(name)) &&
      !this.#claims.holds(name, from);
    this.#voice.tell({ type: "answer", to: from, claim, granted });
    return granted ? this.#claims.yieldTo(from, name).map(refused) : [];
  }

  /** Gives the names to those who wait for them no longer. */
  #decide(): Happening[] {
    const servers = this.#whoDecides();
    if (servers === null) return [];
    return this.#claims.takeGranted(servers).map(({ member, name }) => {
      // Meanwhile somebody may have it who needs not ask: a login.
      const judged = this.#room.judge(member, name);
      return "type" in judged
        ? { self: member, notices: refuse(judged) }
        : this.#rename(member, name);
    });
  }

  /** Tells of those elsewhere whose name nobody has here, or not any more. */
  #show(): Happening[] {
    const unshown = this.#others.unshown();
    const told = unshown.flatMap((known) => {
      const ways = this.#meet(known);
      if (this.#room.has(nicknameKey(known.name))) return ways;
      return [...ways, ...changed(this.#others.show(known))];
    });
    // One may have waited for the name that another has given up.
    const isFewer = this.#others.unshown().length < unshown.length;
    return isFewer ? [...told, ...this.#show()] : told;
  }

  /** Makes way for someone elsewhere who has the better right to a name. */
  #meet(theirs: Located): Happening[] {
    this.#ours.see(theirs);
    const happenings = changed(this.#others.supersede(theirs));
    if (!this.#room.has(nicknameKey(theirs.name))) return happenings;
    for (const self of this.#ours.yielding(theirs, this.id)) {
      happenings.push(
        self.fixed
          ? this.#end(self)
          : this.#rename(self, this.#room.nextGuestName()),
      );
    }
    return happenings;
  }

  #end(self: Member): Happening {
    const refusal = refuse({ type: "logged-in-again" });
    const notices = [...refusal, ...this.leave(self)];
    return { self, notices, reason: "replaced" };
  }

  #rename(self: Member, name: string): Happening {
    const notices = this.#room.rename(self, name);
    this.#voice.spread(self, notices);
    return { self, notices };
  }
}
