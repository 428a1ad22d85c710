/** A Daytime server's answer. RFC 867 prescribes no syntax, only ASCII. */
export interface Daytime {
  /** `rfc867` and `smtp` are the two formats that the RFC suggests. */
  format: "rfc867" | "smtp" | "nist" | "unknown";
  /** Null when the format, the zone or the date is not understood. */
  date: Date | null;
  /** Why the date may be wrong, in words. */
  doubt: string | null;
}

// Fixed English names: the server's locale must not change the format.
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
  .split(" ");
const MONTHS =
  ("January February March April May June July August September October " +
    "November December").split(" ");

/** Hours from UTC, for the zones of RFC 822 and of Europe. */
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

/** Abbreviations that several zones share, and who uses them. */
const SHARED_ZONES: Record<string, string> = {
  EST: "America and Australia",
  EDT: "America and Australia",
  CST: "America, China and Cuba",
  CDT: "America and Cuba",
  MST: "America and Malaysia",
  PST: "America and the Philippines",
  IST: "India, Ireland and Israel",
  BST: "Britain and Bangladesh",
  AST: "America and Arabia",
};

/** NIST's health digit: how the server rates its own clock. */
const HEALTH: Record<string, string> = {
  1: "it may be wrong by up to 5 s",
  2: "it is wrong by more than 5 s",
};

const DAY_MS = 24 * 60 * 60 * 1000;
/** The Modified Julian Days of 1970-01-01 and 2000-01-01. */
const [MJD_1970, MJD_2000] = [40587, 51544];

const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d)`;
const OFFSET = String.raw`[+-]\d\d(?::?\d\d)?`;
const RFC867 = new RegExp(
  String.raw`^\w+, (?<month>\w+) (?<day>\d{1,2}), (?<year>\d{4}) ` +
    `${CLOCK}(?:-(?<zone>[A-Za-z]+|${OFFSET})|(?<offset>${OFFSET}))$`,
);
const SMTP = new RegExp(
  String.raw`^(?<day>\d{1,2}) (?<month>\w{3}) (?<year>\d{2}|\d{4}) ` +
    `${CLOCK} (?<zone>[A-Za-z]+|${OFFSET})$`,
);
// JJJJJ YR-MO-DA HH:MM:SS TT L H msADV UTC(NIST) OTM
const NIST = new RegExp(
  String.raw`^(?<mjd>\d{5}) (?<year>\d\d)-(?<month>\d\d)-(?<day>\d\d) ` +
    String.raw`${CLOCK} ` +
    String.raw`\d\d \d (?<health>\d) +\d+(?:\.\d+)? UTC\([A-Z]+\)(?: .)?$`,
);

/**
 * Formats `date` in RFC 867's first format, in UTC, with its line end:
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
 * Parses the three formats in use:
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
  if (rfc867) return { format: "rfc867", ...readWords(rfc867) };
  const smtp = SMTP.exec(line)?.groups;
  if (smtp) return { format: "smtp", ...readWords(smtp) };
  const nist = NIST.exec(line)?.groups;
  if (nist) return { format: "nist", ...readNist(nist) };
  return { format: "unknown", date: null, doubt: null };
}

type Words = Record<string, string>;

function readWords(words: Words): Omit<Daytime, "format"> {
  const { zone = words.offset ?? "" } = words;
  const shared = SHARED_ZONES[zone.toUpperCase()];
  const date = toDate({ ...words, zone });
  let doubt: string | null = null;
  if (shared) {
    doubt = `${zone} is a zone of ${shared}` +
      (date ? "; read as America's" : "");
  } else if (words.offset?.startsWith("-")) {
    doubt = `${zone} is read as an offset, but RFC 867 has a hyphen there`;
  }
  return { date, doubt };
}

function readNist(words: Words): Omit<Daytime, "format"> {
  const { mjd, year, health = "" } = words;
  // The Modified Julian Day settles the century.
  const century = Number(mjd) < MJD_2000 ? "19" : "20";
  const day = { ...words, year: century + year, zone: "UTC" };
  const date = toDate(day);
  const midnight = toDate({ ...day, hour: "0", minute: "0", second: "0" });
  const dayNumber = MJD_1970 + (midnight?.getTime() ?? NaN) / DAY_MS;
  if (date && dayNumber !== Number(mjd)) {
    const doubt = `its day number is ${mjd}, but the date's is ${dayNumber}`;
    return { date, doubt };
  }
  if (health === "0") return { date, doubt: null };
  const why = HEALTH[health] ?? "something is broken there";
  return { date, doubt: `the server reports clock health ${health}, ${why}` };
}

/** Takes a line's parts by name. `month` is a number or an English name. */
function toDate(words: Words): Date | null {
  const { year = "", month = "", day, hour, minute, second, zone = "" } = words;
  const offsetMinutes = parseZone(zone);
  const monthIndex = /^\d+$/.test(month)
    ? Number(month) - 1
    : MONTHS.findIndex((name) => isMonth(name, month));
  if (offsetMinutes === null || monthIndex < 0 || monthIndex > 11) return null;
  // 60 is a leap second. Date turns it into the next minute's first.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) {
    return null;
  }
  const dayStart = new Date(0);
  // Date.UTC would read the year 50 as 1950.
  dayStart.setUTCFullYear(fullYear(year), monthIndex, Number(day));
  // February 30 has become March 2: not a valid date.
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

/** Minutes from UTC, or null for an unknown zone. */
function parseZone(zone: string): number | null {
  const [, sign, hour, minute = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (sign) {
    if (Number(hour) > 14 || Number(minute) > 59) return null;
    const minutes = Number(hour) * 60 + Number(minute);
    return sign === "-" ? -minutes : minutes;
  }
  const hours = ZONE_HOURS[zone.toUpperCase()];
  return hours === undefined ? null : hours * 60;
}
