import { TextLineStream } from "@std/streams/text-line-stream";
import { type Page, servePage } from "../../exercises/tools/web.ts";

/** One line of what the runs tell. */
export interface RunEvent {
  run: string;
  seq: number;
  kind: "out" | "err" | "trace" | "dropped" | "end";
  text: string;
  code: number;
  count: number;
  what: "text" | "trace";
  event: { kind: string; dir: string; role: string; bytes: number };
}

/** What is filled into the form of a command. */
type Fields = {
  arguments?: Record<string, string>;
  options?: Record<string, string | true>;
  rest?: string[];
};

/** The page's server, and who uses it as its scripts do. */
export class Visitor implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #followed = new Map<string, Followed>();
  #told: Promise<void> | null = null;
  readonly page: Page;

  constructor(options: { allowRemote?: boolean } = {}) {
    this.page = servePage(0, { signal: this.#stop.signal, ...options });
  }

  get base(): string {
    return `http://127.0.0.1:${this.page.port}`;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.page.token}` };
    return fetch(`${this.base}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
    });
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  /** Sends a form: the status, and what was answered. */
  // deno-lint-ignore no-explicit-any
  async order(command: string, fields: Fields = {}): Promise<[number, any]> {
    const response = await this.post("/api/runs", { command, ...fields });
    return [response.status, await response.json()];
  }

  async start(command: string, fields: Fields = {}): Promise<Followed> {
    const [status, answer] = await this.order(command, fields);
    if (status !== 201) {
      throw new Error(`${command}: ${JSON.stringify(answer)}`);
    }
    const run = this.#of(answer.id);
    run.line = answer.line;
    this.#told ??= this.#listen();
    return run;
  }

  /** There may be events of a run before the answer that says its id. */
  #of(id: string): Followed {
    const run = this.#followed.get(id) ?? new Followed(this, id);
    this.#followed.set(id, run);
    return run;
  }

  /** Hands out what the runs tell, to the end of all. */
  async #listen(): Promise<void> {
    const { body } = await this.fetch("/api/events");
    for await (const line of streamOfLines(body!)) {
      if (line === "") continue;
      const event: RunEvent = JSON.parse(line);
      this.#of(event.run).push(event);
    }
  }

  /** Starts a server on a free port, and returns that. */
  async serve(
    command: string,
    fields: Fields = {},
  ): Promise<{ run: Followed; port: string }> {
    const run = await this.start(command, {
      ...fields,
      arguments: { ...fields.arguments, port: "0" },
    });
    const listening = await run.until(({ text }) => /Listening/.test(text));
    return { run, port: /:(\d+)\n/.exec(listening.text)![1]! };
  }

  /** As Ctrl-C in the terminal. */
  close(): void {
    this.#stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.page.closed;
    await this.#told;
  }
}

/** A run whose events are read. */
export class Followed {
  readonly seen: RunEvent[] = [];
  line = "";
  readonly #unread: RunEvent[] = [];
  #news = Promise.withResolvers<void>();

  constructor(readonly visitor: Visitor, readonly id: string) {}

  push(event: RunEvent): void {
    this.#unread.push(event);
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Reads on to the first event that is meant. */
  async until(isMeant: (event: RunEvent) => boolean): Promise<RunEvent> {
    for (;;) {
      const event = this.#unread.shift();
      if (event === undefined) await this.#news.promise;
      else {
        this.seen.push(event);
        if (isMeant(event)) return event;
        if (event.kind === "end") {
          throw new Error(`It ended before: ${JSON.stringify(this.seen)}`);
        }
      }
    }
  }

  /** Its exit code, when it has ended. */
  async ended(): Promise<number> {
    return (await this.until(({ kind }) => kind === "end")).code;
  }

  textOf(kind: "out" | "err"): string {
    return this.seen.filter((event) => event.kind === kind)
      .map(({ text }) => text).join("");
  }

  /** What its connections did, without the data: `connect`, `fin`. */
  get traced(): string[] {
    return this.seen.filter(({ kind }) => kind === "trace")
      .map(({ event }) => event.kind);
  }

  async post(action: string, body: unknown = {}): Promise<number> {
    const path = `/api/runs/${this.id}/${action}`;
    const response = await this.visitor.post(path, body);
    await response.body?.cancel();
    return response.status;
  }

  async stop(): Promise<number> {
    await this.post("stop");
    return await this.ended();
  }

  async diagram(ending: string): Promise<string> {
    const path = `/api/runs/${this.id}/diagram.${ending}`;
    return await (await this.visitor.fetch(path)).text();
  }
}

/** Those of an answer, one by one. */
export function streamOfLines(
  body: ReadableStream<Uint8Array>,
): ReadableStream<string> {
  return body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new TextLineStream());
}
