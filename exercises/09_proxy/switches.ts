import type { FaultSetting } from "../../protocol/transport/faults/mod.ts";
import { stdin } from "../terminal/input.ts";
import { printAside } from "../terminal/stderr.ts";
import type { Context } from "../cli/command_spec.ts";
import { chosenFaults, formatFault, parseFaults } from "./fault_list.ts";

/** A fault as a key switches it, and the ways in which it stands. */
interface Switch {
  setting: FaultSetting;
  way: "up" | "down" | "both";
}

/**
 * The faults that were asked for. On a terminal the keys 1 to 9 switch them,
 * until `signal` fires or this is disposed; who watches from outside may set
 * others.
 */
export function switchFaults(
  values: Parameters<typeof chosenFaults>[0],
  { signal, onFaults }: Pick<Context, "signal" | "onFaults">,
): { up: FaultSetting[]; down: FaultSetting[] } & Disposable {
  const faults = chosenFaults(values);
  if (onFaults) {
    const [up, down] = [
      new Replaceable(faults.up),
      new Replaceable(faults.down),
    ];
    onFaults((given) => {
      const next = [parseFaults(given.up), parseFaults(given.down)] as const;
      up.replace(next[0]);
      down.replace(next[1]);
    });
    return { up: up.now, down: down.now, [Symbol.dispose]: () => {} };
  }
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

/**
 * The faults of one way, which others may replace. Connections to come have
 * those of `now`. One that stands keeps what it began with: of it, what is not
 * given is switched off, and on again when it is.
 */
class Replaceable {
  readonly now: FaultSetting[] = [];
  readonly #known = new Map<string, FaultSetting>();

  constructor(first: readonly FaultSetting[]) {
    this.replace(first.map((one) => ({ ...one })));
  }

  replace(given: readonly FaultSetting[]): void {
    for (const one of this.now) one.on = false;
    this.now.length = 0;
    for (const one of given) {
      const known = this.#known.get(formatFault(one)) ?? one;
      known.on = true;
      this.#known.set(formatFault(one), known);
      this.now.push(known);
    }
  }
}

/** `Faults (keys 1 to 2): 1 both slice=1,gap=20 on, 2 down delay=200 off` */
export function formatSwitches(switches: readonly Switch[]): string {
  const words = switches.map(({ setting, way }, i) =>
    `${i + 1} ${way} ${formatFault(setting)} ${setting.on ? "on" : "off"}`
  );
  const keys = switches.length === 1 ? "key 1" : `keys 1 to ${switches.length}`;
  return `Faults (${keys}): ${words.join(", ")}`;
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
