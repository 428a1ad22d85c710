/**
 * The whole laboratory in one go: every server on a free loopback port, every
 * exercise against it, every result checked.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1 --allow-read=shared_files exercises/tools/demo.ts --fast
 *
 * You will see: for each exercise what it shows, the exchange with the real
 * bytes (-> from the client, <- from the server), and the result.
 * Try next: without --fast; --step; 4 alone, or chat; --json.
 */
import { delay } from "@std/async/delay";
import { jsonLine, quote, roundMs } from "../../protocol/text.ts";
import { type TraceEvent, Tracer } from "../../protocol/transport/trace.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  requireNet,
  runMain,
  UsageError,
} from "../cli/mod.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { stdinLines } from "../terminal/input.ts";
import {
  announce,
  exchangeLines,
  showResult,
  showSummary,
} from "./demo/display.ts";
import { type Step, steps } from "./demo/steps.ts";

/** Between two exercises, for a person who reads. */
const PAUSE_MS = 1500;

/**
 * All that the demo needs is imported above, and is there by now; the first
 * time, Deno has shown how it came. It takes that away a moment later, with
 * whatever stands there by then.
 */
const DOWNLOAD_SHOWN_MS = 250;

export interface DemoResult {
  command: string;
  title: string;
  ok: boolean;
  /** What came out, or what is wrong. */
  result: string;
  ms: number;
}

/** Runs one step; a failure is a result too. Only an interrupt is thrown. */
export async function runStep(
  step: Step,
  signal: AbortSignal,
  onTrace: (event: TraceEvent) => void = () => {},
): Promise<DemoResult> {
  const startMs = performance.now();
  const { command, title } = step;
  let ok = true;
  let result: string;
  try {
    result = await step.run({
      signal,
      connect: new Tracer(onTrace).connect(Deno.connect),
    });
  } catch (error) {
    signal.throwIfAborted();
    ok = false;
    result = formatExplanation(explainError(error));
  }
  return {
    command,
    title,
    ok,
    result,
    ms: roundMs(performance.now() - startMs),
  };
}

export const main = defineCommand(commands.demo, async (values, context) => {
  const { exercise, fast, json, step: stepwise } = values;
  const { signal } = context;
  const chosen = chooseSteps(exercise);
  enableColorOnTerminal();
  await requireNet("127.0.0.1");
  if (Deno.stderr.isTerminal()) await delay(DOWNLOAD_SHOWN_MS, { signal });
  const lines = stdinLines().lines(signal, "Enter goes on: ");
  const pause = async () => {
    if (stepwise) await lines.next();
    else if (!fast && !json && Deno.stdout.isTerminal()) {
      await delay(PAUSE_MS, { signal });
    }
  };
  let failed = 0;
  for (const [i, step] of chosen.entries()) {
    if (i > 0) await pause();
    if (!json) announce(step);
    const onTrace = json ? undefined : exchangeLines();
    const result = await runStep(step, signal, onTrace);
    if (!result.ok) failed++;
    if (json) printLine(jsonLine(result));
    else showResult(result.ok, result.result);
  }
  if (!json) showSummary(chosen.length, failed);
  return failed === 0 ? EXIT_OK : EXIT_FAILED;
});

/** @throws {UsageError} There is none of that number or name. */
function chooseSteps(exercise: string): readonly Step[] {
  const chosen = steps.filter(({ command, title }) =>
    ["", command].includes(exercise) ||
    /^Exercises? ([^:]*)/.exec(title)?.[1]?.match(/\d+/g)?.includes(exercise)
  );
  if (chosen.length > 0) return chosen;
  const names = steps.map(({ command }) => command).join(", ");
  throw new UsageError(
    `There is no exercise ${quote(exercise)} to show, but ${names}`,
  );
}

if (import.meta.main) await runMain(main);
