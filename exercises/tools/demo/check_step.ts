import * as network from "../../../protocol/transport/resettable.ts";
import { echoServer } from "../../04_echo_server.ts";
import { check, HOST, type Step } from "./demo_stage.ts";

/** One stage of `check`, asked of our own server. */
export const checkStep: Step = {
  command: "check",
  title: "Check: a server is graded",
  shows: "A stage asks one thing: here a character that is cut in two.",
  run: async ({ signal, connect }) => {
    // Only this step waits for the stages of all roles.
    const { grade } = await import("../check/grade.ts");
    const { placeOf } = await import("../check/place.ts");
    const { roles } = await import("../check/roles.ts");
    await using server = echoServer(0);
    const tools = {
      ...network,
      connect,
      watch: (connect: typeof network.connect) => connect,
      signal,
      startTimeoutMs: 0,
      tell: () => {},
    };
    const role = roles.echoserver;
    const at = { hostname: HOST, port: server.addr.port };
    await using place = await placeOf(role, at, tools);
    const only = "cut-character";
    const { status, points, max, results } = await grade(
      { role, place, seed: "demo", tools, only },
    );
    check(status === "passed", `${results[0]?.failure?.symptom}`);
    return `${results[0]!.title}: ${points} of ${max} points`;
  },
};
