import { TextLineStream } from "@std/streams/text-line-stream";
import { type Page, servePage } from "../../exercises/tools/web.ts";

/** One line of what a run tells. */
export interface RunEvent {
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
  readonly #followed: Followed[] = [];
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
    const { body } = await this.fetch(`/api/runs/${answer.id}/events`);
    const run = new Followed(this, answer.id, answer.line, body!);
    this.#followed.push(run);
    return run;
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
    await Promise.all(this.#followed.map((run) => run.leave()));
    await this.page.closed;
  }
}

/** A run whose events are read. */
export class Followed {
  readonly seen: RunEvent[] = [];
  readonly #lines: ReadableStreamDefaultReader<string>;

  constructor(
    readonly visitor: Visitor,
    readonly id: string,
    readonly line: string,
    body: ReadableStream<Uint8Array>,
  ) {
    this.#lines = body
      .pipeThrough(
        new TextDecoderStream() as TransformStream<Uint8Array, string>,
      )
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Reads on to the first event that is meant. */
  async until(isMeant: (event: RunEvent) => boolean): Promise<RunEvent> {
    for (;;) {
      const { done, value } = await this.#lines.read();
      if (done) {
        throw new Error(`It ended before: ${JSON.stringify(this.seen)}`);
      }
      const event: RunEvent = JSON.parse(value);
      this.seen.push(event);
      if (isMeant(event)) return event;
    }
  }

  /** Its exit code, when it has ended. */
  async ended(): Promise<number> {
    const { code } = await this.until(({ kind }) => kind === "end");
    await this.#lines.read(); // The end of the stream.
    return code;
  }

  /** Reads no more of it. */
  async leave(): Promise<void> {
    await this.#lines.cancel();
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
