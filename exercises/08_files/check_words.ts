import { quote } from "../../protocol/text.ts";
import { UsageError } from "../cli/outcome.ts";
import { STDOUT } from "./target.ts";

/** @throws {UsageError} Words that make no sense together. */
export function checkWords(
  action: string,
  names: readonly string[],
  { resume, output, ...values }: {
    resume: boolean;
    output: string;
    "no-verify": boolean;
  },
): void {
  if (action === "get" && names.length === 0) {
    throw new UsageError("Missing <name>");
  }
  if (action !== "get" && names.length > 0) {
    throw new UsageError(`Unexpected argument ${quote(names[0]!)}`);
  }
  const clash = names.find((name) => names.includes(`${name}.part`));
  if (clash !== undefined) {
    throw new UsageError(
      `${quote(`${clash}.part`)} is where ${quote(clash)} comes: ` +
        "fetch them to different folders",
    );
  }
  if (resume && (output === STDOUT || values["no-verify"])) {
    const other = output === STDOUT ? "--output -" : "--no-verify";
    throw new UsageError(`Options --resume and ${other} exclude each other`);
  }
}
