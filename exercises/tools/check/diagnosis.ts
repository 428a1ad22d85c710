import type { Signature } from "./signatures.ts";
import type { Symptom } from "./stage.ts";

/** What each stage showed; null: it passed. What was not run is not there. */
export type Outcomes = ReadonlyMap<string, Symptom | null>;

export interface NamedBug {
  id: string;
  /** `sure`: no other bugs of the list explain what was seen. */
  confidence: "sure" | "likely";
  /** The stages that fail of it. */
  failed: string[];
  /** Those that passed, and would have failed of what it could be mistaken for. */
  passed: string[];
}

type Signatures = Readonly<Record<string, Signature>>;

/** When more of what failed than this has no explanation, none is given. */
const MAX_UNEXPLAINED = 0.25;

/** So many bugs are looked for in one program. */
const MAX_BUGS = 4;

/**
 * The fewest bugs that together explain what was seen, most certain first;
 * none, when no explanation is better than every other.
 */
export function diagnose(
  signatures: Signatures,
  outcomes: Outcomes,
): NamedBug[] {
  const failed = [...outcomes].filter(([, symptom]) => symptom !== null)
    .map(([stage]) => stage)
    .filter((stage) => tellsOfBugs(stage, signatures));
  if (failed.length === 0) return [];
  const suspects = Object.keys(signatures).filter((id) =>
    failed.some((stage) => showsIn(signatures[id]!, stage, outcomes))
  );
  const sets = consistentSets(suspects, signatures, outcomes);
  const explained = (set: string[]) =>
    failed.filter((stage) => isExplained(set, stage, signatures, outcomes));
  const most = Math.max(0, ...sets.map((set) => explained(set).length));
  if (failed.length - most > MAX_UNEXPLAINED * failed.length) return [];
  const best = sets.filter((set) => explained(set).length === most);
  const fewest = Math.min(...best.map((set) => set.length));
  const candidates = best.filter((set) => set.length === fewest);
  const chosen = bestFit(candidates, signatures, outcomes);
  return chosen.map((id): NamedBug => {
    const isSure = most === failed.length &&
      !isUnsure(signatures[id]!, outcomes) &&
      candidates.every((set) => set.includes(id));
    return {
      id,
      confidence: isSure ? "sure" : "likely",
      failed: failed.filter((stage) =>
        isExplained([id], stage, signatures, outcomes)
      ),
      passed: tellingPasses(id, suspects, signatures, outcomes),
    };
  }).sort((a, b) =>
    Number(b.confidence === "sure") - Number(a.confidence === "sure")
  );
}

/**
 * Whether any bug of the list is known by this stage; if not, what is missing
 * there is missing, and says nothing about the rest.
 */
function tellsOfBugs(stage: string, signatures: Signatures): boolean {
  return Object.values(signatures).some(({ fails, shows, passes, may }) =>
    stage in { ...fails, ...shows } || passes?.includes(stage) ||
    may !== undefined && may !== "any" && stage in may
  );
}

/** Whether the stage fails in the very way that tells of this bug. */
function showsIn(
  { fails, shows }: Signature,
  stage: string,
  outcomes: Outcomes,
): boolean {
  return isSeen(fails, stage, outcomes) || isSeen(shows, stage, outcomes);
}

/** Whether what is seen of it may be something that is not in the list. */
function isUnsure(signature: Signature, outcomes: Outcomes): boolean {
  const { unsure } = signature;
  if (unsure === undefined || unsure === true) return unsure === true;
  return [...outcomes].every(([stage, symptom]) =>
    !showsIn(signature, stage, outcomes) || unsure.includes(symptom!)
  );
}

function isSeen(
  seen: Signature["fails"],
  stage: string,
  outcomes: Outcomes,
): boolean {
  const symptoms = seen?.[stage];
  const symptom = outcomes.get(stage);
  return symptom != null && symptoms !== undefined &&
    (symptoms.length === 0 || symptoms.includes(symptom));
}

/** Whether one of the bugs makes the stage fail as it did. */
function isExplained(
  set: readonly string[],
  stage: string,
  signatures: Signatures,
  outcomes: Outcomes,
): boolean {
  return set.some((id) => {
    const signature = signatures[id]!;
    if (showsIn(signature, stage, outcomes)) return true;
    const { may } = signature;
    return may === "any" || isSeen(may, stage, outcomes);
  });
}

/**
 * The sets of bugs of which each shows wherever it must: a stage that another
 * bug of the set makes fail can hide it, a stage that passed cannot. Each bug
 * explains a stage that the others leave open.
 */
function consistentSets(
  suspects: readonly string[],
  signatures: Signatures,
  outcomes: Outcomes,
): string[][] {
  const sets = subsets(suspects, MAX_BUGS);
  return sets.filter((set) =>
    set.every((id) => {
      const others = set.filter((other) => other !== id);
      const shows = (stage: string) =>
        showsIn(signatures[id]!, stage, outcomes);
      const hidden = (stage: string) =>
        outcomes.get(stage) !== null &&
        isExplained(others, stage, signatures, outcomes);
      const musts = Object.keys(signatures[id]!.fails ?? {})
        .filter((stage) => outcomes.has(stage));
      const passes = (signatures[id]!.passes ?? [])
        .every((stage) => outcomes.get(stage) == null || hidden(stage));
      return passes &&
        musts.every((stage) => shows(stage) || hidden(stage)) &&
        [...outcomes.keys()].some((stage) => shows(stage) && !hidden(stage));
    })
  );
}

/** Every choice of one to `size` of the words. */
function subsets(words: readonly string[], size: number): string[][] {
  if (size === 0) return [];
  return words.flatMap((word, i) => [
    [word],
    ...subsets(words.slice(i + 1), size - 1).map((rest) => [word, ...rest]),
  ]);
}

/** The set whose own signs are the most; none, when two have as many. */
function bestFit(
  sets: readonly string[][],
  signatures: Signatures,
  outcomes: Outcomes,
): string[] {
  const signs = (set: string[]) =>
    [...outcomes.keys()].filter((stage) =>
      set.some((id) => showsIn(signatures[id]!, stage, outcomes))
    ).length;
  const most = Math.max(...sets.map(signs));
  const fitting = sets.filter((set) => signs(set) === most);
  if (fitting.length === 1) return fitting[0]!;
  // What all of them have in common can still be named.
  return (fitting[0] ?? []).filter((id) =>
    fitting.every((set) => set.includes(id))
  );
}

/** Stages that passed, and that a rival for the same failures would fail. */
function tellingPasses(
  id: string,
  suspects: readonly string[],
  signatures: Signatures,
  outcomes: Outcomes,
): string[] {
  const stages = suspects.filter((rival) => rival !== id)
    .flatMap((rival) => Object.keys(signatures[rival]!.fails ?? {}));
  return [...new Set(stages)].filter((stage) => outcomes.get(stage) === null);
}
