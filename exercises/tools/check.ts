/** Grades a program that somebody else wrote. */
import {
  defineCommand,
  EXIT_FAILED,
  EXIT_OK,
  printLine,
  runMain,
} from "../cli/mod.ts";
import { commands } from "../catalogue.ts";
import { grade } from "./check/grade.ts";
import { roles } from "./check/roles.ts";
import { placeOf } from "./check/place.ts";
import { failureLines, stageLine } from "./check/text_report.ts";

export const main = defineCommand(
  commands.check,
  async (
    { role: name, rest, seed, only, "start-timeout": startTimeoutMs },
    context,
  ) => {
    const role = roles[name]!;
    const tools = {
      ...context,
      startTimeoutMs,
      watch: (c: typeof context.connect) => c,
      tell: printLine,
    };
    await using place = await placeOf(role, { words: rest }, tools);
    const result = await grade({
      role,
      place,
      seed: seed || "x",
      tools,
      only: only || undefined,
    }, (r) => printLine(stageLine(r)));
    for (const r of result.results) {
      if (r.failure) {
        for (const line of failureLines(r, result)) printLine(line);
      }
    }
    printLine(
      `${result.points}/${result.max} ${result.status} ${
        JSON.stringify(result.bugs)
      }`,
    );
    return result.status === "passed" ? EXIT_OK : EXIT_FAILED;
  },
  () => import("../../protocol/transport/resettable.ts"),
);

if (import.meta.main) await runMain(main);
