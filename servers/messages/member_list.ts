import type { ServerLine } from "../../protocol/messages.ts";
import type { OtherServers } from "./other_servers.ts";
import type { OurMembers } from "./our_members.ts";

/** The list of a shared room: the same on all servers, in order of arrival. */
export class MemberList {
  readonly #ours: OurMembers;
  readonly #others: OtherServers;
  #names: readonly string[] = [];
  /** What the names depend on: they are put in order once for many lists. */
  #version = "";

  constructor(ours: OurMembers, others: OtherServers) {
    this.#ours = ours;
    this.#others = others;
  }

  /** Who can be heard: while there is no way to the others, ours. */
  line(linked: boolean): ServerLine {
    const version = `${linked} ${this.#ours.changes} ${this.#others.changes}`;
    if (version !== this.#version) {
      const ours = [...this.#ours.all()].map(([, member]) => member);
      const there = linked ? this.#others.members() : [];
      this.#names = [...ours, ...there]
        .sort((a, b) => a.id - b.id || (a.name < b.name ? -1 : 1))
        .map(({ name }) => name);
      this.#version = version;
    }
    return { type: "listed", count: this.#names.length, names: this.#names };
  }
}
