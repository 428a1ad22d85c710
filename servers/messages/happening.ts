import type { ServerLine } from "../../protocol/messages.ts";
import type { LogEntry } from "../log.ts";
import type { Claim } from "./name_claims.ts";
import type { Change } from "./other_server.ts";
import { type Member, type Notice, refuse } from "./room.ts";

/** Something in a shared room that none of our clients has just caused. */
export interface Happening {
  /** One of ours, to whom it happens; null: it happens elsewhere. */
  self: Member | null;
  notices: Notice[];
  /** Why `self` leaves, for the log. */
  reason?: string;
  log?: LogEntry;
}

/** A line for all of ours. */
export function elsewhere(line: ServerLine, log?: LogEntry): Happening {
  return { self: null, notices: [{ to: "all", line }], ...log && { log } };
}

/** What is told of members of other servers. */
export function changed(changes: readonly Change[]): Happening[] {
  return changes.map((change) => elsewhere(change));
}

/** What a member is told whose claim is lost. */
export function refused({ member, name }: Claim): Happening {
  return { self: member, notices: refuse({ type: "nickname-taken", name }) };
}
