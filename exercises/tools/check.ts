/**
 * Grades a program that somebody else wrote, in any language, over the wire of
 * the exercise whose work it does, and names its bug.
 *
 * Terminal 1: deno run --allow-net=127.0.0.1,[::1] --allow-run exercises/tools/check.ts echoserver -- deno run --allow-net=127.0.0.1 exercises/04_echo_server.ts {port}
 *
 * You will see: a line for each stage; of one that fails what was sent, what
 * came, which bug shows itself so, and how to repeat it.
 * Try next: your own program; --only, --seed, --json, --format gradescope.
 */
import { printable } from "../../protocol/text.ts";
import { type Connect, TimeoutError } from "../../protocol/transport/mod.ts";
import { commands } from "../catalogue.ts";
import { explainError, formatExplanation } from "../cli/explain_error.ts";
import {
  defineCommand,
  ExerciseError,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  printNote,
  runMain,
} from "../cli/mod.ts";
import type { CommandContext } from "../cli/command_spec.ts";
import type { Values } from "../cli/parse_command.ts";
import { enableColorOnTerminal } from "../terminal/capabilities.ts";
import { givenBy, onlyStage } from "./check/given.ts";
import { type Grade, grade } from "./check/grade.ts";
import { FORMATS, jsonFormat } from "./check/machine_report.ts";
import { type Given, placeOf } from "./check/place.ts";
import type { Graded } from "./check/report.ts";
import { roles } from "./check/roles.ts";
import { NotStartedError } from "./check/server_process.ts";
import { Random } from "./check/subject.ts";
import { TextReport } from "./check/text_report.ts";
import { type Texts, textsOf } from "./check/texts.ts";

type CheckValues = Values<typeof commands.check>;

/** Nothing can be said: the program did not start, or the machine is too slow. */
const EXIT_UNKNOWN = 3;

const UNKNOWN: Grade = {
  results: [],
  bugs: [],
  points: 0,
  max: 0,
  status: "error",
};

async function check(
  values: CheckValues,
  context: CommandContext,
): Promise<number> {
  const role = roles[values.role];
  const given = givenBy(values, role.kind);
  const only = onlyStage(values.only, role);
  const texts = await textsOf(values.lang);
  const seed = values.seed || new Random(`${Math.random()}`, "seed").word(2);
  const graded = gradedBy(values, seed, texts);
  enableColorOnTerminal(Deno.stdout);
  const report = new TextReport(graded, texts.words);
  const isRead = !values.json && !values.points && values.format === "text";
  const tools = {
    ...context,
    watch: (connect: Connect) => connect,
    startTimeoutMs: values["start-timeout"],
    tell: (what: "startYourClient" | "typeThis", line: string) =>
      printNote(`${texts.words[what]} ${line}`.trimEnd()),
  };
  await using place = await placeOf(role, given, tools);
  try {
    const result = await grade(
      { role, place, seed, tools, only },
      (stage) => isRead && printLine(report.stageLine(stage)),
    );
    const failed = result.results.find(({ failure }) => failure !== null);
    if (failed) context.draw?.(failed.exchange);
    if (isRead) { for (const line of report.lines(result)) printLine(line); }
    else printLine(inFormat(values, result, graded));
    return { passed: EXIT_OK, failed: EXIT_FAILED, error: EXIT_UNKNOWN }[
      result.status
    ];
  } catch (error) {
    context.signal.throwIfAborted();
    tellUnknown(error, given, texts);
    // Who reads it as data is told that there is none.
    if (!isRead) printLine(inFormat(values, UNKNOWN, graded));
    return EXIT_UNKNOWN;
  }
}

/** Says why nothing can be said. A mistake in our own code is thrown on. */
function tellUnknown(error: unknown, given: Given, texts: Texts): void {
  if (error instanceof NotStartedError) return tellNotStarted(error, texts);
  const isExplained = error instanceof ExerciseError ||
    error instanceof TimeoutError || (error as { code?: string }).code;
  if (!isExplained) throw error;
  const place = "hostname" in given
    ? { host: given.hostname, port: given.port }
    : {};
  printNote(`check: ${formatExplanation(explainError(error, place))}`);
}

function inFormat(
  { json, points, format }: CheckValues,
  grade: Grade,
  graded: Graded,
): string {
  if (points) return `${grade.points}/${grade.max}`;
  return json || format === "text"
    ? jsonFormat(grade, graded)
    : FORMATS[format](grade, graded);
}

function gradedBy(
  { role, rest, program, listen }: CheckValues,
  seed: string,
  { hints, titleOf }: Texts,
): Graded {
  const where = listen === undefined ? rest : ["--listen", `${listen}`];
  const before = ["tcplab check", role, ...where, "--seed", seed].join(" ");
  const behind = program.length > 0
    ? ` -- ${program.map(quoted).join(" ")}`
    : "";
  return {
    role,
    seed,
    command: { before, behind },
    hintOf: (id) => hints[id]!,
    titleOf: (result) => titleOf(role, result),
  };
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:=@%+,{}-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

function tellNotStarted(
  { message, program }: NotStartedError,
  { words }: Texts,
): void {
  const how = message || words.stillRuns;
  printNote(`check: ${words.notStarted(how)}`);
  // It may print what drives a terminal.
  for (const line of program.lastLines()) printNote(`  | ${printable(line)}`);
}

export const main = defineCommand(
  commands.check,
  check,
  // RST on purpose needs sockets that can send it.
  () => import("../../protocol/transport/resettable.ts"),
);

if (import.meta.main) await runMain(main);
