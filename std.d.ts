// npm:deno-std publishes the stable modules of @std without their types. Here
// are those of the functions in use; tests/std_types_test.ts imports each name
// for real. With JSR in place of npm (see README.md) this file can go.

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type Class<T> = abstract new (...args: any[]) => T;
  export function assert(value: unknown, says?: string): asserts value;
  export function assertEquals<T>(actual: T, expected: T, says?: string): void;
  export function assertInstanceOf<T>(
    actual: unknown,
    expected: Class<T>,
  ): asserts actual is T;
  export function assertMatch(text: string, form: RegExp, says?: string): void;
  export function assertStringIncludes(
    text: string,
    part: string,
    says?: string,
  ): void;
  export function assertThrows<E extends Error>(
    fn: () => unknown,
    errorClass: Class<E>,
    includes?: string,
  ): E;
  export function assertRejects<E extends Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: Class<E>,
    includes?: string,
  ): Promise<E>;
}

declare module "@std/async/abortable" {
  /** Rejects with the signal's reason when it fires before `promise`. */
  export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;
}

declare module "@std/async/delay" {
  export function delay(
    ms: number,
    options?: { signal?: AbortSignal },
  ): Promise<void>;
}

declare module "@std/fmt/bytes" {
  export function format(bytes: number, options?: { binary?: boolean }): string;
}

declare module "@std/fmt/colors" {
  export function setColorEnabled(enabled: boolean): void;
  export function bold(text: string): string;
  export function cyan(text: string): string;
  export function dim(text: string): string;
  export function green(text: string): string;
  export function red(text: string): string;
  export function stripAnsiCode(text: string): string;
  export function yellow(text: string): string;
}

declare module "@std/fmt/duration" {
  export function format(
    ms: number,
    options?: { style?: "narrow"; ignoreZero?: boolean },
  ): string;
}

declare module "@std/streams/text-line-stream" {
  export class TextLineStream extends TransformStream<string, string> {}
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(a: string, b: string): number;
}

declare module "@std/text/closest-string" {
  export function closestString(word: string, all: readonly string[]): string;
}
