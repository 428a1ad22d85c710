/** What the file systems in use take, without a path. */
export const MAX_NAME_BYTES = 255;

/** C0 and C1 controls and DEL: a name is part of a line, and is shown. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Why `name` cannot be that of a file in a shared folder, as a phrase (`is a
 * path`), or null when it can. A name is one step, never a way: whoever joins
 * it to a folder stays in that folder.
 */
export function fileNameProblem(name: string): string | null {
  if (name === "") return "is empty";
  if (CONTROLS.test(name)) return "has a control character";
  if (/[/\\]/.test(name)) return "is a path";
  // Hidden files, and with them the folder itself and the one above it.
  if (name.startsWith(".")) return "begins with a dot";
  if (/^[A-Za-z]:/.test(name)) return "begins with a drive letter";
  if (new TextEncoder().encode(name).length > MAX_NAME_BYTES) {
    return `is longer than ${MAX_NAME_BYTES} bytes`;
  }
  return null;
}
