/** What a port scanner says, in whatever words. */

const OPEN = String
  .raw`\bopen\b|\babiert[oa]s?|\btrue\b|\baccept|\blisten|\bescucha|\byes\b|\bsí|\bok\b|succe|\b[eé]xito|\bconnected\b|\bconectado\b|\bfound\b|\bup\b|\balive\b`;

const NOT_OPEN = String
  .raw`\b(?:not|no|isn't)(?: est[aá]n?)? (?:open|abiert[oa]s?|listening|escucha)\b|closed|cerrad|filter|filtrad|respon[ds]|time[ds]? ?out|refused|rechaz|silen|unreachable|inaccesible|\bfalse\b|\bno\s*$|\bdown\b|\bdead\b|\berr(?:no|or)|failed|fall[oó]`;

/** Where it is, and nothing of what it has found. */
const PROGRESS =
  /\b(scann?ing|check(ing|ed)?|prob(ing|ando)|try(ing)?|test(ing)?|connecting|escane(o|ando)|comprob(ando|ado)|conectando|intent(o|ando)|analiza(ndo|do)?)\b/i;

const TOKEN = RegExp(
  String
    .raw`(?<not>${NOT_OPEN})|(?<open>${OPEN})|(?<![\d.])(?<port>\d+)(?![\d.]*\d)`,
  "gi",
);

/**
 * The ports of the range that it says are open: each number, but for those that
 * it calls something else, and for the range itself.
 */
export function portsNamed(
  shown: string,
  first: number,
  last: number,
): Set<number> {
  const named = new Set<number>();
  const range = RegExp(String.raw`\b${first}\b\D{1,12}\b${last}\b`, "g");
  let heading = true;
  for (const line of shown.replace(range, " ").split(/[\r\n]+/)) {
    const tokens = [...line.matchAll(TOKEN)].map(({ groups }) => groups!)
      .filter(({ port }) => !port || isBetween(Number(port), first, last));
    const states = tokens.filter(({ port }) => !port);
    if (states.length === 0 && PROGRESS.test(line)) continue;
    if (states.length === tokens.length) {
      // `Closed ports:`, and below it the list.
      if (states.length > 0 && /:\s*$/.test(line)) heading = !states[0]!.not;
      continue;
    }
    // `Open: 5, 6`; or `5 open`, where the word for it comes after the number.
    const isBefore = !tokens[0]!.port;
    const ordered = isBefore ? tokens : tokens.toReversed();
    let isOpen = heading;
    for (const { port, not } of ordered) {
      if (!port) isOpen = !not;
      else if (isOpen) named.add(Number(port));
    }
  }
  return named;
}

function isBetween(port: number, first: number, last: number): boolean {
  return port >= first && port <= last;
}
