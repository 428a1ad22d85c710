/** The page: what can be run, its form, and the runs. */
import { ask, follow } from "./server.js";
import { CommandForm } from "./form.js";
import { Panel } from "./panel.js";
import {
  chooseLanguage,
  chosenLanguage,
  element,
  say,
  translate,
} from "./words.js";

const at = (id) => document.getElementById(id);
const status = at("status");

/** By number. */
const panels = new Map();
/** What came of a run before the answer that says which run it is. */
const early = new Map();
let rows = [];
let form = null;

const act = {
  async run(request) {
    const panel = show(await ask("POST", "api/runs", request));
    panel.focus();
  },
  async startServer(command) {
    const run = await ask("POST", "api/runs", {
      command,
      arguments: { port: "0" },
      rest: [],
      options: {},
    });
    return await show(run).listening;
  },
};

function show(run) {
  const known = panels.get(run.id);
  if (known) return known;
  const row = rows.find(({ name }) => name === run.command);
  const { promise, resolve, reject } = Promise.withResolvers();
  promise.catch(() => {}); // Nobody may wait for it.
  const panel = new Panel(run, row, {
    changed(said = "") {
      if (said !== "") status.textContent = said;
      if (panel.server) resolve(panel.server);
      else reject(new Error(said));
      form?.showServers(servers());
    },
    closed() {
      panels.delete(run.id);
      form?.showServers(servers());
      at("runs").focus();
    },
  });
  panel.listening = promise;
  panels.set(run.id, panel);
  at("runs").append(panel.element);
  status.textContent = say("started", run.line);
  for (const event of early.get(run.id) ?? []) panel.take(event);
  early.delete(run.id);
  return panel;
}

function take(event) {
  const panel = panels.get(event.run);
  if (panel) panel.take(event);
  else if (early.has(event.run)) early.get(event.run).push(event);
  else {
    early.set(event.run, [event]);
    void meet(event.run);
  }
}

/** A run that another tab has started, or whose answer is on its way. */
async function meet(id) {
  const runs = await ask("GET", "api/runs").catch(() => []);
  const run = runs.find((run) => run.id === id);
  if (run) show({ ...run, state: "running" });
  else early.delete(id);
}

/** Where the stream goes on: what waits has come, too. */
function seen() {
  const come = [...panels].map(([id, { seq }]) => [id, seq]);
  const waiting = [...early].map(([id, events]) => [id, events.at(-1).seq]);
  return [...come, ...waiting];
}

function servers() {
  return [...panels.values()].map(({ server }) => server).filter(Boolean);
}

function choose(row) {
  for (const button of at("commands").querySelectorAll("button")) {
    button.ariaCurrent = button.dataset.command === row.name ? "true" : null;
  }
  form = new CommandForm(row, act);
  form.showServers(servers());
  form.name = row.name;
  at("form").replaceChildren(form.element);
}

/** Of a long list on a small screen, the form may be out of sight. */
function goToForm() {
  form.heading.focus({ preventScroll: true });
  at("form").scrollIntoView({ block: "nearest" });
}

/** By the number of the exercise; a local server stands with its client. */
function listCommands() {
  const numberOf = ({ name, exercise }) =>
    exercise ?? rows.find(({ tryWith }) => tryWith === name)?.exercise;
  const groups = Map.groupBy(rows, (row) => numberOf(row) ?? "tools");
  const sections = [...groups].map(([number, members]) => {
    const heading = number === "tools"
      ? element("h2", { word: "tools" })
      : element(
        "h2",
        {},
        element("span", { word: "exercise" }),
        ` ${number}`,
      );
    return element("div", { className: "group" }, heading, listOf(members));
  });
  at("commands").replaceChildren(...sections);
}

function listOf(members) {
  const items = members.map((row) => {
    const button = element(
      "button",
      { type: "button", data: { command: row.name } },
      element("b", { textContent: row.name }),
      element("span", {
        lang: "en",
        textContent: row.title.replace(/^Exercise \d+: /, ""),
      }),
    );
    button.addEventListener("click", () => {
      choose(row);
      goToForm();
    });
    return element("li", {}, button);
  });
  return element("ul", {}, ...items);
}

function speak(language) {
  chooseLanguage(language);
  translate(document.body);
  for (const panel of panels.values()) panel.say();
  const row = rows.find(({ name }) => name === form?.name);
  if (row) choose(row);
}

async function begin() {
  speak(chosenLanguage());
  at("language").value = chosenLanguage();
  at("language").addEventListener(
    "change",
    (event) => speak(event.target.value),
  );
  try {
    rows = await ask("GET", "api/commands");
    listCommands();
    for (const run of await ask("GET", "api/runs")) {
      show({ ...run, state: "running" });
    }
  } catch (error) {
    status.textContent = say(error.status === 401 ? "noToken" : "serverGone");
    return;
  }
  at("form").replaceChildren(element("p", { word: "choose" }));
  translate(document.body);
  status.textContent = say("connected");
  await follow(seen, take, (state) => {
    document.body.dataset.stream = state;
    if (state === "refused") status.textContent = say("noToken");
    if (state === "lost") status.textContent = say("serverGone");
    if (state === "connected") status.textContent = say("connected");
  }, new AbortController().signal);
}

void begin();
