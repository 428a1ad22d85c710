import type { ClientUnderTest } from "./client_under_test.ts";
import type { ServerUnderTest } from "./server_under_test.ts";
import type { Signature } from "./signatures.ts";
import type { Stages } from "./stage.ts";

/** What is asked of a program that does the work of one of our commands. */
export type Role =
  & {
    /** How its bugs show, by their ids. */
    bugs: Readonly<Record<string, Signature>>;
    /** It has a folder, that it serves or writes to. */
    hasFolder?: true;
    /** Fills the folder before the program starts. */
    prepare?: (dir: string) => Promise<void>;
  }
  & (
    | { kind: "server"; stages: Stages<ServerUnderTest> }
    | { kind: "client"; stages: Stages<ClientUnderTest> }
  );
