/**
 * The whole laboratory in one go: every server on a free loopback port, every
 * exercise against it, every result checked.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1 --allow-read=shared_files exercises/tools/demo.ts --fast
 *
 * You will see: for each exercise what it shows, the exchange with the real
 * bytes (-> from the client, <- from the server), and the result.
 * Try next: without --fast; --json; then each exercise by itself.
 */
import { delay } from "@std/async/delay";
import { bold, cyan, dim, green, red } from "@std/fmt/colors";
import { jsonLine, roundMs, visibleLineEnds } from "../../protocol/text.ts";
import { type TraceEvent, Tracer } from "../../protocol/transport/trace.ts";
import { defineCommand } from "../cli/command.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import { EXIT_FAILED, EXIT_OK } from "../cli/outcome.ts";
import { requireNet } from "../cli/host.ts";
import { runMain } from "../cli/run.ts";
import { commands } from "../catalogue.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { printLine } from "../terminal/stdout.ts";
import type { Step } from "./demo/step.ts";
import { steps } from "./demo/steps.ts";

/** Between two exercises, for a person who reads. */
const PAUSE_MS = 1500;

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

export const main = defineCommand(commands.demo, async (values, { signal }) => {
  const { fast, json } = values;
  enableColorOnTerminal();
  await requireNet("127.0.0.1");
  const pause = !fast && !json && Deno.stdout.isTerminal();
  let failed = 0;
  for (const step of steps) {
    if (!json) announce(step);
    const result = await runStep(step, signal, json ? undefined : traceLines());
    if (!result.ok) failed++;
    if (json) printLine(jsonLine(result));
    else showResult(result);
    if (pause) await delay(PAUSE_MS, { signal });
  }
  if (!json) printLine(summary(steps.length, failed));
  return failed === 0 ? EXIT_OK : EXIT_FAILED;
});

function announce({ command, title, shows }: Step): void {
  printLine(`${bold(title)}  ${dim(`tcplab ${command}`)}\n  ${shows}`);
}

/** Longer texts are cut when shown. */
const SHOWN_LENGTH = 72;

/** Tells each event in the words of TCP; one a step, since it remembers. */
function traceLines(): (event: TraceEvent) => void {
  const show = (dir: string, what: string) =>
    printLine(`    ${cyan(dir)} ${what}`);
  const ended = new Set<number>();
  return ({ conn, dir, kind, data, peer }) => {
    if (["connect", "refused", "timeout", "failed"].includes(kind)) {
      show("->", `SYN to port ${peer.slice(peer.lastIndexOf(":") + 1)}`);
    }
    switch (kind) {
      case "connect":
        return show("<-", "SYN-ACK: connected");
      case "refused":
        return show("<-", "RST: refused");
      case "data":
        return show(dir, describe(data!));
      case "fin":
        if (dir === "->") ended.add(conn);
        return show(
          dir,
          dir === "->" ? "FIN: half-close" : "FIN: nothing more will come",
        );
      case "close":
        return ended.has(conn) ? undefined : show(dir, "FIN: closed");
      default:
        return show(dir, kind);
    }
  };
}

/** `"hello\r\n" (7 bytes)` */
function describe(bytes: Uint8Array): string {
  const text = visibleLineEnds(new TextDecoder().decode(bytes));
  const shown = text.length > SHOWN_LENGTH
    ? `${text.slice(0, SHOWN_LENGTH)}...`
    : text;
  return `"${shown}" (${bytes.length} bytes)`;
}

function showResult({ ok, result }: DemoResult): void {
  printLine(`  ${ok ? green("ok") : red("WRONG")}  ${result}\n`);
}

function summary(total: number, failed: number): string {
  return failed === 0
    ? green(`All ${total} checks passed.`)
    : red(`${failed} of ${total} checks failed.`);
}

if (import.meta.main) await runMain(main);
