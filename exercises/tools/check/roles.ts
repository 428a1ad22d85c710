import type { Role } from "./role.ts";
import type { RoleName } from "./role_names.ts";
import { chatBugs } from "./stages/chat_bugs.ts";
import { chatStages } from "./stages/chat_stages.ts";
import { scanBugs } from "./stages/scan_bugs.ts";
import { scanStages } from "./stages/scan_stages.ts";
import { clientBugs, clientStages } from "./stages/client_stages.ts";
import { daytimeBugs, daytimeStages } from "./stages/daytime_stages.ts";
import {
  daytimeserverBugs,
  daytimeserverStages,
} from "./stages/daytimeserver_stages.ts";
import { msgserverBugs } from "./stages/msgserver_bugs.ts";
import { msgserverStages } from "./stages/msgserver_stages.ts";
import { welcomeBugs, welcomeStages } from "./stages/welcome_stages.ts";
import { echoBugs } from "./stages/echo_bugs.ts";
import { echoStages } from "./stages/echo_stages.ts";
import { echoserverBugs } from "./stages/echoserver_bugs.ts";
import { echoserverStages } from "./stages/echoserver_stages.ts";
import { fileserverBugs } from "./stages/fileserver_bugs.ts";
import { fileserverStages } from "./stages/fileserver_stages.ts";
import { fillFolder } from "./stages/served_folder.ts";
import { filesBugs } from "./stages/files_bugs.ts";
import { filesStages } from "./stages/files_stages.ts";

/** What can be graded, by the command whose work the program does. */
const table = {
  echoserver: {
    kind: "server",
    stages: echoserverStages,
    bugs: echoserverBugs,
  },
  daytimeserver: {
    kind: "server",
    stages: daytimeserverStages,
    bugs: daytimeserverBugs,
  },
  echo: { kind: "client", stages: echoStages, bugs: echoBugs },
  daytime: { kind: "client", stages: daytimeStages, bugs: daytimeBugs },
  client: { kind: "client", stages: clientStages, bugs: clientBugs },
  chat: { kind: "client", stages: chatStages, bugs: chatBugs },
  scan: { kind: "client", stages: scanStages, bugs: scanBugs },
  server: { kind: "server", stages: welcomeStages, bugs: welcomeBugs },
  msgserver: {
    kind: "server",
    stages: msgserverStages,
    bugs: msgserverBugs,
  },
  fileserver: {
    kind: "server",
    hasFolder: true,
    prepare: fillFolder,
    stages: fileserverStages,
    bugs: fileserverBugs,
  },
  files: {
    kind: "client",
    hasFolder: true,
    stages: filesStages,
    bugs: filesBugs,
  },
} satisfies Record<RoleName, Role>;

export const roles: Readonly<Record<RoleName, Role>> = table;

type Table = typeof table;

/** A title for every stage of every role. */
export type Titles = {
  [R in RoleName]: Record<keyof Table[R]["stages"], string>;
};
