import { counted } from "../../../protocol/text.ts";
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import { describeEvent } from "../trace/trace_words.ts";

/** Of a long run so many events are kept of its beginning, and of its end. */
const KEPT_EVENTS = 200;

/** Of one read or write, for who looks at its bytes. */
const KEPT_BYTES = 1024;

/** The longest text beside an arrow. */
export const LABEL_COLUMNS = 56;

/** One arrow, or one thing that happened at one end. */
export interface Step {
  /** In ms since the start; empty: at no time of its own. */
  t: string;
  /** The same, exact: its place among the steps of other connections. */
  at: number;
  what: string;
  /** Where the arrow points; `left` and `right` at an end; `gap` between both. */
  shape: "->" | "<-" | "left" | "right" | "gap";
  /** It has bytes to look at. */
  event?: TraceEvent;
}

/** What two ends said to each other, from above to below. */
export interface Conversation {
  title: string;
  left: string;
  right: string;
  steps: Step[];
}

/** All that is drawn. */
export interface Exchange {
  title: string;
  conversations: Conversation[];
  /** What is not, in words. */
  leftOut: string | null;
}

interface LeftOut {
  events: number;
  "->": number;
  "<-": number;
}

/** Keeps of the events what a diagram has room for, and counts the others. */
export class Recorder {
  readonly #first: TraceEvent[] = [];
  readonly #last: TraceEvent[] = [];
  /** By connection; those that ended, and are not drawn, are forgotten. */
  readonly #leftOut = new Map<number, LeftOut>();
  #events = 0;
  #connections = 0;

  add(event: TraceEvent): void {
    this.#events++;
    this.#connections = Math.max(this.#connections, event.conn);
    const kept = { ...event };
    // They were lent.
    if (event.data) kept.data = event.data.slice(0, KEPT_BYTES);
    if (this.#first.length < KEPT_EVENTS) this.#first.push(kept);
    else if (this.#last.push(kept) > KEPT_EVENTS) {
      this.#leaveOut(this.#last.shift()!);
    }
  }

  /** What there is to draw. `name` is what this end is called. */
  exchange(name: string): Exchange {
    const events = [...this.#first, ...this.#last];
    const conversations = [...Map.groupBy(events, ({ conn }) => conn)]
      .sort(([a], [b]) => a - b).map(([conn, events]) =>
        this.#conversation(name, conn, events)
      );
    const unseen = this.#connections - conversations.length;
    const missing = this.#events - events.length;
    const counts = [
      ...unseen > 0 ? [counted(unseen, "connection")] : [],
      counted(missing, "event"),
    ];
    return {
      title: `${name}: ${counted(this.#connections, "connection")}`,
      conversations,
      leftOut: missing > 0 ? `Not drawn: ${counts.join(", ")}` : null,
    };
  }

  #leaveOut({ conn, dir, kind, bytes = 0 }: TraceEvent): void {
    const left = this.#leftOut.get(conn) ?? { events: 0, "->": 0, "<-": 0 };
    left.events++;
    left[dir] += bytes;
    this.#leftOut.set(conn, left);
    const isOver = /close|refused|timeout|failed/.test(kind);
    if (isOver && !this.#first.some((event) => event.conn === conn)) {
      this.#leftOut.delete(conn);
    }
  }

  #conversation(
    name: string,
    conn: number,
    events: TraceEvent[],
  ): Conversation {
    const { role, peer } = events[0]!;
    const [left, right] = role === "client" ? [name, peer] : [peer, name];
    const steps = events.map(stepOf);
    const gap = this.#leftOut.get(conn);
    if (gap) {
      const begun = events.filter((event) => this.#first.includes(event));
      const what = `${counted(gap.events, "event")} not drawn: ` +
        `${gap["->"]} bytes ->, ${gap["<-"]} bytes <-`;
      const at = begun.at(-1)?.t ?? 0;
      steps.splice(begun.length, 0, { t: "", at, what, shape: "gap" });
    }
    return { title: `Connection ${conn}`, left, right, steps };
  }
}

function stepOf(event: TraceEvent): Step {
  const { t, kind, role, dir } = event;
  const own = role === "client" ? "left" : "right";
  const stays = /close|timeout|failed/.test(kind);
  return {
    t: t.toFixed(1),
    at: t,
    what: describeEvent(event, LABEL_COLUMNS),
    shape: stays ? own : dir,
    ...kind === "data" ? { event } : {},
  };
}
