import { jsonLine, printable } from "../../../protocol/text.ts";
import { escaped } from "../../cli/diagram/svg.ts";
import { type Grade, isGraded } from "./grade.ts";
import { bugOf, type Graded, hexOf } from "./report.ts";
import type { StageResult } from "./run_stages.ts";

/** What a program reads: one document, when all is over. */
export type Format = (grade: Grade, graded: Graded) => string;

/** One object a line: each stage, then the result. */
export const jsonFormat: Format = (grade, graded) => {
  const { role, seed } = graded;
  const stages = grade.results.map((result) => {
    const { name, status, points, max, ms, failure } = result;
    const bug = bugOf(result, grade);
    const { evidence } = failure ?? {};
    return jsonLine({
      type: "stage",
      role,
      stage: name,
      status,
      points,
      max,
      bonus: max === 0,
      ms,
      bug: bug?.id ?? null,
      confidence: bug?.confidence ?? null,
      symptom: failure?.symptom ?? null,
      hint: bug && sentenceOf(graded, bug.id),
      evidence: evidence
        ? {
          at: evidence.at,
          expected: hexOf(evidence.expected),
          actual: hexOf(evidence.actual),
          end: evidence.end,
        }
        : null,
    });
  });
  const { points, max, status } = grade;
  const bugs = grade.bugs.map(({ id }) => id);
  const result = { type: "result", role, points, max, bugs, seed, status };
  return [...stages, jsonLine(result)].join("\n");
};

/** What went wrong, in a few lines of text. */
function reasonOf(result: StageResult, grade: Grade, graded: Graded): string {
  const { failure, printed } = result;
  const bug = bugOf(result, grade);
  const { command: { before, behind } } = graded;
  return [
    `${failure?.symptom ?? result.why ?? "error"} ${failure?.detail ?? ""}`
      .trim(),
    ...bug
      ? [`${bug.id} (${bug.confidence}): ${sentenceOf(graded, bug.id)}`]
      : [],
    ...result.exchange.conversations.flatMap(({ steps }) =>
      steps.slice(-8).map(({ t, shape, what }) => `${t} ${shape} ${what}`)
    ).slice(-24),
    ...printed.map((line) => `| ${line}`),
    `${before} --only ${result.name}${behind}`,
  ].map(printable).join("\n");
}

function sentenceOf({ hintOf }: Graded, id: string): string {
  const { what, why, mend } = hintOf(id);
  return [what, why, mend].join(" ");
}

/** JUnit's XML, as Jenkins and GitLab read it. */
export const junitFormat: Format = (grade, graded) => {
  const { results } = grade;
  const count = (wanted: RegExp) =>
    results.filter(({ status }) => wanted.test(status)).length;
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const total = results.reduce((sum, { ms }) => sum + ms, 0);
  const suite = `name="check ${graded.role}" tests="${results.length}" ` +
    `failures="${count(/failed|flaky/)}" errors="${count(/error/)}" ` +
    `skipped="${count(/skipped/)}" time="${seconds(total)}"`;
  const cases = results.map((result) => {
    const { name, status, ms, failure, why } = result;
    const reason = escaped(reasonOf(result, grade, graded));
    const bug = bugOf(result, grade)?.id ?? failure?.symptom ?? "";
    const inner = {
      passed: "",
      failed: `<failure message="${bug}">${reason}</failure>`,
      flaky: `<failure message="flaky: ${bug}">${reason}</failure>`,
      skipped: `<skipped message="${why}"/>`,
      error: `<error message="too slow">${reason}</error>`,
    }[status];
    const head = `classname="${graded.role}" name="${name}" time="${
      seconds(ms)
    }"`;
    return `    <testcase ${head}>${inner}</testcase>`;
  });
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites>`,
    `  <testsuite ${suite}>`,
    ...cases,
    `  </testsuite>`,
    `</testsuites>`,
  ].join("\n");
};

/** The Test Anything Protocol, version 13. */
export const tapFormat: Format = (grade, graded) => {
  const points = grade.results.flatMap((result, i) => {
    const { status, name, why } = result;
    const isOk = status === "passed" || status === "skipped";
    const title = graded.titleOf(result).replaceAll("#", "");
    const skip = status === "skipped" ? ` # SKIP ${why}` : "";
    const head = `${isOk ? "ok" : "not ok"} ${
      i + 1
    } - ${name}: ${title}${skip}`;
    if (isOk) return [head];
    const message = jsonLine(reasonOf(result, grade, graded));
    const bug = jsonLine(bugOf(result, grade)?.id ?? null);
    return [head, "  ---", `  bug: ${bug}`, `  message: ${message}`, "  ..."];
  });
  return ["TAP version 13", `1..${grade.results.length}`, ...points].join("\n");
};

/** What Gradescope's autograder reads from `results/results.json`. */
export const gradescopeFormat: Format = (grade, graded) => {
  const tests = grade.results.filter(isGraded).map(
    (result) => ({
      name: `${result.name}: ${graded.titleOf(result)}`,
      score: result.points,
      max_score: result.max,
      status: result.status === "passed" ? "passed" : "failed",
      output: result.status === "passed" ? "" : reasonOf(result, grade, graded),
      visibility: "visible",
    }),
  );
  const bugs = grade.bugs.map(({ id }) => id).join(", ");
  const output = `check ${graded.role}, seed ${graded.seed}` +
    (bugs && `, bugs: ${bugs}`);
  return JSON.stringify({ score: grade.points, output, tests }, null, 2);
};

export const FORMATS = {
  junit: junitFormat,
  tap: tapFormat,
  gradescope: gradescopeFormat,
} as const;
