/** What a Daytime server said: RFC 867 prescribes no syntax, only ASCII. */
export interface Daytime {
  /** `rfc867` and `smtp` are the two forms that the RFC suggests. */
  format: "rfc867" | "smtp" | "nist" | "unknown";
  /** Null when the form, the zone or the date itself is not understood. */
  date: Date | null;
}

// Invariant English names: a server's locale must not change the wire.
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
  .split(" ");
const MONTHS =
  ("January February March April May June July August September October " +
    "November December").split(" ");

/** Hours from UTC of the zones that RFC 822 names, and central Europe's. */
const ZONE_HOURS: Record<string, number> = {
  UTC: 0,
  GMT: 0,
  UT: 0,
  Z: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  WET: 0,
  WEST: 1,
  CET: 1,
  CEST: 2,
};

const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)`;
const ZONE = String.raw`(?<zone>[A-Za-z]+|[+-]\d{4})`;
const RFC867 = new RegExp(
  String.raw`^\w+, (?<month>\w+) (?<day>\d{1,2}), (?<year>\d{4}) ` +
    `${CLOCK}-${ZONE}$`,
);
const SMTP = new RegExp(
  String.raw`^(?<day>\d{1,2}) (?<month>\w{3}) (?<year>\d{2}|\d{4}) ` +
    `${CLOCK} ${ZONE}$`,
);
// JJJJJ YR-MO-DA HH:MM:SS TT L H msADV UTC(NIST) OTM
const NIST = new RegExp(
  String.raw`^(?<mjd>\d{5}) (?<year>\d\d)-(?<month>\d\d)-(?<day>\d\d) ` +
    String.raw`${CLOCK} ` +
    String.raw`\d\d \d \d +\d+(?:\.\d+)? UTC\([A-Z]+\)(?: .)?$`,
);

/**
 * RFC 867's first form, in UTC, with its line end:
 * `Tuesday, November 24, 2026 03:17:43-UTC\r\n`.
 */
export function formatDaytime(date: Date): string {
  const weekday = WEEKDAYS[date.getUTCDay()];
  const month = MONTHS[date.getUTCMonth()];
  const clock = date.toISOString().slice(11, 19);
  return `${weekday}, ${month} ${date.getUTCDate()}, ` +
    `${date.getUTCFullYear()} ${clock}-UTC\r\n`;
}

/**
 * Reads the three forms in use:
 *
 * ```text
 * Tuesday, February 22, 1982 17:37:43-PST
 * 02 FEB 82 07:59:13 PST
 * 61368 26-11-24 03:17:43 00 0 0 345.1 UTC(NIST) *
 * ```
 *
 * White space around the line is ignored: NIST's starts with an empty line.
 * The weekday is not checked: the RFC's own example has a wrong one.
 */
export function parseDaytime(text: string): Daytime {
  const line = text.trim();
  const rfc867 = RFC867.exec(line)?.groups;
  if (rfc867) return { format: "rfc867", date: toDate(rfc867) };
  const smtp = SMTP.exec(line)?.groups;
  if (smtp) return { format: "smtp", date: toDate(smtp) };
  const nist = NIST.exec(line)?.groups;
  if (nist) {
    // The Modified Julian Day settles the century: 51544 is 2000-01-01.
    const year = (Number(nist.mjd) < 51544 ? "19" : "20") + nist.year;
    const date = toDate({ ...nist, year, zone: "UTC" });
    return { format: "nist", date };
  }
  return { format: "unknown", date: null };
}

/** The words of a line, by name: `month` is a number or begins a name. */
function toDate(words: Record<string, string>): Date | null {
  const { year = "", month = "", day, hour, minute, second, zone = "" } = words;
  const offsetMinutes = parseZone(zone);
  const monthIndex = /^\d+$/.test(month)
    ? Number(month) - 1
    : MONTHS.findIndex((name) => isMonth(name, month));
  if (offsetMinutes === null || monthIndex < 0 || monthIndex > 11) return null;
  // 60 is a leap second. Date has none: it becomes the next minute's first.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return null;
  }
  const dayStart = new Date(0);
  // Not Date.UTC, which takes the year 50 for 1950.
  dayStart.setUTCFullYear(fullYear(year), monthIndex, Number(day));
  // February 30 has become March 2: that was no date.
  if (dayStart.getUTCDate() !== Number(day)) return null;
  const seconds = Number(hour) * 3600 + (Number(minute) - offsetMinutes) * 60 +
    Number(second);
  return new Date(dayStart.getTime() + seconds * 1000);
}

function isMonth(name: string, text: string): boolean {
  const wanted = text.toLowerCase();
  return name.toLowerCase() === wanted ||
    name.slice(0, 3).toLowerCase() === wanted;
}

/** Two-digit years as RFC 5322 section 4.3 reads them: 00 to 49 are 20xx. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Minutes from UTC, or null for a zone that is not known. */
function parseZone(zone: string): number | null {
  const numeric = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (numeric) {
    if (Number(numeric[2]) > 14 || Number(numeric[3]) > 59) return null;
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
    return numeric[1] === "-" ? -minutes : minutes;
  }
  const hours = ZONE_HOURS[zone.toUpperCase()];
  return hours === undefined ? null : hours * 60;
}
