/**
 * The lifelines of a run. Only the rows that can be seen are in the page,
 * whatever their number; they are written anew once a frame at most.
 */
import { hexDump, textOf, visibleLines } from "./exchange.js";
import { element, say, translate } from "./words.js";

/** Rows above and below the visible ones, for who scrolls. */
const SPARE_ROWS = 6;

let drawings = 0;

export class Drawing {
  #exchange;
  #rows = [];
  #isDue = false;
  /** The newest row is kept in view, until somebody scrolls up. */
  #follows = true;
  /** The chosen event, which may be folded one day. */
  #chosen = null;
  #foldedRows = 0;
  #rowHeight = 28;
  #name = `drawing-${++drawings}`;

  constructor(exchange) {
    this.#exchange = exchange;
    this.count = element("p", { className: "count" });
    this.space = element("div", { role: "presentation", className: "space" });
    this.list = element("div", {
      role: "listbox",
      tabIndex: 0,
      className: "drawing",
      label: "exchange",
      data: { name: this.#name },
    }, this.space);
    this.detail = element("section", {
      className: "detail",
      label: "text",
      hidden: true,
    });
    const keys = element("p", { className: "keys", word: "keys" });
    keys.id = `${this.#name}-keys`;
    this.list.setAttribute("aria-describedby", keys.id);
    this.element = element(
      "div",
      { className: "exchange", hidden: true },
      this.count,
      this.list,
      keys,
      this.detail,
    );
    this.list.addEventListener("scroll", () => this.#scrolled());
    this.list.addEventListener("keydown", (event) => this.#press(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#choose(Number(row.dataset.index), true);
    });
    new ResizeObserver(() => this.draw()).observe(this.list);
  }

  /** There is something new to be seen. */
  draw() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** In the language that is chosen. */
  say() {
    if (!this.detail.hidden) this.#open(this.#chosen);
    this.draw();
  }

  #draw() {
    const { rows, lanes, foldedRows, events, connections } = this.#exchange;
    if (rows.length === 0) return;
    this.element.hidden = false;
    const { list, space } = this;
    this.#rowHeight = this.#rows[0]?.offsetHeight || this.#rowHeight;
    const height = this.#rowHeight;
    // What is folded takes one row, above all others.
    const top = foldedRows > 0 ? 1 : 0;
    const total = rows.length + top;
    const sinceFolded = foldedRows - this.#foldedRows;
    this.#foldedRows = foldedRows;
    space.style.height = `${total * height}px`;
    space.style.setProperty("--lanes", lanes);
    if (this.#follows) list.scrollTop = total * height;
    else if (sinceFolded > 0) list.scrollTop -= sinceFolded * height;
    const first = Math.max(0, Math.floor(list.scrollTop / height) - SPARE_ROWS);
    const room = Math.ceil(list.clientHeight / height) + 2 * SPARE_ROWS;
    const shown = Math.min(room, total - first);
    this.#provide(shown);
    for (let i = 0; i < shown; i++) {
      this.#write(this.#rows[i], first + i, top, total);
    }
    this.count.textContent = say("events", connections, events);
    this.list.dataset.events = events;
    this.list.dataset.lanes = lanes;
    this.#point();
  }

  /** As many rows in the page as are needed. */
  #provide(count) {
    while (this.#rows.length < count) {
      const time = element("time");
      // Whose it is and where it goes, for who does not see that.
      const aside = element("i", { className: "unseen" });
      const what = element("span");
      const row = element("div", { role: "option" }, time, aside, what);
      this.#rows.push(row);
      this.space.append(row);
    }
    for (const extra of this.#rows.splice(count)) extra.remove();
  }

  #write(element, place, top, total) {
    const row = this.#exchange.rows[place - top];
    const [time, aside, what] = element.children;
    element.id = `${this.#name}-${place}`;
    element.dataset.index = place - top;
    element.style.transform = `translateY(${place * this.#rowHeight}px)`;
    element.style.setProperty("--lane", row?.lane ?? 0);
    element.ariaPosInSet = place + 1;
    element.ariaSetSize = total;
    element.ariaSelected = row !== undefined && row === this.#chosen;
    if (row === undefined) {
      const { events, "->": to, "<-": from } = this.#exchange.folded;
      element.className = "row folded";
      time.textContent = aside.textContent = "";
      what.textContent = say("folded", events, to, from);
    } else if (row.kind === "head") {
      element.className = "row head";
      time.textContent = `#${row.conn}`;
      aside.textContent = "";
      what.replaceChildren(node("b", row.left), " ", node("b", row.right));
    } else {
      element.className = `row ${SHAPES[row.shape]} ${row.kind}`;
      time.textContent = row.t.toFixed(1);
      aside.textContent = asideOf(row);
      what.textContent = (row.isShared ? `#${row.conn} ` : "") + labelOf(row);
    }
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.list;
    this.#follows = scrollTop + clientHeight >= scrollHeight - this.#rowHeight;
    this.draw();
  }

