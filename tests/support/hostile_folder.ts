import { TempFolder } from "./temp_folder.ts";

/** A folder with all that must not get out, beside what it must not get to. */
export interface HostileFolder extends Disposable {
  outer: TempFolder;
  /** The shared one, inside `outer`. */
  path: string;
}

/** Unix only: Windows has other links, and no such nodes. */
export function hostileFolder(): HostileFolder {
  const outer = new TempFolder({ "secret.txt": "secret" });
  for (const name of ["shared", "outside", "shared/folder"]) {
    Deno.mkdirSync(outer.of(name));
  }
  outer.write("outside/secret.txt", "secret");
  outer.write("shared/hello.txt", "hello");
  outer.write("shared/.hidden", "hidden");
  outer.write("shared/man\u0303ana.txt", "NFD");
  outer.write("shared/folder/inside.txt", "inside");
  const links: Record<string, string> = {
    link_out: "../secret.txt",
    link_absolute: outer.of("secret.txt"),
    link_to_folder: "../outside",
    link_to_itself: "link_to_itself",
    link_broken: "nowhere",
    link_to_device: "/dev/zero",
    link_in: "hello.txt",
    link_deeper: "folder/inside.txt",
  };
  for (const [name, to] of Object.entries(links)) {
    Deno.symlinkSync(to, outer.of(`shared/${name}`));
  }
  makeNode(outer.of("shared/fifo"), "p");
  if (CAN_MAKE_DEVICES) makeNode(outer.of("shared/device"), "c", "1", "5");
  const dispose = () => outer[Symbol.dispose]();
  return { outer, path: outer.of("shared"), [Symbol.dispose]: dispose };
}

export function makeNode(path: string, ...type: string[]): boolean {
  const args = [path, ...type];
  const options = { args, stderr: "null" } as const;
  return new Deno.Command("mknod", options).outputSync().success;
}

/** Only who administers the machine may make a device. */
export const CAN_MAKE_DEVICES: boolean = canMakeDevices();

function canMakeDevices(): boolean {
  if (Deno.build.os === "windows") return false;
  using folder = new TempFolder();
  return makeNode(folder.of("device"), "c", "1", "5");
}

/** What a client may ask for in vain, and the code of the answer. */
export const REFUSED_NAMES: readonly [name: string, code: string][] = [
  ["..", "BAD_NAME"],
  [".", "BAD_NAME"],
  ["../x", "BAD_NAME"],
  ["../secret.txt", "BAD_NAME"],
  ["a/../../secret.txt", "BAD_NAME"],
  ["folder/inside.txt", "BAD_NAME"],
  ["link_to_folder/secret.txt", "BAD_NAME"],
  ["/etc/passwd", "BAD_NAME"],
  ["..\\secret.txt", "BAD_NAME"],
  ["\\etc\\passwd", "BAD_NAME"],
  ["C:\\secret.txt", "BAD_NAME"],
  ["C:secret.txt", "BAD_NAME"],
  ["hello.txt\0", "BAD_NAME"],
  ["hello.txt\0.jpg", "BAD_NAME"],
  ["x".repeat(256), "BAD_NAME"],
  ["x".repeat(4000), "BAD_NAME"],
  [".hidden", "BAD_NAME"],
  ["..%2fsecret.txt", "BAD_NAME"],
  ["%2e%2e", "NOT_FOUND"],
  ["%2e%2e%2fsecret.txt", "NOT_FOUND"],
  ["x".repeat(255), "NOT_FOUND"],
  ["hello.txt ", "NOT_FOUND"],
  ["link_out", "FORBIDDEN"],
  ["link_absolute", "FORBIDDEN"],
  ["link_to_folder", "FORBIDDEN"],
  ["link_to_device", "FORBIDDEN"],
  ["link_to_itself", "FORBIDDEN"],
  ["link_broken", "FORBIDDEN"],
  ["link_in", "FORBIDDEN"],
  ["link_deeper", "FORBIDDEN"],
  ["folder", "NOT_A_FILE"],
  ["fifo", "NOT_A_FILE"],
  ...(CAN_MAKE_DEVICES ? [["device", "NOT_A_FILE"] as [string, string]] : []),
  // macOS takes both for one, as its file systems do.
  ...(Deno.build.os === "linux"
    ? [
      ["HELLO.TXT", "NOT_FOUND"] as [string, string],
      ["ma\u00f1ana.txt", "NOT_FOUND"] as [string, string],
    ]
    : []),
];
