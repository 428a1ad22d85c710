/** A permission for one thing, as its flag names it. */
export type Permission =
  | { name: "net"; host: string }
  | { name: "sys"; kind: "networkInterfaces" };

const KINDS = ["net", "read", "write", "run", "env", "sys", "ffi"] as const;

/** Asks Deno, which answers at once: a query never asks the person. */
export async function isGranted(
  permission: Deno.PermissionDescriptor,
): Promise<boolean> {
  return (await Deno.permissions.query(permission)).state === "granted";
}

/**
 * `--allow-net=localhost --allow-sys=networkInterfaces`, to be pasted: in
 * double quotes where there are brackets, which zsh takes for a pattern.
 */
export function flagsFor(permissions: readonly Permission[]): string {
  const byKind = Map.groupBy(permissions, ({ name }) => name);
  return [...byKind].map(([kind, group]) => {
    const values = new Set(group.map(valueOf));
    // A host is all its ports.
    const rest = [...values].filter((value) => !values.has(withoutPort(value)));
    const flag = `--allow-${kind}=${rest.join(",")}`;
    return flag.includes("[") ? `"${flag}"` : flag;
  }).join(" ");
}

/** The flags that this process runs with, as far as `known` can tell. */
export async function heldFlags(known: readonly Permission[]): Promise<string> {
  const flags: string[] = [];
  let complete = 0;
  for (const name of KINDS) {
    if (await isGranted({ name })) {
      complete++;
      flags.push(`--allow-${name}`);
      continue;
    }
    const held: Permission[] = [];
    for (const permission of known) {
      if (permission.name !== name) continue;
      if (await isGranted(permission)) held.push(permission);
    }
    if (held.length > 0) flags.push(flagsFor(held));
  }
  if (complete === KINDS.length) return "--allow-all";
  return flags.join(" ") || "none";
}

function valueOf(permission: Permission): string {
  return permission.name === "net" ? permission.host : permission.kind;
}

/** `[::1]:80` gives `[::1]`; a host without a port gives nothing. */
function withoutPort(value: string): string {
  return /^(.*[^:]):\d+$/.exec(value)?.[1] ?? "";
}
