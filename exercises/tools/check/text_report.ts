import { bold, dim, green, red, stripAnsiCode, yellow } from "@std/fmt/colors";
import { jsonLine, printable } from "../../../protocol/text.ts";
import type { Step } from "../../cli/diagram/exchange.ts";
import type { Grade } from "./grade.ts";
import { bugOf, type Graded, hexOf } from "./report.ts";
import type { StageResult } from "./run_stages.ts";
import type { Evidence } from "./stage.ts";
import type { Words } from "./words.ts";

const COLOURS = {
  passed: green,
  failed: red,
  flaky: yellow,
  skipped: dim,
  error: yellow,
};

/** A failure fits a screen of 80 x 24, with a row for the prompt below it. */
const COLUMNS = 80;
const ROWS = 22;
const MIN_EVENTS = 4;
const SHOWN_BYTES = 12;
const PRINTED_LINES = 3;

/** What a person reads. */
export class TextReport {
  /** Whose hint was given. */
  readonly #told = new Set<string>();

  constructor(readonly graded: Graded, readonly words: Words) {}

  /** One line of a stage, as soon as it is over. */
  stageLine(result: StageResult): string {
    const { status, points, max, why } = result;
    const { words } = this;
    const mark = COLOURS[status](words.status[status].padEnd(7));
    const worth = max > 0 && why === null ? ` ${points}/${max}` : "";
    const reason = why
      ? words.skipped[why]
      : status === "error"
      ? words.tooSlow
      : "";
    const title = this.graded.titleOf(result);
    return `${mark} ${title}${worth}${reason && dim(` (${reason})`)}`;
  }

  /** What is told of each failure, and of the whole, when all is over. */
  lines(grade: Grade): string[] {
    const { words, graded } = this;
    const failures = grade.results.filter(({ failure }) => failure !== null);
    const bugs = grade.bugs.map(({ id, confidence }) =>
      `${id} (${words.confidence[confidence]})`
    );
    return [
      ...failures.flatMap((result) => this.failureLines(result, grade)),
      "",
      bold(words.result(grade.points, grade.max, graded.seed)),
      ...bugs.length > 0 ? [`${words.bugs} ${bugs.join(", ")}`] : [],
    ];
  }

  /** What was sent, what came, the bug, because of what, and how to repeat it. */
  failureLines(result: StageResult, grade: Grade): string[] {
    const { words, graded } = this;
    const { failure, printed, status } = result;
    const { symptom, detail, evidence } = failure!;
    const { before, behind } = graded.command;
    const told = detail ? `: ${printable(detail)}` : "";
    const head = bold(
      `${words.status[status]} ${result.name}: ${graded.titleOf(result)}`,
    );
    const rest = [
      `  ${red(cutTo(words.symptoms[symptom] + told, COLUMNS - 2))}`,
      ...evidence ? this.#evidenceLines(evidence) : [],
      ...printed.length > 0 ? [`  ${words.printed}`] : [],
      ...printed.slice(-PRINTED_LINES).map((line) =>
        dim(`    ${cutTo(printable(line), COLUMNS - 4)}`)
      ),
      ...this.#bugLines(result, grade),
      `  ${words.again} ${before} --only ${result.name}${behind}`,
    ];
    const rows = [head, ...rest].reduce(
      (sum, line) => sum + Math.ceil(stripAnsiCode(line).length / COLUMNS),
      0,
    );
    return ["", head, ...this.#exchangeLines(result, ROWS - rows), ...rest];
  }

  /** The end of the exchange, in at most `rows`. */
  #exchangeLines({ exchange }: StageResult, rows: number): string[] {
    const steps = exchange.conversations.flatMap(({ steps }, i, { length }) =>
      length === 1 ? steps : steps.map((step) => ({ ...step, of: i + 1 }))
    ).sort((a, b) => a.at - b.at);
    if (steps.length === 0) return [];
    const end = steps.slice(-Math.max(rows - 2, MIN_EVENTS));
    const more = steps.length - end.length;
    return [
      dim(`  ${this.words.exchange}`),
      ...more > 0 ? [dim(`    ... ${this.words.notShown(more)}`)] : [],
      ...end.map((step) => cutTo(stepLine(step), COLUMNS)),
    ];
  }

  #evidenceLines({ at, expected, actual }: Evidence): string[] {
    const { words } = this;
    if (expected.length + actual.length === 0) return [];
    const width = Math.max(words.expected.length, words.came.length);
    const row = (label: string, bytes: Uint8Array) =>
      cutTo(
        `    ${label.padEnd(width)} ${shown(bytes) || words.nothing}`,
        COLUMNS,
      );
    return [
      `  ${words.fromByte(at)}:`,
      ...expected.length > 0 ? [row(words.expected, expected)] : [],
      row(words.came, actual),
    ];
  }

  #bugLines(result: StageResult, grade: Grade): string[] {
    const { words, graded } = this;
    const bug = bugOf(result, grade);
    if (bug === null) return [`  ${words.noBug}`];
    const { id, confidence, failed, passed } = bug;
    const head = `  ${words.bug} ${bold(id)} (${words.confidence[confidence]})`;
    if (this.#told.has(id)) return [`${head}, ${words.seeAbove}`];
    this.#told.add(id);
    const { what, why, mend } = graded.hintOf(id);
    const because = words.because(failed.join(", "), passed.join(", "));
    return [
      head,
      ...[what, because, why, mend].flatMap((text) => inParagraph(text)),
    ];
  }
}

/** `    12.1 2 ->  "hello\n" 6 bytes` */
function stepLine({ t, what, shape, of }: Step & { of?: number }): string {
  const whose = of === undefined ? "" : `${of} `;
  const arrow = shape === "->" || shape === "<-" ? shape : "  ";
  return `    ${t.padStart(7)} ${whose}${arrow} ${what}`;
}

/** `c3 b1 0a  "ñ\n"` */
function shown(bytes: Uint8Array): string {
  if (bytes.length === 0) return "";
  const some = bytes.subarray(0, SHOWN_BYTES);
  const hex = hexOf(some).replace(/..(?=.)/g, "$& ");
  const text = jsonLine(new TextDecoder().decode(some));
  return `${hex}${bytes.length > SHOWN_BYTES ? " ..." : ""}  ${text}`;
}

function cutTo(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, columns - 3)}...` : text;
}

/** `text` in rows of at most 76 columns, indented. */
function inParagraph(text: string): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < COLUMNS - 1) {
      rows[rows.length - 1] = `${last} ${word}`;
    } else rows.push(`    ${word}`);
  }
  return rows;
}
