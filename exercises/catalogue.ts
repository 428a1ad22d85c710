import {
  type CommandSpec,
  type Runnable,
  usageOf,
} from "./cli/command_spec.ts";
import { commands } from "./commands.ts";

/** One row: what a command is called and needs, and what runs it. */
export interface CatalogueEntry extends Runnable {
  /** `scan <host> [ports=1-1024]` */
  usage: string;
  /** The script's path from the top of the project. */
  file: string;
}

/** Everything that can be run, in the order of `--help`. */
export const catalogue: readonly CatalogueEntry[] = [
  row(
    commands.scan,
    "01_port_scanner.ts",
    () => import("./01_port_scanner.ts"),
  ),
  row(
    commands.info,
    "02_connection_info.ts",
    () => import("./02_connection_info.ts"),
  ),
  row(
    commands.daytime,
    "03_daytime_client.ts",
    () => import("./03_daytime_client.ts"),
  ),
  row(
    commands.daytimeserver,
    "03_daytime_server.ts",
    () => import("./03_daytime_server.ts"),
  ),
  row(commands.echo, "04_echo_client.ts", () => import("./04_echo_client.ts")),
  row(
    commands.echoserver,
    "04_echo_server.ts",
    () => import("./04_echo_server.ts"),
  ),
  row(
    commands.server,
    "05_basic_server.ts",
    () => import("./05_basic_server.ts"),
  ),
  row(
    commands.client,
    "06_basic_client.ts",
    () => import("./06_basic_client.ts"),
  ),
  row(
    commands.msgserver,
    "07_message_server.ts",
    () => import("./07_message_server.ts"),
  ),
  row(
    commands.chat,
    "07_message_client.ts",
    () => import("./07_message_client.ts"),
  ),
  row(
    commands.fileserver,
    "08_file_server.ts",
    () => import("./08_file_server.ts"),
  ),
  row(commands.files, "08_file_client.ts", () => import("./08_file_client.ts")),
  row(
    commands.test,
    "tools/test_connection.ts",
    () => import("./tools/test_connection.ts"),
  ),
  row(
    commands.diagnostics,
    "tools/diagnostics.ts",
    () => import("./tools/diagnostics.ts"),
  ),
  row(commands.samples, "tools/samples.ts", () => import("./tools/samples.ts")),
  row(commands.demo, "tools/demo.ts", () => import("./tools/demo.ts")),
  row(commands.menu, "tools/menu.ts", () => import("./tools/menu.ts")),
  row(
    commands.completions,
    "tools/completions.ts",
    () => import("./tools/completions.ts"),
  ),
];

function row(
  spec: CommandSpec,
  file: string,
  load: CatalogueEntry["load"],
): CatalogueEntry {
  return { ...spec, usage: usageOf(spec), file: `exercises/${file}`, load };
}
