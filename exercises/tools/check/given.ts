import { quote } from "../../../protocol/text.ts";
import { parseHost, splitEndpoint } from "../../cli/host.ts";
import { UsageError } from "../../cli/outcome.ts";
import { whole } from "../../cli/parameters.ts";
import { likelyWord } from "../../cli/parse_command.ts";
import type { Given } from "./place.ts";
import type { Role } from "./role.ts";
import { HOST } from "./subject.ts";

/**
 * What is to be graded: the command behind `--`, a server's `<host>:<port>`, or
 * who connects to the port of `--listen`.
 *
 * @throws {UsageError} None of it was given, two were, or what does not fit.
 */
export function givenBy(
  { rest, program, listen }: {
    rest: string[];
    program: string[];
    listen: number | undefined;
  },
  kind: Role["kind"],
): Given {
  const ways = [rest, program].filter(({ length }) => length > 0).length +
    (listen === undefined ? 0 : 1);
  if (ways > 1) throw new UsageError("Expected one program to grade, got two");
  if (program.length > 0) return { words: program };
  if (kind === "client") {
    if (listen !== undefined) return { hostname: HOST, port: listen };
    throw new UsageError("Expected -- and the client's command, or --listen");
  }
  if (rest.length > 0) return endpoint(rest);
  throw new UsageError("Expected -- and the server's command, or host:port");
}

/** `127.0.0.1 7007`, or in one word. */
function endpoint(words: string[]): Given {
  const [first = "", ...others] = words;
  const [host, port = "", ...more] = splitEndpoint(first) ?? words;
  const unexpected = splitEndpoint(first) ? others : more;
  if (unexpected.length > 0) {
    throw new UsageError(
      "Expected one host and port; a command goes behind --",
    );
  }
  return {
    hostname: parseHost(host!),
    port: whole("port", 1, 65535)(port),
  };
}

/** @throws {UsageError} The role has no such stage. */
export function onlyStage(
  only: string | undefined,
  { stages }: Role,
): string | undefined {
  const names = Object.keys(stages);
  if (only === undefined || names.includes(only)) return only;
  const likely = likelyWord(only, names);
  throw new UsageError(
    `Unknown stage ${quote(only)}${
      likely ? `, did you mean ${likely}?` : `: there are ${names.join(", ")}`
    }`,
  );
}