  #press(event) {
    const { rows } = this.#exchange;
    const now = rows.indexOf(this.#chosen);
    const page = Math.floor(this.list.clientHeight / this.#rowHeight) - 1;
    const from = now < 0 ? this.#firstVisible() - 1 : now;
    const next = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (next !== undefined) {
      this.#choose(Math.min(Math.max(next, 0), rows.length - 1), false);
    } else if (event.key === "Enter" || event.key === " ") {
      this.#choose(from, true);
    } else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
  }

  #firstVisible() {
    return Math.ceil(this.list.scrollTop / this.#rowHeight);
  }

  #choose(index, opens) {
    const row = this.#exchange.rows[index];
    if (row === undefined) return;
    this.#chosen = row;
    const place = index + (this.#exchange.foldedRows > 0 ? 1 : 0);
    const y = place * this.#rowHeight;
    const { scrollTop, clientHeight } = this.list;
    this.#follows = index === this.#exchange.rows.length - 1;
    if (y < scrollTop) this.list.scrollTop = y;
    else if (y + this.#rowHeight > scrollTop + clientHeight) {
      this.list.scrollTop = y + this.#rowHeight - clientHeight;
    }
    if (opens || !this.detail.hidden) this.#open(row);
    this.draw();
  }

  /** Tells a screen reader which row the keys are at, where it is in the page. */
  #point() {
    const shown = this.#rows.find((row) => row.ariaSelected === "true");
    if (shown) this.list.setAttribute("aria-activedescendant", shown.id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  #open(row) {
    const close = element("button", { type: "button", word: "close" });
    close.addEventListener("click", () => {
      this.#close();
      this.list.focus();
    });
    this.detail.replaceChildren(close, ...partsOf(row, this.list.clientWidth));
    this.detail.hidden = false;
    translate(this.element);
  }

  #close() {
    this.detail.hidden = true;
    this.detail.replaceChildren();
  }
}

const SHAPES = { "->": "to", "<-": "from", left: "left", right: "right" };

function node(tag, text) {
  return element(tag, { textContent: text });
}

function labelOf({ kind, label, bytes, isHalf, peer }) {
  switch (kind) {
    case "data":
      return `${label} ${bytes === 1 ? say("byte") : say("bytes", bytes)}`;
    case "fin":
      return say(isHalf ? "halfClose" : "fin");
    case "rst":
      return say("rst");
    case "close":
      return say("closed");
    default:
      return `${say(kind)} ${peer}`;
  }
}

function asideOf({ conn, dir }) {
  return say("aside", conn, say(dir === "->" ? "toServer" : "toClient"));
}

/** What a chosen row opens: its words, its text and its bytes. */
function partsOf(row, width) {
  if (row.kind === "head") {
    return [node("h4", say("head", row.conn, row.left, row.right))];
  }
  const heading = node("h4", row.t.toFixed(1) + asideOf(row) + labelOf(row));
  if (row.kind !== "data") return [heading];
  if (row.hex === "") return [heading, element("p", { word: "gone" })];
  const left = row.bytes - row.hex.length / 2;
  const block = (text, word) =>
    element("pre", {
      className: word,
      textContent: text,
      tabIndex: 0,
      label: word,
    });
  return [
    heading,
    element("h5", { word: "text" }),
    block(visibleLines(textOf(row.hex)), "text"),
    element("h5", { word: "hex" }),
    block(hexDump(row.hex, width < 420 ? 4 : width < 620 ? 8 : 16), "hex"),
    ...left > 0 ? [node("p", say("more", left))] : [],
  ];
}
