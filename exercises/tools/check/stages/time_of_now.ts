const MINUTE_MS = 60_000;

/** Clocks of two programs on one machine, and the way between them. */
const TOLERANCE_MS = 2 * MINUTE_MS;

/** Zones differ by multiples of it, all of those that are in use. */
const ZONE_STEP_MS = 15 * MINUTE_MS;

const TIME = /(\d{1,2}):?(\d\d)(?::?(\d\d))?/g;

/**
 * Whether `text` names a time of now and its day, in whatever form and zone:
 * `Tuesday, February 22, 1982 17:37:43-PST`, `24/11/2026 5:07 PM`.
 */
export function isNow(text: string, nowMs = Date.now()): boolean {
  const times = [...text.matchAll(TIME)];
  const isTime = times.some(([, hours, minutes, seconds]) => {
    if (Number(hours) > 24) return false;
    const told = Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * 1000;
    const apart = Math.abs(told - nowMs) % ZONE_STEP_MS;
    return Math.min(apart, ZONE_STEP_MS - apart) <= TOLERANCE_MS;
  });
  const days = [-1, 0, 1].map((days) =>
    new Date(nowMs + days * 24 * 60 * MINUTE_MS).getUTCDate()
  );
  const isDay = days.some((day) =>
    RegExp(`(?<!\\d)0?${day}(?!\\d)`).test(text)
  );
  return isTime && isDay;
}
