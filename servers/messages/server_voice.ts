import type { BusBody, BusMessage } from "../../protocol/server_bus.ts";
import type { OurMembers } from "./our_members.ts";
import type { Member, Notice } from "./room.ts";

/** How long a server listens for the others before it gives names, in ticks. */
const SETTLE_TICKS = 2;

/** What this server tells the others that share its room. */
export class ServerVoice {
  /** Whether there is a way to them. */
  linked = false;
  readonly #id: string;
  readonly #send: (message: BusMessage) => void;
  readonly #ours: OurMembers;
  #settlingTicks = 0;
  #seq = 0;
  #lines = 0;
  /** Our state was told in this tick, and has been asked for again. */
  #toldState = false;
  #owesState = false;
  /** Whose state was asked for in this tick. */
  readonly #asked = new Set<string>();

  constructor(
    id: string,
    send: (message: BusMessage) => void,
    ours: OurMembers,
  ) {
    this.#id = id;
    this.#send = send;
    this.#ours = ours;
  }

  /** Whether it has been told by now who else is there. */
  get isSettled(): boolean {
    return this.#settlingTicks === 0;
  }

  /** There is a way to the others: asks for all states, and tells ours. */
  begin(): void {
    this.linked = true;
    this.#settlingTicks = SETTLE_TICKS;
    this.tell({ type: "hello", to: null });
    this.#toldState = false;
    this.tellState();
  }

  /** Takes leave of the others. */
  stop(): void {
    this.tell({ type: "bye" });
    this.linked = false;
  }

  /** What cannot be sent is numbered, too: the others see that it is missing. */
  tell(body: BusBody): void {
    this.#seq++;
    if (body.type === "said") this.#lines++;
    if (!this.linked) return;
    this.#send({ from: this.#id, seq: this.#seq, lines: this.#lines, ...body });
  }

  /** Tells all members, once in a tick however many ask. */
  tellState(): void {
    this.#owesState = this.#toldState;
    if (this.#toldState) return;
    this.#toldState = true;
    for (const part of this.#ours.state()) this.tell(part);
  }

  askState(server: string): void {
    if (this.#asked.has(server)) return;
    this.#asked.add(server);
    this.tell({ type: "hello", to: server });
  }

  tick(): void {
    this.#settlingTicks = Math.max(0, this.#settlingTicks - 1);
    this.#asked.clear();
    this.#toldState = false;
    if (this.#owesState) this.tellState();
    else this.tell({ type: "beat" });
  }

  /** Tells what `member` has caused; and keeps count of who is here. */
  spread(member: Member, notices: readonly Notice[]): void {
    for (const { line } of notices) {
      switch (line.type) {
        case "joined":
          this.#ours.add(member);
          this.tell({ type: "joined", member: this.#ours.get(member)! });
          break;
        case "renamed": {
          this.#ours.renamed(member);
          const { id, name, since } = this.#ours.get(member)!;
          this.tell({ type: "renamed", id, name, since });
          break;
        }
        case "left": {
          const { id } = this.#ours.get(member)!;
          this.#ours.remove(member);
          this.tell({ type: "left", id });
          break;
        }
        case "said":
          this.tell({ type: "said", name: line.name, text: line.text });
          break;
      }
    }
  }
}
