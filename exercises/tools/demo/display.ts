import { bold, cyan, dim, green, red, stripAnsiCode } from "@std/fmt/colors";
import { counted } from "../../../protocol/text.ts";
import type { TraceEvent } from "../../../protocol/transport/trace.ts";
import { quoteData } from "../../cli/trace/trace_words.ts";
import { terminalColumns } from "../../terminal/capabilities.ts";
import { printLine } from "../../terminal/stdout.ts";
import type { Step } from "./steps.ts";

/** Longer texts are cut when shown. */
const SHOWN_COLUMNS = 72;

/** What a step is, before it runs. */
export function announce({ command, title, shows }: Step): void {
  show("", `${bold(title)}  ${dim(`tcplab ${command}`)}`);
  show("  ", shows);
}

/** Tells each event in the words of TCP; one a step, since it remembers. */
export function exchangeLines(): (event: TraceEvent) => void {
  const tell = (dir: string, what: string) =>
    show("    ", `${cyan(dir)} ${what}`);
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
      case "data":
        return tell(
          dir,
          `${quoteData(event, SHOWN_COLUMNS)} (${counted(bytes, "byte")})`,
        );
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

/** What came of a step. */
export function showResult(ok: boolean, result: string): void {
  show("  ", `${ok ? green("ok") : red("WRONG")}  ${result}\n`);
}

export function showSummary(total: number, failed: number): void {
  printLine(
    failed === 0
      ? green(total === 1 ? "The check passed." : `All ${total} checks passed.`)
      : red(`${failed} of ${counted(total, "check")} failed.`),
  );
}

/** On a terminal too narrow for it, the line goes on below, at a new word. */
function show(indent: string, line: string): void {
  const columns = Deno.stdout.isTerminal() ? terminalColumns() : Infinity;
  printLine(wrapWords(line, columns, indent));
}

/** Breaks `line` between words, where it is wider than `columns`. */
export function wrapWords(
  line: string,
  columns: number,
  indent: string,
): string {
  const rows: string[] = [];
  let row = indent;
  for (const word of line.split(" ")) {
    const longer = row === indent ? row + word : `${row} ${word}`;
    const fits = [...stripAnsiCode(longer)].length <= columns;
    if (fits || row === indent) row = longer;
    else {
      rows.push(row);
      row = `${indent}   ${word}`;
    }
  }
  return [...rows, row].join("\n");
}
