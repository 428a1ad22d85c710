import { Tracer } from "../../../protocol/transport/trace.ts";
import { terminalColumns } from "../../terminal/capabilities.ts";
import { printAside, printNote } from "../../terminal/stderr.ts";
import type { CommandContext } from "../command_spec.ts";
import { type Exchange, Recorder } from "../diagram/exchange.ts";
import { htmlDiagram } from "../diagram/html.ts";
import { mermaidDiagram, txtDiagram } from "../diagram/plain_text.ts";
import { svgDiagram } from "../diagram/svg.ts";
import {
  type DiagramEnding,
  endingOf,
  type WatchValues,
} from "../shared_parameters.ts";
import { checkTarget, writeFile } from "../write_file.ts";
import { TraceLines } from "./trace_words.ts";

/** Where stderr is no terminal. */
const DEFAULT_COLUMNS = 80;

export const DIAGRAMS: Record<DiagramEnding, (exchange: Exchange) => string> = {
  svg: svgDiagram,
  html: htmlDiagram,
  mmd: mermaidDiagram,
  txt: txtDiagram,
};

/**
 * Runs the command `name`, whose connections are watched. What they did is drawn
 * when it ends, however that is.
 *
 * @throws Why the diagram cannot be written: before it runs, if that shows.
 */
export async function watched(
  { name, trace, diagram }: WatchValues & { name: string },
  context: CommandContext,
  run: (context: CommandContext) => Promise<number>,
): Promise<number> {
  if (diagram !== undefined) await requireTarget(diagram);
  const columns = () =>
    Deno.stderr.isTerminal() ? terminalColumns() : DEFAULT_COLUMNS;
  const lines = trace && new TraceLines(trace, printAside, columns);
  const recorder = diagram === undefined ? null : new Recorder();
  const tracer = new Tracer((event) => {
    lines?.push(event);
    recorder?.add(event);
    context.watcher?.see(event);
  });
  let chosen: Exchange | null = null;
  const code = await run({
    ...context,
    draw: (exchange) => chosen = exchange,
    watch: (connect) => tracer.connect(connect),
    connect: tracer.connect(context.connect),
    listen: tracer.listen(context.listen),
  });
  lines?.end();
  if (chosen) context.watcher?.draw(chosen);
  if (recorder && diagram !== undefined) {
    const drawn = DIAGRAMS[endingOf(diagram)!](
      chosen ?? recorder.exchange(name),
    );
    const bytes = new TextEncoder().encode(drawn);
    await writeFile(diagram, bytes, { replace: true });
    printNote(`${name}: The diagram is in ${diagram}`);
  }
  return code;
}

/** A file is written under another name first, beside its own. */
async function requireTarget(file: string): Promise<void> {
  const path = file.replace(/[^/]*$/, "") || ".";
  for (const name of ["write", "read"] as const) {
    const { state } = await Deno.permissions.request({ name, path });
    if (state === "granted") continue;
    throw new Deno.errors.NotCapable(`Requires ${name} access to "${path}"`);
  }
  await Deno.lstat(path);
  await checkTarget(file, true);
}
