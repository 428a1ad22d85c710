import { UsageError } from "../cli/outcome.ts";
import { plainScreen, type Screen } from "./screen.ts";
import type { SealOptions } from "./sealed_screen.ts";

/**
 * The screen of this process. With `sealed` it gives what is to be sent, and
 * shows what was said; nobody else loads any of that.
 *
 * @throws {UsageError} The options are those of a sealed conversation, and it
 * would not be one.
 */
export async function openScreen(
  { sealed, ...options }: SealOptions & { sealed: boolean },
  signal: AbortSignal,
): Promise<Screen> {
  const screen = await plainScreen();
  if (sealed) {
    const { openSealed } = await import("./sealed_screen.ts");
    return await openSealed(screen, options, signal);
  }
  if (options.room !== undefined || options["passphrase-file"] !== undefined) {
    throw new UsageError("--room and --passphrase-file go with --sealed");
  }
  return screen;
}
