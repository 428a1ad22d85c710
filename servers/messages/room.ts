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
  #guests = 0;

  /**
   * Adds a member, under the name of its login, which nobody has, or else under
   * a guest name that nobody had before.
   */
  join(login?: string): { member: Member; notices: Notice[] } {
    const name = login ?? guestName(++this.#guests);
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
        if (member.fixed) return refuse({ type: "logged-in", name });
        return this.#rename(member, command.name);
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

  #rename(member: { name: string }, wanted: string): Notice[] {
    const from = member.name;
    const to = parseNickname(wanted);
    if (to === null) return refuse({ type: "no-nickname" });
    if (isReserved(to)) return refuse({ type: "nickname-reserved", name: to });
    const key = nicknameKey(to);
    const own = nicknameKey(from);
    // A member may change the letter case of its own name.
    if (to === from || (key !== own && this.#taken.has(key))) {
      return refuse({ type: "nickname-taken", name: to });
    }
    this.#taken.delete(own);
    this.#taken.add(key);
    member.name = to;
    return [{ to: "all", line: { type: "renamed", from, to } }];
  }

  *#names(): Generator<string> {
    for (const { name } of this.#members) yield name;
  }
}

function refuse(refusal: Refusal): Notice[] {
  return [{ to: "self", line: { type: "refused", refusal } }];
}
