import { quote } from "../../protocol/text.ts";
import {
  FAULTS,
  type FaultSetting,
} from "../../protocol/transport/faults/mod.ts";
import { UsageError } from "../cli/outcome.ts";
import { type Parameter, whole } from "../cli/parameters.ts";

/** Faults that go well together, each way. */
const PRESETS = {
  none: { up: "", down: "" },
  "one-byte": { up: "slice=1,gap=5", down: "slice=1,gap=5" },
  modem: { up: "delay=100,rate=4200", down: "delay=100,rate=7000" },
  "bad-wifi": {
    up: "delay=80,jitter=70,rate=200000",
    down: "delay=80,jitter=70,rate=200000",
  },
  "half-line": { up: "", down: "cut=10" },
};

export type Preset = keyof typeof PRESETS;
export const presets = Object.keys(PRESETS) as Preset[];

/** The faults of one direction, in the order in which they act. */
export function faultList(about: string): Parameter<FaultSetting[]> {
  return { about, default: "", placeholder: "<fault,...>", parse: parseFaults };
}

/** What was asked for, each way. What stands in both is one and the same. */
export function chosenFaults({ preset, up, down, both }: {
  preset: Preset;
  up: FaultSetting[];
  down: FaultSetting[];
  both: FaultSetting[];
}): { up: FaultSetting[]; down: FaultSetting[] } {
  const given = PRESETS[preset];
  return {
    up: [...parseFaults(given.up), ...up, ...both],
    down: [...parseFaults(given.down), ...down, ...both],
  };
}

/** `slice=1,gap=20`, as it was given. */
export function formatFault({ name, value, second }: FaultSetting): string {
  const { with: other } = FAULTS[name]!;
  return `${name}=${value}${second > 0 ? `,${other}=${second}` : ""}`;
}

/** @throws {UsageError} There are no such faults. */
export function parseFaults(text: string): FaultSetting[] {
  const settings: FaultSetting[] = [];
  for (const part of text === "" ? [] : text.split(",")) {
    const [, name = "", word = ""] = /^([^=]*)=?(.*)$/s.exec(part)!;
    const last = settings.at(-1);
    if (Object.hasOwn(FAULTS, name)) {
      const { value: unit, minimum = 1 } = FAULTS[name]!;
      const value = parseValue(word, `${name}=${unit}`, minimum);
      settings.push({ name, value, second: 0, on: true });
    } else if (last && FAULTS[last.name]!.with === name) {
      last.second = parseValue(word, `${name}=<ms>`, 0);
    } else throw unknownFault(name);
  }
  return settings;
}

/** A timer counts in 32 bits. */
function parseValue(word: string, form: string, minimum: number): number {
  return whole(`number in ${form}`, minimum, 2 ** 31 - 1)(word);
}

function unknownFault(name: string): UsageError {
  const forms = Object.entries(FAULTS).map(([first, { value, with: second }]) =>
    `${first}=${value}${second ? `,${second}=<ms>` : ""}`
  );
  return new UsageError(
    `Unknown fault ${quote(name)}: there are ${forms.join("; ")}`,
  );
}
