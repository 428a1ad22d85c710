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
import { jsonLine, roundMs } from "../../protocol/text.ts";
import { type TraceEvent, Tracer } from "../../protocol/transport/trace.ts";
import type { CommandContext } from "../cli/command_spec.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  requireNet,
  runMain,
} from "../cli/mod.ts";
import { refuse } from "../cli/outcome.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { stdin } from "../terminal/input.ts";
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
const DENO_CLEARS_MS = 250;

/** Runs one step; a failure is a result too. Only an interrupt is thrown. */
async function runStep(
  { command, title, run }: Step,
  { signal, connect: untold }: CommandContext,
  onTrace: (event: TraceEvent) => void = () => {},
) {
  const startMs = performance.now();
  const connect = new Tracer(onTrace).connect(untold);
  const { ok, result } = await run({ signal, connect }).then(
    (result) => ({ ok: true, result }),
    (error) => {
      signal.throwIfAborted();
      return { ok: false, result: formatExplanation(explainError(error)) };
    },
  );
  const ms = roundMs(performance.now() - startMs);
  return { command, title, ok, result, ms };
}

export const main = defineCommand(commands.demo, async (values, context) => {
  const { exercise, fast, json, step: stepwise } = values;
  const { signal } = context;
  const chosen = chooseSteps(exercise);
  enableColorOnTerminal();
  await requireNet("127.0.0.1");
  if (Deno.stderr.isTerminal()) await delay(DENO_CLEARS_MS, { signal });
  const lines = stdin().lines(signal, "Press Enter to go on: ");
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
    const result = await runStep(step, context, onTrace);
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
  const names = steps.map(({ command }) => command).join(" or ");
  return refuse(`a number from 1 to 8, or ${names}`, exercise);
}

if (import.meta.main) await runMain(main);
