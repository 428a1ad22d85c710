import { Tracer } from "../../../protocol/transport/trace.ts";
import { terminalColumns } from "../../terminal/capabilities.ts";
import { printAside } from "../../terminal/stderr.ts";
import type { CommandContext } from "../command_spec.ts";
import type { WatchValues } from "../watch_options.ts";
import { TraceLines } from "./trace_lines.ts";

/** Where stderr is no terminal. */
const DEFAULT_COLUMNS = 80;

/** Runs a command whose connections are watched. */
export async function watched(
  { trace }: WatchValues,
  context: CommandContext,
  run: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const columns = () =>
    Deno.stderr.isTerminal() ? terminalColumns() : DEFAULT_COLUMNS;
  const lines = trace && new TraceLines(trace, printAside, columns);
  const tracer = new Tracer((event) => lines?.push(event));
  const code = await run({
    ...context,
    connect: tracer.connect(context.connect),
    listen: tracer.listen(context.listen),
  });
  lines?.end();
  return code;
}
