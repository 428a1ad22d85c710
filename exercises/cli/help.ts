import { type CommandSpec, usageOf } from "./command_spec.ts";
import type { Parameter } from "./parameters.ts";

/** A term and what it means. */
export type Row = readonly [term: string, meaning: string];

/** The text of `<command> --help`. */
export function helpOf(spec: CommandSpec): string {
  const args = Object.entries(spec.arguments).map(
    ([name, argument]): Row => [`<${name}>`, about(argument)],
  );
  if (spec.rest) args.push([`<${spec.rest.name}>...`, spec.rest.about]);
  if (spec.program) args.push(["-- <program>...", spec.program.about]);
  const options = Object.entries(spec.options).map(([name, option]): Row =>
    "flag" in option
      ? [`--${name}`, option.about]
      : [`--${name}${valueOf(option)}`, about(option)]
  );
  options.push(["--help", "show this and stop"]);
  return [
    spec.title,
    "",
    `Usage: tcplab ${usageOf(spec)} [options]`,
    ...section("Arguments", args),
    ...section("Options", options),
    "",
    "Examples:",
    ...spec.examples.map((example) => `  tcplab ${example}`),
    ...section("Permissions", permissionsOf(spec)),
  ].join("\n");
}

function valueOf({ placeholder = "<value>", alone }: Parameter<unknown>) {
  return alone === undefined ? ` ${placeholder}` : `[=${placeholder}]`;
}

function permissionsOf(spec: CommandSpec): Row[] {
  const { permissions, optionalPermissions = [] } = spec;
  const rows = permissions.map((flag): Row => [flag, "needed"]);
  if (rows.length === 0) rows.push(["none", "nothing is needed"]);
  for (const [flag, use] of optionalPermissions) rows.push([flag, `to ${use}`]);
  if ("diagram" in spec.options) {
    rows.push(["--allow-read=<folder>", "to write the --diagram there"]);
    rows.push(["--allow-write=<folder>", "to write the --diagram there"]);
  }
  return rows;
}

/** Two columns, the first as wide as its longest word. */
export function columns(rows: readonly Row[]) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function section(title: string, rows: Row[]) {
  return rows.length === 0 ? [] : ["", `${title}:`, ...columns(rows)];
}

function about({ about, default: fallback }: Parameter<unknown>): string {
  return fallback ? `${about} (default ${fallback})` : about;
}
