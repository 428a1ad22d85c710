import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import { printable } from "../../../protocol/text.ts";
import type { Grade } from "./grade.ts";
import type { StageResult } from "./run_stages.ts";

const MARKS = {
  passed: green("ok   "),
  failed: red("FAIL "),
  flaky: yellow("flaky"),
  skipped: dim("skip "),
  error: yellow("error"),
};

/** One line of a stage, as soon as it is over. */
export function stageLine(result: StageResult): string {
  const { status, title, points, max, why } = result;
  const worth = max > 0 ? ` ${points}/${max}` : "";
  return `${MARKS[status]} ${title}${worth}${why && dim(` (${why})`)}`;
}

/** What is told of a stage that failed. */
export function failureLines(result: StageResult, grade: Grade): string[] {
  const { name, failure, exchange } = result;
  const bug = grade.bugs.find(({ failed }) => failed.includes(name));
  return [
    "",
    bold(`${name}: ${result.title}`),
    ...exchange.conversations.flatMap(({ title, steps }) => [
      `  ${title}`,
      ...steps.slice(0, 12).map(({ t, what, shape }) =>
        `    ${t.padStart(7)} ${shape.padEnd(5)} ${what}`
      ),
    ]),
    `  ${failure?.symptom} ${failure?.detail}`,
    ...bug ? [`  ${bug.confidence}: ${bug.id}`] : [],
    ...result.printed.map((line) => dim(`  | ${printable(line)}`)),
  ];
}
