import type { Runnable } from "../terminal/main.ts";

interface Running {
  stop: AbortController;
  finished: Promise<number>;
  port: string;
}

/** Servers that run while the menu is used, each with a switch of its own. */
export class Background implements AsyncDisposable {
  readonly #running = new Map<string, Running>();

  /** Name and port of each, as it was asked for: 0 where the system picked. */
  get ports(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#running].map(([name, { port }]) => [name, port]),
    );
  }

  /**
   * Starts `command` and comes back when it listens, or has failed. It logs
   * nothing: its lines would stand in the middle of the menu's.
   */
  async start(command: Runnable, args: string[]): Promise<void> {
    const { main } = await command.load();
    const stop = new AbortController();
    const words = "quiet" in command.options ? [...args, "--quiet"] : args;
    const finished = main(words, { signal: stop.signal });
    const running = { stop, finished, port: args[0] ?? "" };
    this.#running.set(command.name, running);
    void finished.finally(() => {
      if (this.#running.get(command.name) === running) {
        this.#running.delete(command.name);
      }
    });
    // Listening is synchronous: by the next turn of the loop it has said where,
    // or why not.
    await new Promise((resolve) => setTimeout(resolve));
  }

  async stop(name: string): Promise<void> {
    const running = this.#running.get(name);
    running?.stop.abort(new DOMException("Stopped", "AbortError"));
    await running?.finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.stop(name)));
  }
}
