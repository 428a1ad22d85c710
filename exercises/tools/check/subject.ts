import { mulberry32 } from "../../../protocol/transport/faults/mod.ts";
import type { Connect, Listen } from "../../../protocol/transport/mod.ts";
import type { Patience } from "./peer.ts";
import type { Command } from "./program.ts";

/** What every program under test is reached with. */
export interface Tools {
  connect: Connect;
  listen: Listen;
  /** Has what the connections do recorded, for who reads of a failure. */
  watch: (connect: Connect) => Connect;
  /** Fires on Ctrl-C. */
  signal: AbortSignal;
  /** How long a program may take to start, in ms. */
  startTimeoutMs: number;
  /** Tells the person what to do with a client that is theirs to start. */
  tell: (what: "startYourClient" | "typeThis", line: string) => void;
}

/** What a stage gets beside the program. */
export interface Attempt {
  patience: Patience;
  /** Values that differ from seed to seed, and are the same for the same one. */
  random: Random;
  /** No other stage shall meet the process that this one leaves. */
  isAlone: boolean;
}

/** Words and sizes that a program cannot know before. */
export class Random {
  readonly #next: () => number;

  /** The same for the same `seed` and the same `stage`. */
  constructor(seed: string, stage: string) {
    let hash = 0x811c9dc5; // FNV-1a
    for (const byte of new TextEncoder().encode(`${seed}/${stage}`)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.#next = mulberry32(hash);
  }

  /** A whole number from `minimum` to `maximum`. */
  number(minimum: number, maximum: number): number {
    return minimum + this.#next() % (maximum - minimum + 1);
  }

  /** A word in small letters, `tolupake`: readable, and no word of a protocol. */
  word(syllables = 4): string {
    const pick = (letters: string) => letters[this.#next() % letters.length]!;
    return Array.from(
      { length: syllables },
      () => pick("bdfgklmnprstvz") + pick("aeiou"),
    ).join("");
  }
}

/** Nothing that is graded leaves loopback. */
export const HOST = "127.0.0.1";

/** What is filled in for `{port}` and the like, beside `{host}` and `{dir}`. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * `words` as a command, with the placeholders filled in. A program whose role
 * has a folder, and that is not told of it by `{dir}`, runs in it: what its
 * words name in ours is found there, too.
 */
export async function commandFor(
  words: readonly string[],
  values: Values,
  dir: string | null,
): Promise<Command> {
  const all: Values = { host: HOST, ...values, ...dir === null ? {} : { dir } };
  const filled = words.map((word) =>
    word.replace(/\{(\w+)\}/g, (whole, name) => `${all[name] ?? whole}`)
  );
  const env: Record<string, string> = { HOST };
  if ("port" in values) env.PORT = `${values.port}`;
  if (dir === null || words.some((word) => word.includes("{dir}"))) {
    return { words: filled, env };
  }
  const ours = Deno.cwd();
  // `java Client` names a class, and no file.
  env.CLASSPATH = ours;
  const found = filled.map(async (word, i) => {
    const isPath = i > 0 || word.includes("/");
    return isPath && await exists(word) ? `${ours}/${word}` : word;
  });
  return { words: await Promise.all(found), env, cwd: dir };
}

/**
 * What stands before a command so that it has `descriptors` at most; nothing,
 * where no shell may be run. Where the system gives fewer, it has those.
 */
export async function limitOf(descriptors: number): Promise<string[]> {
  const run = { name: "run", command: "sh" } as const;
  const { state } = await Deno.permissions.query(run);
  if (state !== "granted" || Deno.build.os === "windows") return [];
  return ["sh", "-c", `ulimit -n ${descriptors} 2>&-; exec "$@"`, "sh"];
}

async function exists(path: string): Promise<boolean> {
  if (path.startsWith("/")) return false; // Found from anywhere.
  return await Deno.lstat(path).then(() => true, () => false);
}

/** Ports that systems do not give to who asks for any. */
const [LOWEST, HIGHEST] = [10_000, 32_000];

/**
 * A port of `host` that is free now. A program takes its time to listen on it:
 * nobody else gets it meanwhile by asking for any.
 */
export function freePort(listen: Listen, hostname: string): number {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    try {
      // Also where who forgets htons() listens: its bytes the other way round.
      const swapped = (port & 0xff) << 8 | port >> 8;
      for (const each of [port, swapped]) {
        listen({ hostname, port: each }).close();
      }
      return port;
    } catch (error) {
      const { AddrInUse, PermissionDenied } = Deno.errors;
      const isTaken = error instanceof AddrInUse ||
        error instanceof PermissionDenied; // Reserved, on Windows.
      if (!isTaken) throw error;
    }
  }
}
