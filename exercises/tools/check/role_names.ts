/** What can be graded, by the command whose work the program does. */
export const roleNames = [
  "echoserver",
  "echo",
  "daytimeserver",
  "daytime",
  "server",
  "client",
  "msgserver",
  "chat",
  "fileserver",
  "files",
  "scan",
] as const;

export type RoleName = (typeof roleNames)[number];
