import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type Daytime,
  formatDaytime,
  parseDaytime,
} from "../protocol/daytime.ts";

const CASES: [text: string, format: Daytime["format"], date: string | null][] =
  [
    // RFC 867's own examples; the weekday of the first is wrong there too.
    [
      "Tuesday, February 22, 1982 17:37:43-PST",
      "rfc867",
      "1982-02-23T01:37:43.000Z",
    ],
    ["02 FEB 82 07:59:13 PST", "smtp", "1982-02-02T15:59:13.000Z"],
    [
      "Tuesday, November 24, 2026 03:17:43-UTC\r\n",
      "rfc867",
      "2026-11-24T03:17:43.000Z",
    ],
    ["24 NOV 2026 03:17:43 UTC\r\n", "smtp", "2026-11-24T03:17:43.000Z"],
    ["24 Nov 26 03:17:43 +0530", "smtp", "2026-11-23T21:47:43.000Z"],
    ["1 JAN 50 00:00:00 GMT", "smtp", "1950-01-01T00:00:00.000Z"],
    [
      "\n61368 26-11-24 03:17:43 00 0 0 345.1 UTC(NIST) * \n",
      "nist",
      "2026-11-24T03:17:43.000Z",
    ],
    [
      "51178 98-12-31 23:59:60 50 1 0  50.0 UTC(NIST) *",
      "nist",
      "1999-01-01T00:00:00.000Z",
    ],
    ["Tuesday, February 30, 2026 03:17:43-UTC", "rfc867", null],
    ["Tuesday, Smarch 3, 2026 03:17:43-UTC", "rfc867", null],
    ["61368 26-13-24 03:17:43 00 0 0 345.1 UTC(NIST) *", "nist", null],
    [
      "Tuesday, March 3, 0050 01:00:00-UTC",
      "rfc867",
      "0050-03-03T01:00:00.000Z",
    ],
    ["24 Nov 26 03:17:43 -03", "smtp", "2026-11-24T06:17:43.000Z"],
    ["24 Nov 26 03:17:43 +05:30", "smtp", "2026-11-23T21:47:43.000Z"],
    [
      "Tuesday, November 24, 2026 03:17:43--03",
      "rfc867",
      "2026-11-24T06:17:43.000Z",
    ],
    [
      "Tuesday, November 24, 2026 03:17:43+0530",
      "rfc867",
      "2026-11-23T21:47:43.000Z",
    ],
    ["24 Nov 26 03:17:43 +9999", "smtp", null],
    ["Tuesday, March 3, 2026 24:17:43-UTC", "rfc867", null],
    ["Tuesday, March 3, 2026 03:17:43-XYZ", "rfc867", null],
    ["Tue Nov 24 03:17:43 2026", "unknown", null],
    ["hello", "unknown", null],
    ["", "unknown", null],
  ];

/** What may be wrong, with a part of what is said about it. */
const DOUBTS: [text: string, date: string | null, doubt: string][] = [
  [
    "02 FEB 26 07:59:13 CST",
    "2026-02-02T13:59:13.000Z",
    "CST is a zone of America, China and Cuba; read as America's",
  ],
  [
    "Tuesday, February 22, 1982 17:37:43-est",
    "1982-02-22T22:37:43.000Z",
    "est is a zone of America and Australia",
  ],
  ["02 FEB 26 07:59:13 IST", null, "IST is a zone of India, Ireland and Isr"],
  ["02 FEB 26 07:59:13 BST", null, "BST is a zone of Britain and Bangladesh"],
  [
    "61368 26-11-24 03:17:43 00 0 1 345.1 UTC(NIST) *",
    "2026-11-24T03:17:43.000Z",
    "health 1, it may be wrong by up to 5 s",
  ],
  [
    "61368 26-11-24 03:17:43 00 0 2 345.1 UTC(NIST) *",
    "2026-11-24T03:17:43.000Z",
    "health 2, it is wrong by more than 5 s",
  ],
  [
    "61368 26-11-24 03:17:43 00 0 4 345.1 UTC(NIST) *",
    "2026-11-24T03:17:43.000Z",
    "health 4, something is broken there",
  ],
  [
    "61367 26-11-24 03:17:43 00 0 0 345.1 UTC(NIST) *",
    "2026-11-24T03:17:43.000Z",
    "its day number is 61367, but the date's is 61368",
  ],
  [
    "Tuesday, November 24, 2026 03:17:43-03",
    "2026-11-24T06:17:43.000Z",
    "-03 is read as an offset",
  ],
];

for (const [text, date, doubt] of DOUBTS) {
  Deno.test(`parseDaytime() doubts ${JSON.stringify(text)}`, () => {
    const parsed = parseDaytime(text);
    assertEquals(parsed.date?.toISOString() ?? null, date);
    assertStringIncludes(parsed.doubt ?? "", doubt);
  });
}

const CERTAIN = [
  "Tuesday, November 24, 2026 03:17:43-UTC",
  "Tuesday, November 24, 2026 03:17:43-CET",
  "Tuesday, November 24, 2026 03:17:43--03",
  "24 Nov 26 03:17:43 -0300",
  "61368 26-11-24 03:17:43 00 0 0 345.1 UTC(NIST) *",
  "51178 98-12-31 23:59:60 50 1 0  50.0 UTC(NIST) *",
  "Tue Nov 24 03:17:43 2026",
];

for (const text of CERTAIN) {
  Deno.test(`parseDaytime() doubts nothing in ${JSON.stringify(text)}`, () => {
    assertEquals(parseDaytime(text).doubt, null);
  });
}

for (const [text, format, date] of CASES) {
  Deno.test(`parseDaytime() reads ${JSON.stringify(text)}`, () => {
    const parsed = parseDaytime(text);
    assertEquals(parsed.format, format);
    assertEquals(parsed.date?.toISOString() ?? null, date);
  });
}

Deno.test("formatDaytime() writes RFC 867's first form in UTC", () => {
  const date = new Date("2026-11-04T03:07:05.999Z");
  assertEquals(
    formatDaytime(date),
    "Wednesday, November 4, 2026 03:07:05-UTC\r\n",
  );
});

Deno.test("formatDaytime() and parseDaytime() agree for every month and weekday", () => {
  for (let day = 0; day < 400; day++) {
    const date = new Date(Date.UTC(2026, 0, 1 + day, day % 24, day % 60));
    const text = formatDaytime(date);
    assertEquals(parseDaytime(text).date, date, text);
    assertMatch(text, /^[\x20-\x7e]+\r\n$/);
  }
});
