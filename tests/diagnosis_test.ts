import { assertEquals } from "@std/assert";
import { diagnose } from "../exercises/tools/check/diagnosis.ts";
import type { Signatures } from "../exercises/tools/check/signatures.ts";
import type { Symptom } from "../exercises/tools/check/stage.ts";
import { roles } from "../exercises/tools/check/roles.ts";

/** Three bugs that look alike, and one that hides others. */
const signatures: Signatures = {
  "one-read": {
    passes: ["whole"],
    fails: { second: ["silent"] },
    may: { cut: ["short"] },
  },
  "decodes-text": { shows: { cut: ["decoded"], bytes: ["decoded"] } },
  "stops-at-nul": { fails: { bytes: ["nul"] } },
  "waits-for-end": { fails: { whole: ["late"] }, may: "any" },
  "unflushed": { fails: { whole: ["late"], second: ["late"] } },
};

const PASSED = { whole: null, second: null, cut: null, bytes: null };

/** The verdict in words: `one-read sure`. */
function verdict(seen: Record<string, Symptom | null>): string[] {
  const outcomes = new Map(Object.entries({ ...PASSED, ...seen }));
  return diagnose(signatures, outcomes)
    .map(({ id, confidence }) => `${id} ${confidence}`);
}

Deno.test("diagnose() names nothing when all is right", () => {
  assertEquals(verdict({}), []);
});

const CASES: [seen: Record<string, Symptom>, bugs: string[]][] = [
  [{ second: "silent" }, ["one-read sure"]],
  // What comes in its wake is no second bug.
  [{ second: "silent", cut: "short" }, ["one-read sure"]],
  // Either sign is enough, and both are one bug.
  [{ cut: "decoded" }, ["decodes-text sure"]],
  [{ cut: "decoded", bytes: "decoded" }, ["decodes-text sure"]],
  // Two that have nothing to do with each other.
  [{ second: "silent", bytes: "nul" }, ["one-read sure", "stops-at-nul sure"]],
  // A stage that must fail of it passed.
  [{ cut: "short" }, []],
  // It fails in a way that no bug of the list fails.
  [{ bytes: "gap" }, []],
  // All of it is explained by one that hides the others.
  [
    { whole: "late", second: "silent", cut: "decoded", bytes: "nul" },
    ["waits-for-end sure"],
  ],
  // Two explain it all, and one of them by more signs of its own.
  [{ whole: "late", second: "late" }, ["unflushed likely"]],
];

for (const [seen, bugs] of CASES) {
  const words = Object.entries(seen).map((pair) => pair.join(" "));
  Deno.test(`diagnose() finds the fewest bugs: ${words.join(", ")}`, () => {
    assertEquals(verdict(seen), bugs);
  });
}

Deno.test("diagnose() says because of what", () => {
  const outcomes = new Map<string, Symptom | null>([
    ["whole", null],
    ["second", null],
    ["cut", "decoded"],
    ["bytes", null],
  ]);
  const [bug] = diagnose(signatures, outcomes);
  assertEquals([bug?.failed, bug?.passed], [["cut"], []]);
});

const ALL = new Set(
  Object.values(roles).flatMap(({ stages }) => Object.keys(stages)),
);

Deno.test("every stage that a bug names is one of its role", () => {
  for (const [name, { stages, bugs }] of Object.entries(roles)) {
    for (
      const [id, { fails, shows, may, passes = [] }] of Object.entries(bugs)
    ) {
      // What may fail in its wake stands for roles that are alike, too.
      const wake = Object.keys(may === "any" ? {} : may ?? {});
      assertEquals(wake.filter((stage) => !ALL.has(stage)), [], id);
      const named = [fails, shows].flatMap((seen) => Object.keys(seen ?? {}));
      const unknown = [...named, ...passes].filter((stage) =>
        !Object.hasOwn(stages, stage)
      );
      assertEquals(unknown, [], `${name}: ${id}`);
    }
  }
});
