// npm:deno-std publishes the stable modules of @std without their types. Here
// are those of the functions in use; tests/std_types_test.ts imports each name
// for real. With JSR in place of npm (see README.md) this file can go.

declare module "@std/assert" {
  // deno-lint-ignore no-explicit-any
  type Class<E extends Error = Error> = abstract new (...args: any[]) => E;
  export function assert(value: unknown, message?: string): asserts value;
  export function assertEquals<T>(
    actual: T,
    expected: T,
    message?: string,
  ): void;
  export function assertNotEquals<T>(
    actual: T,
    expected: T,
    message?: string,
  ): void;
  export function assertExists<T>(
    actual: T,
    message?: string,
  ): asserts actual is NonNullable<T>;
  export function assertInstanceOf<
    // deno-lint-ignore no-explicit-any
    C extends abstract new (...args: any[]) => any,
  >(
    actual: unknown,
    expected: C,
    message?: string,
  ): asserts actual is InstanceType<C>;
  export function assertMatch(
    actual: string,
    expected: RegExp,
    message?: string,
  ): void;
  export function assertNotMatch(
    actual: string,
    expected: RegExp,
    message?: string,
  ): void;
  export function assertStringIncludes(
    actual: string,
    expected: string,
    message?: string,
  ): void;
  export function assertThrows<E extends Error>(
    fn: () => unknown,
    errorClass: Class<E>,
    messageIncludes?: string,
  ): E;
  export function assertRejects<E extends Error>(
    fn: () => PromiseLike<unknown>,
    errorClass: Class<E>,
    messageIncludes?: string,
  ): Promise<E>;
}

declare module "@std/async/abortable" {
  /** Rejects with the signal's reason when it fires before `promise`. */
  export function abortable<T>(
    promise: Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
}

declare module "@std/async/delay" {
  export function delay(
    ms: number,
    options?: { signal?: AbortSignal; persistent?: boolean },
  ): Promise<void>;
}

declare module "@std/bytes/concat" {
  export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

declare module "@std/cli/parse-args" {
  export function parseArgs(
    args: string[],
    options?: {
      boolean?: string[];
      string?: string[];
      unknown?: (arg: string, key?: string, value?: unknown) => unknown;
    },
  ): { [name: string]: unknown; _: (string | number)[] };
}

declare module "@std/crypto/aes-gcm" {
  /** The nonce (12 bytes, random), what is encrypted, and the tag (16). */
  export function encryptAesGcm(
    key: CryptoKey,
    plaintext: BufferSource,
  ): Promise<Uint8Array<ArrayBuffer>>;
  export function decryptAesGcm(
    key: CryptoKey,
    data: BufferSource,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

declare module "@std/crypto/timing-safe-equal" {
  /** Throws where the lengths differ. */
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

declare module "@std/encoding/base64" {
  export function encodeBase64(data: Uint8Array | string): string;
  export function decodeBase64(base64: string): Uint8Array<ArrayBuffer>;
}

declare module "@std/fmt/bytes" {
  export function format(
    bytes: number,
    options?: { binary?: boolean; maximumFractionDigits?: number },
  ): string;
}

declare module "@std/fmt/colors" {
  export function setColorEnabled(enabled: boolean): void;
  export function bold(text: string): string;
  export function cyan(text: string): string;
  export function dim(text: string): string;
  export function green(text: string): string;
  export function magenta(text: string): string;
  export function red(text: string): string;
  export function stripAnsiCode(text: string): string;
  export function yellow(text: string): string;
}

declare module "@std/fmt/duration" {
  export function format(
    ms: number,
    options?: {
      style?: "narrow" | "full" | "digital";
      ignoreZero?: boolean;
    },
  ): string;
}

declare module "@std/streams/text-line-stream" {
  export class TextLineStream extends TransformStream<string, string> {
    constructor(options?: { allowCR?: boolean });
  }
}

declare module "@std/text/levenshtein-distance" {
  export function levenshteinDistance(a: string, b: string): number;
}

declare module "@std/text/closest-string" {
  export function closestString(
    word: string,
    possibleWords: readonly string[],
  ): string;
}
