/** One run: what it is, what it prints, what it is told, and its drawing. */
import { ask, save } from "./server.js";
import { Drawing } from "./drawing.js";
import { Exchange } from "./exchange.js";
import { faultSwitches } from "./faults.js";
import { Transcript } from "./transcript.js";
import { element, say, translate } from "./words.js";

/** The first line of every server. */
const LISTENING = /^Listening on \[?(.+?)\]?:(\d+)$/m;

export class Panel {
  /** Where it listens, once it does: `{ name, host, port }`. */
  server = null;
  /** The newest event that came, to go on from. */
  seq = 0;
  #run;
  #row;
  #lost = 0;
  #begin = "";
  #exchange;
  #drawing;

  /** `on.changed()` when it listens or ends; `on.closed()` when it is put away. */
  constructor(run, row, on) {
    this.#run = run;
    this.#row = row;
    this.on = on;
    this.#exchange = new Exchange(run.command);
    this.#drawing = new Drawing(this.#exchange);
    this.output = new Transcript("output", { isRead: true });
    this.log = new Transcript("log", { isRead: !row.listens });
    this.state = element("span", { className: "state" });
    this.warning = element("p", { className: "error", role: "alert" });
    this.stop = this.#button("stop", () => this.#ask("POST", "stop"));
    this.close = this.#button("close", () => this.#close());
    this.input = row.reads ? this.#inputForm() : null;
    this.faults = row.name === "proxy"
      ? faultSwitches((lists) => ask("POST", this.#path("faults"), lists))
      : null;
    const heading = element("h3", { tabIndex: -1, textContent: run.line });
    heading.id = `run-${run.id}`;
    this.heading = heading;
    this.element = element(
      "article",
      { className: "panel", data: { run: run.id, command: run.command } },
      heading,
      element("p", { className: "actions" }, this.state, this.stop, this.close),
      this.warning,
      // Above what grows: it stays where it is.
      ...this.input ? [this.input] : [],
      ...this.faults ? [this.faults] : [],
      this.#drawing.element,
      this.#saving(),
      this.output.element,
      this.log.element,
    );
    this.element.setAttribute("aria-labelledby", heading.id);
    this.say();
  }

  /** In the language that is chosen. */
  say() {
    translate(this.element);
    const { state, code } = this.#run;
    const isOver = state === "ended";
    const used = document.activeElement;
    this.state.textContent = isOver ? say("ended", code) : say("running");
    this.element.dataset.state = isOver
      ? code === 0 ? "worked" : "failed"
      : "running";
    this.stop.hidden = isOver;
    this.close.hidden = !isOver;
    if (isOver && this.input) this.input.hidden = true;
    if (isOver && this.faults) this.faults.hidden = true;
    // What had the focus may be hidden now; the next key is for this panel.
    const isHidden = used?.closest("[hidden]") !== null;
    if (isHidden && this.element.contains(used)) this.close.focus();
    this.#drawing.say();
  }

  /** One event of the stream. What is missing before it is counted. */
  take(event) {
    // What was dropped has left a gap before the next one.
    if (event.kind === "dropped" || event.seq <= this.seq) return;
    const missing = event.seq - this.seq - 1;
    this.seq = event.seq;
    if (missing > 0) this.#missed(missing);
    switch (event.kind) {
      case "trace":
        this.#exchange.add(event.event);
        this.savingButtons.hidden = false;
        this.#drawing.draw();
        break;
      case "out":
        this.output.add(event.text);
        this.#lookForAddress(event.text);
        break;
      case "err":
        this.log.add(event.text);
        break;
      case "end":
        this.#run.state = "ended";
        this.#run.code = event.code;
        this.server = null;
        this.say();
        this.on.changed(`${this.#run.line}: ${say("ended", event.code)}`);
    }
  }

  focus() {
    const place = this.input?.querySelector("input") ?? this.heading;
    place.focus({ preventScroll: true });
    // One column: what stands above it grows.
    const isNarrow = matchMedia("(max-width: 60rem)").matches;
    this.element.scrollIntoView({ block: isNarrow ? "start" : "nearest" });
  }

  /** What it printed first may come in pieces. */
  #lookForAddress(text) {
    if (!this.#row.listens || this.server || this.#begin.length > 1000) return;
    this.#begin += text.slice(0, 1000);
    const [, host, port] = LISTENING.exec(this.#begin) ?? [];
    if (!host || this.#run.state === "ended") return;
    this.server = { name: this.#run.command, host, port };
    this.on.changed();
  }

  #missed(count) {
    this.#lost += count;
    this.element.dataset.lost = this.#lost;
    this.warning.textContent = say("lost", this.#lost);
  }

  #inputForm() {
    const line = element("input", {
      type: "text",
      label: "input",
      autocomplete: "off",
      spellcheck: false,
    });
    const send = element("button", { type: "submit", word: "send" });
    const end = this.#button(
      "end",
      () => this.#ask("POST", "input", { end: true }),
    );
    const form = element("form", { className: "input" }, line, send, end);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#type(line);
    });
    return form;
  }

  /** What is not taken comes back, unless something else is there by now. */
  async #type(line) {
    const text = line.value;
    line.value = "";
    if (await this.#ask("POST", "input", { text })) return;
    if (line.value === "") line.value = text;
  }

  #saving() {
    this.savingButtons = element(
      "p",
      { className: "actions", hidden: true },
      ...["svg", "html"].map((ending) => {
        const name = `diagram.${ending}`;
        const file = `${this.#run.command}.${ending}`;
        const button = this.#button(
          "save",
          () => this.#attempt(() => save(this.#path(name), file)),
        );
        button.dataset.part = `.${ending}`;
        return button;
      }),
    );
    return this.savingButtons;
  }

  #button(word, action) {
    const button = element("button", { type: "button", word });
    button.addEventListener("click", action);
    return button;
  }

  #path(rest) {
    return `api/runs/${this.#run.id}${rest ? `/${rest}` : ""}`;
  }

  #ask(method, rest, body = {}) {
    return this.#attempt(() => ask(method, this.#path(rest), body));
  }

  async #attempt(action) {
    try {
      await action();
      this.warning.textContent = this.#lost > 0 ? say("lost", this.#lost) : "";
      return true;
    } catch (error) {
      this.warning.textContent = say("failedRun", error.message);
      return false;
    }
  }

  /** Another tab may have closed it, or there have been many since then. */
  async #close() {
    const forget = () =>
      ask("DELETE", this.#path("")).catch((error) => {
        if (error.status !== 404) throw error;
      });
    if (await this.#attempt(forget)) {
      this.element.remove();
      this.on.closed();
    }
  }
}
