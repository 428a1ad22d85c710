import type { FaultSetting } from "../../protocol/transport/faults/mod.ts";
import { stdin } from "../terminal/input.ts";
import { printAside } from "../terminal/stderr.ts";
import { chosenFaults, formatFault } from "./fault_list.ts";

/** A fault as a key switches it, and the ways in which it stands. */
interface Switch {
  setting: FaultSetting;
  way: "up" | "down" | "both";
}

/**
 * The faults that were asked for. On a terminal the keys 1 to 9 switch them,
 * until `signal` fires or this is disposed.
 */
export function switchFaults(
  values: Parameters<typeof chosenFaults>[0],
  signal: AbortSignal,
): { up: FaultSetting[]; down: FaultSetting[] } & Disposable {
  const faults = chosenFaults(values);
  const switches = switchesOf(faults);
  const isPerson = Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  if (!isPerson || switches.length === 0 || Deno.build.os === "windows") {
    return { ...faults, [Symbol.dispose]: () => {} };
  }
  const stop = new AbortController();
  Deno.stdin.setRaw(true, { cbreak: true }); // Ctrl-C is still a signal.
  void followKeys(switches, AbortSignal.any([signal, stop.signal]));
  return {
    ...faults,
    [Symbol.dispose]() {
      stop.abort();
      Deno.stdin.setRaw(false);
    },
  };
}

/** `Faults (keys 1 to 2): 1 both slice=1,gap=20 on, 2 down delay=200 off` */
export function formatSwitches(switches: readonly Switch[]): string {
  const words = switches.map(({ setting, way }, i) =>
    `${i + 1} ${way} ${formatFault(setting)} ${setting.on ? "on" : "off"}`
  );
  return `Faults (keys 1 to ${switches.length}): ${words.join(", ")}`;
}

export function switchesOf(
  { up, down }: { up: FaultSetting[]; down: FaultSetting[] },
): Switch[] {
  return [...new Set([...up, ...down])].slice(0, 9).map((setting) => ({
    setting,
    way: !up.includes(setting)
      ? "down"
      : down.includes(setting)
      ? "both"
      : "up",
  }));
}

async function followKeys(
  switches: readonly Switch[],
  signal: AbortSignal,
): Promise<void> {
  printAside(formatSwitches(switches));
  try {
    for (let keys; (keys = await stdin().nextBytes(signal)) !== null;) {
      for (const key of new TextDecoder().decode(keys)) {
        const chosen = switches[Number(key) - 1];
        if (chosen === undefined) continue;
        chosen.setting.on = !chosen.setting.on;
        printAside(formatSwitches(switches));
      }
    }
  } catch {
    // Told to stop.
  }
}
