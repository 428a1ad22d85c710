/** A nickname has at most so many characters. */
export const MAX_NICKNAME_LENGTH = 20;

/** Names that begin so are the server's own, for who has not chosen one. */
const GUEST_PREFIX = "guest-";

// Letters of any script with their marks, which many scripts cannot do
// without; but nothing that shows as nothing, such as the Hangul filler.
const NICKNAME = new RegExp(
  String.raw`^(?!\p{M})(?:(?!\p{Default_Ignorable_Code_Point})` +
    String.raw`[\p{L}\p{M}\p{Nd}_-]){1,${MAX_NICKNAME_LENGTH}}$`,
  "u",
);

/**
 * `text` as a nickname, or null when it is none: 1 to 20 letters, digits, `_`
 * or `-` of any script. An ñ is one letter, however it was typed (NFC).
 */
export function parseNickname(text: string): string | null {
  const name = text.normalize("NFC");
  return NICKNAME.test(name) ? name : null;
}

/**
 * What two names have in common when they count as the same: letter case and
 * width aside, `Ana` is `ana`, and `STRASSE` is `straße`.
 */
export function nicknameKey(name: string): string {
  const folded = name.normalize("NFKC").toLowerCase().toUpperCase();
  return folded.normalize("NFKC");
}

export function guestName(number: number): string {
  return `${GUEST_PREFIX}${number}`;
}

/** Whether only the server may give this name. */
export function isReserved(name: string): boolean {
  return nicknameKey(name).startsWith(nicknameKey(GUEST_PREFIX));
}
