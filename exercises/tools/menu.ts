/**
 * The two menus: choose an exercise, answer its questions, watch it.
 *
 * The menu itself is a pure step function (tools/menu_state.ts); here is the thin
 * shell around it, which reads lines and runs what was chosen.
 *
 * Terminal 1: deno run --allow-net --allow-read=. --allow-write=. --allow-sys=networkInterfaces exercises/tools/menu.ts
 */
import { defineCommand } from "../cli/command.ts";
import type { Runnable } from "../cli/command_spec.ts";
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK } from "../cli/outcome.ts";
import { runMain } from "../cli/run.ts";
import { catalogue, commands } from "../catalogue.ts";
import { stdin } from "../terminal/input.ts";
import { printNote, writeStderr } from "../terminal/stderr.ts";
import {
  createMenu,
  type MenuAction,
  type MenuEvent,
  renderMenu,
  stepMenu,
} from "./menu_state.ts";

/** Servers that run while the menu is used, each with a switch of its own. */
export class Background implements AsyncDisposable {
  readonly #running = new Map<
    string,
    { port: string; control: AbortController; finished: Promise<unknown> }
  >();

  /** Name and port of each, as it was asked for: 0 where the system picked. */
  get ports(): ReadonlyMap<string, string> {
    return new Map([...this.#running].map(([name, { port }]) => [name, port]));
  }

  /**
   * Starts `command` and comes back when it listens, or has failed. It logs
   * nothing: its lines would stand in the middle of the menu's.
   */
  async start(
    { name, options, load }: Runnable,
    args: string[],
  ): Promise<void> {
    const { main } = await load();
    const control = new AbortController();
    const words = "quiet" in options ? [...args, "--quiet"] : args;
    const finished = main(words, { signal: control.signal })
      .finally(() => this.#running.delete(name));
    this.#running.set(name, { port: args[0] ?? "", control, finished });
    // Listening is synchronous: by the next turn of the loop it has said where,
    // or why not.
    await new Promise((resolve) => setTimeout(resolve));
  }

  async stop(name: string): Promise<void> {
    const server = this.#running.get(name);
    server?.control.abort(new DOMException("Stopped", "AbortError"));
    await server?.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }
}

export const main = defineCommand(
  commands.menu,
  async ({ extended }, context) => {
    const { signal } = context;
    await using background = new Background();
    let current = new AbortController();
    // Ctrl-C ends what goes on now, not the menu; SIGTERM ends both.
    using _intercepted = context.interceptInterrupt?.(() =>
      current.abort(new DOMException("Interrupted", "AbortError"))
    );
    const nextSignal = () => {
      current = new AbortController();
      return AbortSignal.any([signal, current.signal]);
    };
    let menu = createMenu(catalogue, extended);
    for (;;) {
      writeStderr(renderMenu(menu));
      const event = await readEvent(nextSignal());
      if (event.type !== "line") printNote("");
      signal.throwIfAborted();
      const { action, say, ...step } = stepMenu(menu, event);
      menu = step.menu;
      if (say !== undefined) printNote(say);
      if (action === undefined) continue;
      if (action.does === "leave") {
        for (const name of background.ports.keys()) {
          await stopServer(name, background);
        }
        return event.type === "interrupt" ? EXIT_INTERRUPTED : EXIT_OK;
      }
      await perform(action, background, nextSignal(), extended);
      const { listed } = menu;
      menu = { ...createMenu(catalogue, extended, background.ports), listed };
    }
  },
);

async function readEvent(stop: AbortSignal): Promise<MenuEvent> {
  try {
    const text = await stdin().next(stop);
    return text === null ? { type: "end" } : { type: "line", text };
  } catch (error) {
    if (!stop.aborted) throw error;
    return { type: "interrupt" };
  }
}

/** Runs what was chosen. Its failures it has told by itself: no exit here. */
async function perform(
  { does, command, args }: Exclude<MenuAction, { does: "leave" }>,
  background: Background,
  signal: AbortSignal,
  extended: boolean,
): Promise<void> {
  switch (does) {
    case "start":
      return await background.start(command, args);
    case "stop":
      return await stopServer(command.name, background);
    case "run": {
      if (command.listens) printNote("Ctrl-C stops it.");
      const { main } = await command.load();
      const code = await main(args, { signal });
      const server = command.tryWith;
      if (code !== EXIT_FAILED || server === undefined) return;
      if (background.ports.has(server)) return;
      const where = extended
        ? "here, or in another terminal"
        : "in another terminal, or from the extended menu (menu --extended)";
      printNote(
        `Its server is ${server}: if it does not run, start it ${where}`,
      );
    }
  }
}

async function stopServer(name: string, background: Background): Promise<void> {
  await background.stop(name);
  printNote(`${name} has stopped`);
}

if (import.meta.main) await runMain(main);
