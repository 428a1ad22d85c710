import type {
  ClientCommand,
  Refusal,
  ServerLine,
} from "../../protocol/messages.ts";
import {
  guestName,
  isReserved,
  nicknameKey,
  parseNickname,
} from "../../protocol/nickname.ts";

/** Someone in the room. */
export interface Member {
  readonly name: string;
  /** It is that of a login, and stays. */
  readonly fixed?: boolean;
}

/** A line and who gets it, relative to the member that caused it. */
export interface Notice {
  to: "self" | "others" | "all";
  line: ServerLine;
}

/** What the room has to know of those who are in it through other servers. */
export interface Elsewhere {
  /** Whether one of them has a name with this key. */
  has(key: string): boolean;
  /** A guest name that nobody gives twice. */
  guestName(number: number): string;
}

/** There are no other servers. */
const NOWHERE: Elsewhere = { has: () => false, guestName };

/**
 * Who is in the room, and who gets what: state without sockets. Each change
 * happens in one call without `await`, so no other client can interfere. A
 * server with a thread for each client would need a lock.
 */
export class Room {
  /** In order of arrival. */
  readonly #members = new Set<{ name: string; fixed?: boolean }>();
  /** The keys of all names in use. */
  readonly #taken = new Set<string>();
  readonly #elsewhere: Elsewhere;
  #guests = 0;

  constructor(elsewhere = NOWHERE) {
    this.#elsewhere = elsewhere;
  }

  /**
   * Adds a member, under the name of its login, which nobody has, or else under
   * a guest name that nobody had before.
   */
  join(login?: string): { member: Member; notices: Notice[] } {
    const name = login ?? this.nextGuestName();
    const member = { name, fixed: login !== undefined };
    this.#members.add(member);
    this.#taken.add(nicknameKey(name));
    return {
      member,
      notices: [
        { to: "self", line: { type: "welcome", name } },
        { to: "others", line: { type: "joined", name } },
      ],
    };
  }

  /** The notices that a command causes; none if `member` has left. */
  hear(member: Member, command: ClientCommand): Notice[] {
    if (!this.#members.has(member)) return [];
    const { name } = member;
    switch (command.type) {
      case "say": {
        const { text } = command;
        return [{ to: "others", line: { type: "said", name, text } }];
      }
      case "list": {
        const names = this.#names();
        const count = this.#members.size;
        return [{ to: "self", line: { type: "listed", count, names } }];
      }
      case "nick":
        return this.#nick(member, command.name);
      case "quit":
        return [
          { to: "self", line: { type: "goodbye" } },
          ...this.leave(member),
        ];
      case "unknown":
        return refuse({ type: "unknown-command", word: command.word });
      case "not-text":
        return refuse({ type: "not-text" });
      case "too-long":
        return refuse({ type: "line-too-long" });
      case "empty":
        return [];
      default:
        return command satisfies never;
    }
  }

  /** Removes a member. The others are notified only the first time. */
  leave(member: Member): Notice[] {
    if (!this.#members.delete(member)) return [];
    this.#taken.delete(nicknameKey(member.name));
    return [{ to: "others", line: { type: "left", name: member.name } }];
  }

  /** Whether a member has a name with this key. */
  has(key: string): boolean {
    return this.#taken.has(key);
  }

  /** The name that `member` may take when it asks for `wanted`; or why not. */
  judge(member: Member, wanted: string): { name: string } | Refusal {
    if (member.fixed) return { type: "logged-in", name: member.name };
    const name = parseNickname(wanted);
    if (name === null) return { type: "no-nickname" };
    if (isReserved(name)) return { type: "nickname-reserved", name };
    const key = nicknameKey(name);
    // A member may change the letter case of its own name.
    const isOwn = key === nicknameKey(member.name);
    const isTaken = this.#taken.has(key) || this.#elsewhere.has(key);
    return name === member.name || (!isOwn && isTaken)
      ? { type: "nickname-taken", name }
      : { name };
  }

  /** Gives a member a name that nobody here has. */
  rename(member: { name: string }, to: string): Notice[] {
    const from = member.name;
    this.#taken.delete(nicknameKey(from));
    this.#taken.add(nicknameKey(to));
    member.name = to;
    return [{ to: "all", line: { type: "renamed", from, to } }];
  }

  nextGuestName(): string {
    return this.#elsewhere.guestName(++this.#guests);
  }

  #nick(member: Member, wanted: string): Notice[] {
    const judged = this.judge(member, wanted);
    return "type" in judged ? refuse(judged) : this.rename(member, judged.name);
  }

  *#names(): Generator<string> {
    for (const { name } of this.#members) yield name;
  }
}

/** What a member gets whose command is refused. */
export function refuse(refusal: Refusal): Notice[] {
  return [{ to: "self", line: { type: "refused", refusal } }];
}
