import type { Socket } from "../socket.ts";
import { Corrupt } from "./corrupt.ts";
import { Cut } from "./cut.ts";
import { Delay } from "./delay.ts";
import { Glue } from "./glue.ts";
import { HalfClose } from "./half_close.ts";
import { Hold } from "./hold.ts";
import type { FaultTools, Pass } from "./pass.ts";
import { Rate } from "./rate.ts";
import { Reset } from "./reset.ts";
import { Silence } from "./silence.ts";
import { Slice } from "./slice.ts";
import { Switched } from "./switched.ts";

export type { FaultTools } from "./pass.ts";
export { mulberry32 } from "./random.ts";

/** What one writes to get a fault: `slice=<bytes>`, `slice=<bytes>,gap=<ms>`. */
interface FaultRow {
  Fault: new (
    socket: Socket,
    tools: FaultTools,
    value: number,
    second: number,
  ) => Pass;
  value: "<bytes>" | "<bytes/s>" | "<ms>" | "<offset>";
  /** 1 unless it says another. */
  minimum?: number;
  /** The name of its second value, in ms; 0 when that is left out. */
  with?: string;
}

/** All faults by name. One more is one file, and one row here. */
export const FAULTS: Readonly<Record<string, FaultRow>> = {
  slice: { Fault: Slice, value: "<bytes>", with: "gap" },
  delay: { Fault: Delay, value: "<ms>", with: "jitter" },
  rate: { Fault: Rate, value: "<bytes/s>" },
  glue: { Fault: Glue, value: "<ms>" },
  hold: { Fault: Hold, value: "<ms>" },
  cut: { Fault: Cut, value: "<bytes>" },
  "half-close": { Fault: HalfClose, value: "<bytes>" },
  reset: { Fault: Reset, value: "<bytes>" },
  silence: { Fault: Silence, value: "<bytes>", minimum: 0 },
  corrupt: { Fault: Corrupt, value: "<offset>", minimum: 0 },
};

/** One fault in one direction, with its values, for all connections. */
export interface FaultSetting {
  /** A key of `FAULTS`. */
  name: string;
  value: number;
  second: number;
  /** It may be switched while connections stand. */
  on: boolean;
}

/** `socket`, and what is written to it goes through the faults, in order. */
export function disturbed(
  socket: Socket,
  settings: readonly FaultSetting[],
  tools: FaultTools,
): Socket {
  // Else Nagle's algorithm would join what was cut.
  if (settings.length > 0) socket.setNoDelay?.();
  return settings.reduceRight((next, setting) => {
    const { Fault } = FAULTS[setting.name]!;
    const fault = new Fault(next, tools, setting.value, setting.second);
    return new Switched(next, tools, fault, setting);
  }, socket);
}
