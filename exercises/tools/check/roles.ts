import type { Role } from "./role.ts";
import type { RoleName } from "./role_names.ts";
import { echoserverBugs } from "./stages/echoserver_bugs.ts";
import { echoserverStages } from "./stages/echoserver_stages.ts";

/** What can be graded, by the command whose work the program does. */
export const roles: Partial<Record<RoleName, Role>> = {
  echoserver: {
    kind: "server",
    stages: echoserverStages,
    bugs: echoserverBugs,
  },
};
