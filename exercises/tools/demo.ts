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
import { bold, cyan, dim, green, red } from "@std/fmt/colors";
import { counted, jsonLine, roundMs } from "../../protocol/text.ts";
import { type TraceEvent, Tracer } from "../../protocol/transport/trace.ts";
import type { CommandContext } from "../cli/command_spec.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  refuse,
  requireNet,
  runMain,
} from "../cli/mod.ts";
import { commands } from "../catalogue.ts";
import { quoteData } from "../cli/trace/trace_words.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { stdin } from "../terminal/input.ts";
import { inRows } from "../terminal/rows.ts";
import type { Step } from "./demo/demo_stage.ts";
import { steps } from "./demo_steps.ts";

/** Longer texts are cut when shown. */
const SHOWN_COLUMNS = 72;

/** Between two exercises, for a person who reads. */
const PAUSE_MS = 1500;

/**
 * All that the demo needs is imported above, and is there by now; the first
 * time, Deno has shown how it came. It takes that away a moment later, with
 * whatever stands there by then.
 */
const DENO_CLEARS_MS = 250;

export const main = defineCommand(commands.demo, async (values, context) => {
  const { exercise, fast, json, step: stepwise } = values;
  const { signal } = context;
  const chosen = chooseSteps(exercise);
  enableColorOnTerminal();
  await requireNet("127.0.0.1");
  if (Deno.stderr.isTerminal()) await delay(DENO_CLEARS_MS, { signal });
  const lines = stdin().lines(signal, "Press Enter to go on: ");
  let failed = 0;
  for (const [i, step] of chosen.entries()) {
    if (i > 0 && stepwise) await lines.next();
    else if (i > 0 && !fast && !json && Deno.stdout.isTerminal()) {
      await delay(PAUSE_MS, { signal });
    }
    const result = await runStep(step, context, json);
    if (!result.ok) failed++;
    if (json) printLine(jsonLine(result));
  }
  if (!json) showSummary(chosen.length, failed);
  return failed === 0 ? EXIT_OK : EXIT_FAILED;
});

/** Runs one step; a failure is a result too. Only an interrupt is thrown. */
async function runStep(
  { command, title, shows, run }: Step,
  { signal, connect, listen }: CommandContext,
  json: boolean,
) {
  if (!json) {
    const usage = `tcplab ${command}`;
    const heading = inRows(`${title}  ${usage}`);
    printLine(heading.replace(title, bold).replace(usage, dim));
    printLine(inRows(`  ${shows}`));
  }
  const startMs = performance.now();
  const tracer = new Tracer(json ? () => {} : exchangeLines());
  let [ok, result] = [true, ""];
  try {
    result = await run({
      signal,
      connect: tracer.connect(connect),
      network: { connect, listen },
    });
  } catch (error) {
    signal.throwIfAborted();
    [ok, result] = [false, formatExplanation(explainError(error))];
  }
  const ms = roundMs(performance.now() - startMs);
  if (!json) {
    const verdict = ok ? "ok" : "WRONG";
    const line = inRows(`  ${verdict}  ${result}`);
    printLine(`${line.replace(verdict, ok ? green : red)}\n`);
  }
  return { command, title, ok, result, ms };
}

/** Tells each event in the words of TCP; one a step, since it remembers. */
function exchangeLines(): (event: TraceEvent) => void {
  const tell = (dir: string, what: string) =>
    printLine(inRows(`    ${dir} ${what}`).replace(dir, cyan));
  const ended = new Set<number>();
  return (event) => {
    const { conn, dir, kind, bytes = 0, peer } = event;
    if (["connect", "refused", "timeout", "failed"].includes(kind)) {
      tell("->", `SYN to port ${peer.slice(peer.lastIndexOf(":") + 1)}`);
    }
    switch (kind) {
      case "connect":
        return tell("<-", "SYN-ACK: connected");
      case "refused":
        return tell("<-", "RST: refused");
      case "data": {
        const text = quoteData(event, SHOWN_COLUMNS);
        return tell(dir, `${text} (${counted(bytes, "byte")})`);
      }
      case "fin":
        if (dir === "<-") return tell(dir, "FIN: nothing more will come");
        ended.add(conn);
        return tell(dir, "FIN: half-close");
      case "close":
        return ended.has(conn) ? undefined : tell(dir, "FIN: closed");
      default:
        return tell(dir, kind);
    }
  };
}

function showSummary(total: number, failed: number): void {
  const passed = total === 1
    ? "The check passed."
    : `All ${total} checks passed.`;
  printLine(
    failed === 0
      ? green(passed)
      : red(`${failed} of ${counted(total, "check")} failed.`),
  );
}

/** @throws {UsageError} There is none of that number or name. */
function chooseSteps(exercise: string): readonly Step[] {
  const chosen = steps.filter(({ command, title }) =>
    ["", command].includes(exercise) || command.endsWith(`--${exercise}`) ||
    /^Exercises? ([^:]*)/.exec(title)?.[1]?.match(/\d+/g)?.includes(exercise)
  );
  if (chosen.length > 0) return chosen;
  const names = steps.map(({ command }) => command).join(" or ");
  return refuse(`a number from 1 to 10, or ${names}`, exercise);
}

if (import.meta.main) await runMain(main);
