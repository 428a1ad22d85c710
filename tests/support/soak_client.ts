import { Chatter } from "./chatter.ts";

/** A line that was said: on which server, and when. */
export interface Said {
  port: number;
  ms: number;
}

/** All that was said, by its text, and what was wrong with what was heard. */
export class SoakLedger {
  readonly said = new Map<string, Said>();
  readonly problems: string[] = [];
}

/** A client that checks all that it hears: nothing twice, nothing out of order. */
export class SoakClient {
  name: string;
  /** Who is there, as far as it was told. */
  readonly present: string[] = [];
  readonly heard = new Set<string>();
  /** How many lines were told as lost. */
  lost = 0;
  /** Who left, and when. */
  readonly leavings: { name: string; ms: number }[] = [];
  /** The answer to the last `/list`. */
  list = "";
  readonly #chatter: Chatter;
  readonly #ledger: SoakLedger;
  readonly #lastOf = new Map<string, number>();
  #said = 0;

  private constructor(
    chatter: Chatter,
    readonly port: number,
    readonly id: number,
    ledger: SoakLedger,
  ) {
    this.#chatter = chatter;
    this.#ledger = ledger;
    this.name = chatter.name;
    this.present.push(this.name);
    // A killed server resets it.
    void this.#read().catch(() => {});
  }

  static async join(
    port: number,
    id: number,
    ledger: SoakLedger,
  ): Promise<SoakClient> {
    return new SoakClient(await Chatter.join(port), port, id, ledger);
  }

  send(line: string): void {
    void this.#chatter.say(line).catch(() => {});
  }

  /** Says the next of its lines, which tell who said them, and their order. */
  talk(): void {
    const text = `${this.id}.${++this.#said}`;
    this.#ledger.said.set(text, { port: this.port, ms: performance.now() });
    this.send(text);
  }

  async #read(): Promise<void> {
    for (;;) {
      const line = await this.#chatter.next();
      if (line === null) return this.#chatter[Symbol.dispose]();
      if (line.startsWith("<")) this.#hear(line);
      else this.#note(line);
    }
  }

  #hear(line: string): void {
    const text = line.slice(line.indexOf("> ") + 2);
    const [sender = "", number] = text.split(".");
    const last = this.#lastOf.get(sender) ?? 0;
    if (Number(number) <= last) {
      this.#ledger.problems.push(`${line} after ${last}, on ${this.name}`);
    }
    this.#lastOf.set(sender, Number(number));
    this.heard.add(text);
  }

  #note(line: string): void {
    const [, who = "", what, to = ""] =
      /^\* (\S+) (joined|left|is now|lines?|connected:)(?: (\S+))?/
        .exec(line) ?? [];
    switch (what) {
      case "joined":
        this.present.push(who);
        break;
      case "left":
        this.#remove(who, line);
        this.leavings.push({ name: who, ms: performance.now() });
        break;
      case "is now":
        this.#remove(who, line);
        this.present.push(to);
        if (who === this.name) this.name = to;
        break;
      case "line":
      case "lines":
        this.lost += Number(who);
        break;
      case "connected:":
        this.list = line;
        break;
    }
  }

  #remove(name: string, line: string): void {
    const at = this.present.indexOf(name);
    // Who came before it did is in no line: it may leave all the same.
    if (at >= 0) this.present.splice(at, 1);
    else if (this.id < 0) this.#ledger.problems.push(`${line}: not there`);
  }
}
