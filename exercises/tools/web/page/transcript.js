/** What a run printed: the end of it, however much that was. */
import { visibleLines } from "./exchange.js";
import { element, say } from "./words.js";

const KEPT_CHARACTERS = 64 * 1024;

export class Transcript {
  #waiting = "";
  #isDue = false;
  #shown = 0;
  #folded = 0;

  /** Of what a client prints, a screen reader tells; a server's log is too much. */
  constructor(word, { isRead }) {
    this.folded = element("p", { className: "count", hidden: true });
    this.text = element("pre", {
      tabIndex: 0,
      role: "log",
      label: word,
      ariaLive: isRead ? "polite" : "off",
      lang: "en",
    });
    this.element = element(
      "div",
      { className: `transcript ${word}`, hidden: true },
      element("h4", { word }),
      this.folded,
      this.text,
    );
  }

  add(text) {
    this.#waiting += text;
    // Also where nothing is drawn: a page that nobody looks at.
    if (this.#waiting.length > 2 * KEPT_CHARACTERS) this.#cut();
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#show();
    });
  }

  #cut() {
    const over = this.#waiting.length - KEPT_CHARACTERS;
    this.#folded += over;
    this.#waiting = this.#waiting.slice(over);
  }

  #show() {
    if (this.#waiting.length > KEPT_CHARACTERS) this.#cut();
    const { text } = this;
    this.element.hidden = false;
    const follows =
      text.scrollTop + text.clientHeight >= text.scrollHeight - 24;
    const added = document.createTextNode(visibleLines(this.#waiting));
    this.#waiting = "";
    text.append(added);
    this.#shown += added.length;
    while (this.#shown > KEPT_CHARACTERS && text.firstChild !== added) {
      this.#shown -= text.firstChild.length;
      this.#folded += text.firstChild.length;
      text.firstChild.remove();
    }
    this.folded.hidden = this.#folded === 0;
    this.folded.textContent = say("foldedText", this.#folded);
    if (follows) text.scrollTop = text.scrollHeight;
  }
}
