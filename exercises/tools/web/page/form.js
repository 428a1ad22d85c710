/** The form of a command, from its row of the catalogue. */
import { element, say, translate } from "./words.js";

/** What a field is asked for where the catalogue has no default. */
const HERE = "127.0.0.1";

let fields = 0;

export class CommandForm {
  #row;
  #inputs = new Map();
  #said;

  /** `act` has `run(request)` and `startServer(name)`, which gives its address. */
  constructor(row, act) {
    this.#row = row;
    this.#said = element("p", { className: "error", role: "alert" });
    this.servers = element("p", { className: "servers", hidden: true });
    const button = element("button", { type: "submit", word: "run" });
    button.className = "main";
    const form = element(
      "form",
      { noValidate: true, autocomplete: "off" },
      ...row.arguments.map((field) => this.#field(field, "argument")),
      ...row.rest ? [this.#field(restOf(row.rest), "rest")] : [],
      ...row.options.length > 0 ? [this.#options(row)] : [],
      this.servers,
      this.#said,
      element("p", {}, button),
      this.#needs(),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit(button, () => act.run(this.#request()));
    });
    this.act = act;
    this.heading = element("h2", { tabIndex: -1, textContent: row.name });
    this.element = element(
      "div",
      {},
      this.heading,
      element("p", { lang: "en", textContent: row.title }),
      element("p", {}, element("code", { textContent: row.usage })),
      form,
    );
    this.showServers([]);
    translate(this.element);
  }

  /** Offers what listens here: `[{ name, host, port }]`. */
  showServers(running) {
    const { tryWith } = this.#row;
    const wantsServer = this.#inputs.has("host") && !this.#isServer() ||
      this.#inputs.has("host-port");
    if (!wantsServer) return;
    const uses = running.map(({ name, host, port }) => {
      const text = say("use", `${name} ${host}:${port}`);
      const button = element("button", { type: "button", textContent: text });
      button.addEventListener("click", () => this.#fill(host, port));
      return button;
    });
    const start = element("button", { type: "button" });
    if (tryWith) {
      start.textContent = say("serverFirst", tryWith);
      start.addEventListener("click", () =>
        this.#submit(start, async () => {
          const { host, port } = await this.act.startServer(tryWith);
          this.#fill(host, port);
        }));
    }
    this.servers.replaceChildren(
      element("span", { textContent: say("servers") }),
      ...tryWith ? [start] : [],
      ...uses,
    );
    this.servers.hidden = !tryWith && uses.length === 0;
  }

  #isServer() {
    return this.#row.listens && !this.#inputs.has("host-port");
  }

  #fill(host, port) {
    this.#inputs.get("host").control.value = host;
    const name = this.#inputs.has("host-port") ? "host-port" : "port";
    this.#inputs.get(name).control.value = port;
  }

  #needs() {
    const flags = this.#row.permissions.join(" ");
    return element("p", { className: "needs" }, say("needs", flags));
  }

  #options({ options }) {
    return element(
      "details",
      {},
      element("summary", { word: "options" }),
      ...options.map((field) => this.#field(field, "option")),
    );
  }

  #field(field, part) {
    const id = `field-${++fields}`;
    const control = controlOf(field, part, this.#row);
    control.id = id;
    control.name = field.name;
    control.setAttribute("aria-describedby", `${id}-about ${id}-error`);
    if (field.required) control.required = true;
    const error = element("span", { className: "error", id: `${id}-error` });
    const given = this.#inputs.has(field.name) ? `${part} ` : "";
    this.#inputs.set(given + field.name, { field, part, control, error });
    const about = element(
      "span",
      { className: "about", id: `${id}-about`, lang: "en" },
      field.about,
      ...field.default && part === "option"
        ? [` (${say("by", field.default)})`]
        : [],
      ...part === "rest" ? [" (", element("i", { word: "perLine" }), ")"] : [],
    );
    const name = part === "option" ? `--${field.name}` : field.name;
    return element(
      "p",
      { className: `field ${field.kind}` },
      element("label", { htmlFor: id, lang: "en" }, name),
      control,
      about,
      error,
    );
  }

  #request() {
    const request = {
      command: this.#row.name,
      arguments: {},
      rest: [],
      options: {},
    };
    for (const { field, part, control } of this.#inputs.values()) {
      const value = control.type === "checkbox"
        ? control.checked
        : control.value;
      if (value === "" || value === false) continue;
      if (part === "rest") {
        request.rest = value.split("\n").map((line) => line.trim())
          .filter((line) => line !== "");
      } else if (part === "argument") request.arguments[field.name] = value;
      else request.options[field.name] = value;
    }
    return request;
  }

  async #submit(button, action) {
    this.#showErrors({});
    button.disabled = true;
    try {
      await action();
    } catch (error) {
      this.#showErrors(error.errors ?? { "": error.message });
    } finally {
      button.disabled = false;
    }
  }

  /** Each beside its field, and the first of them is gone to. */
  #showErrors(errors) {
    const left = { ...errors };
    let first = null;
    for (const { field, control, error } of this.#inputs.values()) {
      error.textContent = left[field.name] ?? "";
      control.ariaInvalid = field.name in left ? "true" : null;
      if (field.name in left) first ??= control;
      delete left[field.name];
    }
    this.#said.textContent = Object.values(left).join(" ");
    const folded = first?.closest("details");
    if (folded) folded.open = true;
    first?.focus();
  }
}

function restOf({ name, about }) {
  return { name, about, kind: "lines", default: null, required: false };
}

function controlOf(field, part, { listens }) {
  if (field.kind === "flag") return element("input", { type: "checkbox" });
  if (field.kind === "lines") return element("textarea", { rows: 2 });
  if (field.kind === "choice") {
    const none = part === "option" || !field.default;
    const words = [...none ? [""] : [], ...field.choices];
    const options = words.map((word) => {
      const made = element("option", { value: word, textContent: word });
      if (word === "") made.dataset.word = "notSaid";
      return made;
    });
    const select = element("select", {}, ...options);
    if (part === "argument" && field.default) select.value = field.default;
    return select;
  }
  const proposed = field.name === "host" && field.required
    ? HERE
    : field.name === "port" && listens && field.required
    ? "0"
    : "";
  return element("input", {
    type: "text",
    spellcheck: false,
    value: part === "argument" ? field.default ?? proposed : "",
    placeholder: field.default ?? field.placeholder ?? "",
  });
}
