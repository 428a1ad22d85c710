import { type ClientPlace, ClientUnderTest } from "./client_under_test.ts";
import { diagnose, type NamedBug, type Outcomes } from "./diagnosis.ts";
import type { Place } from "./place.ts";
import type { Role } from "./role.ts";
import {
  type Attempting,
  runStages,
  StageFailedError,
  type StageResult,
} from "./run_stages.ts";
import type { Program } from "./program.ts";
import { howEnded, type ServerPlace } from "./server_process.ts";
import { ServerUnderTest } from "./server_under_test.ts";
import { Failure, type Stage } from "./stage.ts";
import type { Tools } from "./subject.ts";

export interface GradeOptions {
  role: Role;
  place: Place;
  seed: string;
  tools: Tools;
  /** Only the stage of this name. */
  only?: string | undefined;
}

/** All that a grader has found. */
export interface Grade {
  results: StageResult[];
  bugs: NamedBug[];
  points: number;
  max: number;
  /** `error`: nothing failed, and something could not be judged. */
  status: "passed" | "failed" | "error";
}

/**
 * Runs the stages of a role, and names the bugs that explain what failed.
 *
 * @param onResult Called when a stage is over.
 * @throws {NotStartedError} The program does not start: nothing can be said.
 */
export async function grade(
  { role, place, seed, tools, only }: GradeOptions,
  onResult: (result: StageResult) => void = () => {},
): Promise<Grade> {
  const stages = (Object.entries(role.stages) as [string, Stage<never>][])
    .filter(([name]) => only === undefined || name === only);
  const results: StageResult[] = [];
  try {
    const run = "server" in place
      ? onServer(place.server)
      : onClient(place.client);
    const byHand = "client" in place && "port" in place.client;
    const options = { seed, byHand, tools, run };
    for await (const result of runStages(stages, options)) {
      results.push(result);
      onResult(result);
    }
  } finally {
    if ("server" in place) await place.server.stop();
  }
  return gradeOf(results, role);
}

/** What is skipped for want of a place to reach it is the program's loss. */
export function isGraded({ status, why }: StageResult): boolean {
  return status !== "skipped" || why === "elsewhere";
}

/** What the results come to. */
function gradeOf(results: StageResult[], { bugs: signatures }: Role): Grade {
  const outcomes: Outcomes = new Map(
    results.filter(({ status }) => /passed|failed|flaky/.test(status))
      .map(({ name, failure }) => [name, failure?.symptom ?? null]),
  );
  const graded = results.filter(isGraded);
  const sum = (of: (result: StageResult) => number) =>
    graded.reduce((total, result) => total + of(result), 0);
  // A bonus costs nobody a point, unless nothing else was asked.
  const isBonus = results.every(({ max }) => max === 0);
  const core = graded.filter(({ max }) => isBonus || max > 0);
  return {
    results,
    bugs: diagnose(signatures, outcomes),
    points: sum(({ points }) => points),
    max: sum(({ max }) => max),
    status: core.some(({ status }) => /failed|flaky/.test(status))
      ? "failed"
      : core.length === 0 || core.some(({ status }) => status === "error")
      ? "error"
      : "passed",
  };
}

/** One process for all stages, until one of them fails. */
function onServer(place: ServerPlace): Attempting {
  return async (stage, attempt, tools) => {
    let isSpoiled = true;
    try {
      using server = new ServerUnderTest(place, attempt);
      await place.begin(tools);
      await stage.run(server as never);
      isSpoiled = server.isSpoiled || attempt.isAlone;
      return [];
    } catch (error) {
      const told = await withEnding(error, place.program);
      throw withOutput(told, place.program?.lastLines());
    } finally {
      if (isSpoiled) await place.stop();
    }
  };
}

/** A process for each stage. */
function onClient(place: ClientPlace): Attempting {
  return async (stage, attempt, tools) => {
    await using client = new ClientUnderTest(place, tools, attempt);
    try {
      await stage.run(client as never);
      return [];
    } catch (error) {
      throw withOutput(error, client.lastLines());
    }
  };
}

/** So soon after its connections a program is gone. */
const DEATH_MS = 100;

/** That the program has ended says more than that its connection has. */
async function withEnding(
  error: unknown,
  program: Program | null,
): Promise<unknown> {
  const isEnd = error instanceof Failure && error.detail === "" &&
    /^(ended|cut|reset|gap)$/.test(error.symptom);
  if (!isEnd || !await program?.exit(DEATH_MS)) return error;
  return new Failure(error.symptom, error.evidence, howEnded(program!));
}

function withOutput(error: unknown, printed: string[] = []): unknown {
  return error instanceof Failure
    ? new StageFailedError(error, printed)
    : error;
}
