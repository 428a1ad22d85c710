import { quote } from "../../protocol/text.ts";
import type { Runnable } from "../cli/command_spec.ts";
import { UsageError } from "../cli/outcome.ts";
import type { Parameter } from "../cli/parameters.ts";

/** What one can choose: to run a command, or its server in the background. */
export interface Choice {
  does: "run" | "start" | "stop";
  command: Runnable;
}

/** What the shell around the menu is to do. */
export type MenuAction = Choice & { args: string[] } | { does: "leave" };

/** One argument of the chosen command, asked for. */
interface Question {
  name: string;
  parameter: Parameter<unknown>;
  /** Taken for an empty answer. */
  suggestion: string | undefined;
}

/** A choice that still needs answers. */
interface Asking {
  choice: Choice;
  questions: readonly Question[];
  answers: string[];
}

/** Where the menu is: at its list, or asking for a command's arguments. */
export interface Menu {
  catalogue: readonly Runnable[];
  running: ReadonlyMap<string, string>;
  choices: readonly Choice[];
  /** The list has been shown: what came below is not to be pushed away. */
  listed: boolean;
  asking: Asking | null;
}

/** What a person did: a line, Ctrl-C, or the end of input (Ctrl-D). */
export type MenuEvent =
  | { type: "line"; text: string }
  | { type: "interrupt" }
  | { type: "end" };

export interface MenuStep {
  menu: Menu;
  /** One line to show. */
  say?: string;
  action?: MenuAction;
}

/** Loopback, where the local servers are. */
const SUGGESTED_HOST = "127.0.0.1";

/** Commands that would make no sense inside a menu. */
const NOT_OFFERED = ["menu", "completions", "check"];

/**
 * The menu's list. Basic: one entry for each exercise. Extended: the tools
 * too, and each server to start and stop in the background.
 *
 * @param running The servers in the background, each with its port.
 */
export function createMenu(
  catalogue: readonly Runnable[],
  extended: boolean,
  running: ReadonlyMap<string, string> = new Map(),
): Menu {
  const offered = catalogue.filter(({ name }) => !NOT_OFFERED.includes(name));
  const exercises = offered.filter(({ exercise }) => exercise !== undefined);
  const servers = offered.filter(({ listens }) => listens);
  const tools = offered.filter((command) =>
    ![...exercises, ...servers].includes(command)
  );
  const choices = exercises.map((command): Choice => ({
    does: "run",
    command,
  }));
  if (extended) {
    for (const command of tools) choices.push({ does: "run", command });
    for (const command of servers) {
      const does = running.has(command.name) ? "stop" : "start";
      choices.push({ does, command });
    }
  }
  return { catalogue, running, choices, listed: false, asking: null };
}

/** What to show before the next line is read; no row is over 79 columns. */
export function renderMenu({ choices, listed, asking }: Menu): string {
  if (asking) {
    const { questions, answers } = asking;
    const { name, parameter, suggestion } = questions[answers.length]!;
    const { about } = parameter;
    // `port of the server` needs no `port:` before it.
    const question = about.startsWith(name) ? about : `${name}: ${about}`;
    const shown = suggestion === undefined ? "" : ` [${suggestion}]`;
    return `  ${question}${shown}: `;
  }
  if (listed) return "\nChoose, ? shows the list [q]: ";
  const rows = choices.map(({ does, command: { name, title } }, i) => {
    const [term, text] = {
      run: [name, title],
      start: [does, `${name} in the background`],
      stop: [does, name],
    }[does] as [string, string];
    return `${String(i + 1).padStart(4)}  ${term.padEnd(11)} ${text}\n`;
  });
  return `\ntcplab\n${rows.join("")}   q  leave\nChoose [q]: `;
}

/** The next state of the menu, and what is to be done. Pure. */
export function stepMenu(before: Menu, event: MenuEvent): MenuStep {
  const menu = { ...before, listed: true };
  if (event.type === "line") {
    const text = event.text.trim();
    return menu.asking ? answer(menu, menu.asking, text) : choose(menu, text);
  }
  return event.type === "interrupt" && menu.asking
    ? { menu: { ...menu, asking: null } }
    : { menu, action: { does: "leave" } };
}

function choose(menu: Menu, word: string): MenuStep {
  if (word === "?") return { menu: { ...menu, listed: false } };
  if (["", "q", "quit", "exit"].includes(word)) {
    return { menu, action: { does: "leave" } };
  }
  const choice = menu.choices.find(({ command }, i) =>
    command.name === word || String(i + 1) === word
  );
  if (choice === undefined) {
    const say = `There is no ${quote(word)}: ` +
      `choose 1 to ${menu.choices.length}, a name, or q`;
    return { menu, say };
  }
  const questions = choice.does === "stop"
    ? []
    : questionsOf(choice.command, menu);
  return proceed(menu, { choice, questions, answers: [] });
}

/**
 * Required arguments and those with a default. The port that is suggested is
 * that of the local server to try the command with: where it runs, if it does.
 */
function questionsOf(
  command: Runnable,
  { catalogue, running }: Menu,
): Question[] {
  const server = catalogue.find(({ name }) => name === command.tryWith);
  const runsOn = running.get(server?.name ?? "");
  const suggestions: Record<string, string | undefined> = {
    host: SUGGESTED_HOST,
    // 0 was the system's choice, and is no port to connect to.
    port: runsOn && runsOn !== "0" ? runsOn : server?.arguments.port?.default,
  };
  return Object.entries(command.arguments)
    // What one can do with `files` is best chosen in its own session.
    .filter(([, { default: fallback, words }]) =>
      fallback !== "" && (words === undefined || fallback === undefined)
    )
    .map(([name, parameter]) => {
      const suggestion = suggestions[name] ?? parameter.default;
      return { name, parameter, suggestion };
    });
}

function answer(menu: Menu, asking: Asking, text: string): MenuStep {
  const { questions, answers } = asking;
  const { parameter, suggestion } = questions[answers.length]!;
  const value = text === "" ? suggestion ?? "" : text;
  try {
    parameter.parse(value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { menu, say: `  ${error.message}` };
  }
  return proceed(menu, { ...asking, answers: [...answers, value] });
}

/** Asks the next question, or does what was chosen when none is left. */
function proceed(menu: Menu, asking: Asking): MenuStep {
  const { choice, questions, answers: args } = asking;
  return args.length < questions.length
    ? { menu: { ...menu, asking } }
    : { menu: { ...menu, asking: null }, action: { ...choice, args } };
}
