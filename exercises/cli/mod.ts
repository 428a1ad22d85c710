/** What makes a command of a lesson: words in, results out, an exit code. */
export { Progress } from "../terminal/progress.ts";
export { printNote } from "../terminal/stderr.ts";
export { printLine, stdoutBytes, streamLine } from "../terminal/stdout.ts";
export { defineCommand } from "./command.ts";
export { isUnwatched } from "./explain_error.ts";
export { requireNet, resolveHost } from "./host.ts";
export { openLogins } from "./open_logins.ts";
export { openRoom } from "./open_room.ts";
export {
  ExerciseError,
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  EXIT_OK,
  refuse,
  UsageError,
} from "./outcome.ts";
export { runMain } from "./run.ts";
export {
  serverCommand,
  serverOptions,
  serveUntilStopped,
} from "./server_command.ts";
export { stderrLog } from "./server_log.ts";
export { withLogin } from "./with_login.ts";
