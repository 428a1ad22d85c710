import { nicknameKey } from "../../protocol/nickname.ts";
import { keepsName, type Located } from "../../protocol/server_bus.ts";
import { type Change, type Known, Names, OtherServer } from "./other_server.ts";

/** What tells of more servers is no bus of ours. */
const MAX_SERVERS = 100;

/** The other servers that share the room. */
export class OtherServers {
  readonly #names = new Names();
  readonly #servers = new Map<string, OtherServer>();

  /** Null: there are too many. */
  get(id: string): OtherServer | null {
    const known = this.#servers.get(id);
    if (known) return known;
    if (this.#servers.size >= MAX_SERVERS && !this.#forgetOne()) return null;
    const server = new OtherServer(id, this.#names);
    this.#servers.set(id, server);
    return server;
  }

  /** Whether a member of one of them has a name with this key. */
  has(key: string): boolean {
    return this.#names.real.has(key);
  }

  /** How often something was told of their members. */
  get changes(): number {
    return this.#names.changes;
  }

  /** Ends the earlier logins of a user who has logged in at `login.server`. */
  supersede(login: Located): Change[] {
    const key = nicknameKey(login.name);
    if (!login.fixed || !this.has(key)) return [];
    return [...this.alive()].filter(({ id }) => id !== login.server)
      .flatMap((server) =>
        [...server.members.values()].filter((member) =>
          member.fixed && nicknameKey(member.name) === key &&
          !keepsName(member, login)
        ).flatMap(({ id }) => server.drop(id))
      );
  }

  /** Those of whom ours have been told, under the name that they know. */
  *members(): Generator<{ id: number; name: string }> {
    for (const server of this.#servers.values()) {
      for (const { id, shown } of server.members.values()) {
        if (shown !== null) yield { id, name: shown };
      }
    }
  }

  /** Those whose name ours do not know yet. */
  unshown(): Known[] {
    return [...this.#names.unshown];
  }

  /** Tells of a name, unless another has it still: then its time will come. */
  show(known: Known): Change[] {
    const { unshown, shown } = this.#names;
    const { name, shown: from } = known;
    const isOwn = from !== null && nicknameKey(from) === nicknameKey(name);
    if (!unshown.has(known)) return [];
    if (!isOwn && shown.has(nicknameKey(name))) return [];
    unshown.delete(known);
    if (name === from) return [];
    this.#names.changes++;
    shown.count(from, -1);
    shown.count(name, 1);
    known.shown = name;
    return from === null
      ? [{ type: "joined", name }]
      : [{ type: "renamed", from, to: name }];
  }

  /** Counts a tick, and ends those that have been silent for too long. */
  tick(): Change[] {
    return [...this.#servers.values()].filter((server) => server.tick())
      .flatMap((server) => server.end());
  }

  *alive(): Generator<OtherServer> {
    for (const server of this.#servers.values()) {
      if (server.alive) yield server;
    }
  }

  #forgetOne(): boolean {
    for (const [id, { alive, members }] of this.#servers) {
      if (!alive && members.size === 0) return this.#servers.delete(id);
    }
    return false;
  }
}
