import type { Connect } from "../../../protocol/transport/mod.ts";
import { Tracer } from "../../../protocol/transport/trace.ts";
import { type Exchange, Recorder } from "../../cli/diagram/exchange.ts";
import { isSlowMachine } from "./own_echo.ts";
import type { Patience } from "./peer.ts";
import {
  Failure,
  isTimed,
  Skip,
  type SkipReason,
  type Stage,
} from "./stage.ts";
import { type Attempt, Random, type Tools } from "./subject.ts";

/** What became of one stage. */
export interface StageResult {
  name: string;
  title: string;
  status: "passed" | "failed" | "flaky" | "skipped" | "error";
  points: number;
  max: number;
  ms: number;
  /** What was seen in place of what had to come. */
  failure: Failure | null;
  /** Why it was skipped. */
  why: SkipReason | null;
  /** What was sent, and what came. */
  exchange: Exchange;
  /** What the program printed last. */
  printed: string[];
}

/** Runs one attempt at a stage. @returns What the program printed last. */
export type Attempting = (
  stage: Stage<never>,
  attempt: Attempt,
  tools: Tools,
) => Promise<string[]>;

export interface RunOptions {
  seed: string;
  /** A person starts the program for each stage, one after the other. */
  byHand: boolean;
  tools: Tools;
  run: Attempting;
}

const PATIENCE: Patience = { answerMs: 2000, quietMs: 250 };
/** Of a program that is known to be silent. */
const LITTLE_PATIENCE: Patience = { answerMs: 1000, quietMs: 250 };
/** Of a person who starts the program and types. */
const HAND_PATIENCE: Patience = { answerMs: 30_000, quietMs: 250 };
/** What failed for want of time is tried again with more of it. */
const MORE_PATIENCE: Patience = { answerMs: 5000, quietMs: 500 };

/**
 * So many stages are tried again. A program that was silent twice with all the
 * patience is silent, and its student need not wait for it at each stage.
 */
const MAX_REPEATED = 2;

/**
 * Runs the stages, and gives what became of each, in order. Slow ones run
 * beside the others from the beginning.
 *
 * @throws {NotStartedError} The program does not start: nothing can be said.
 */
export async function* runStages(
  stages: readonly [name: string, stage: Stage<never>][],
  options: RunOptions,
): AsyncGenerator<StageResult> {
  const repeats = { left: MAX_REPEATED, isAlone: false };
  const over = new AbortController();
  const signal = AbortSignal.any([options.tools.signal, over.signal]);
  const own = { ...options, tools: { ...options.tools, signal } };
  const begun = new Map(
    stages.filter(([, { slow }]) => slow && !options.byHand).map(
      ([name, stage]) => {
        // They are not tried again, and keep nobody waiting.
        const result = once(name, stage, MORE_PATIENCE, own);
        result.catch(() => {}); // It is awaited below.
        return [name, result];
      },
    ),
  );
  try {
    for (const [name, stage] of stages) {
      yield await (begun.get(name) ?? judge(name, stage, own, repeats));
    }
  } finally {
    // Whatever is still being tried has nobody left who asks.
    over.abort();
    await Promise.allSettled(begun.values());
  }
}

/** Runs one stage, again where only the clock said that it failed. */
async function judge(
  name: string,
  stage: Stage<never>,
  options: RunOptions,
  repeats: { left: number; isAlone: boolean },
): Promise<StageResult> {
  const patience = options.byHand
    ? HAND_PATIENCE
    : repeats.left > 0
    ? PATIENCE
    : LITTLE_PATIENCE;
  const first = await once(name, stage, patience, options, repeats.isAlone);
  const { failure } = first;
  if (failure === null) return first;
  const isLate = isTimed(failure.symptom);
  // A program with a clock of its own may have given up on a machine that hung.
  if (!isLate && failure.symptom !== "cut") return first;
  if (await isSlowMachine()) {
    return { ...first, status: "error" };
  }
  if (options.byHand || repeats.left === 0) return first;
  const again = () => once(name, stage, MORE_PATIENCE, options, true);
  const second = await again();
  if (second.status === "failed") {
    if (isLate) repeats.left--;
    return second;
  }
  // Slow, but right; unless it is only right at times, or after other stages.
  repeats.isAlone = true;
  const third = await again();
  return third.status === "failed"
    ? { ...third, status: "flaky", points: 0 }
    : third;
}

async function once(
  name: string,
  stage: Stage<never>,
  patience: Patience,
  { seed, tools, run }: RunOptions,
  isAlone = false,
): Promise<StageResult> {
  const recorder = new Recorder();
  const tracer = new Tracer((event) => recorder.add(event));
  const startMs = performance.now();
  const result = (rest: Partial<StageResult>): StageResult => ({
    name,
    title: stage.title,
    status: "passed",
    points: 0,
    max: stage.points,
    ms: Math.round(performance.now() - startMs),
    failure: null,
    why: null,
    exchange: recorder.exchange("check"),
    printed: [],
    ...rest,
  });
  const random = new Random(seed, name);
  const watched = {
    ...tools,
    watch: (connect: Connect) => tracer.connect(connect),
    listen: tracer.listen(tools.listen),
  };
  try {
    const printed = await run(stage, { patience, random, isAlone }, watched);
    return result({ points: stage.points, printed });
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof Skip) {
      return result({ status: "skipped", why: error.reason });
    }
    if (!(error instanceof StageFailedError)) throw error;
    const { cause: failure, printed } = error;
    return result({ status: "failed", failure, printed });
  }
}

/** A stage failed; `cause` says how. */
export class StageFailedError extends Error {
  override name = "StageFailedError";

  constructor(override readonly cause: Failure, readonly printed: string[]) {
    super(cause.symptom);
  }
}
