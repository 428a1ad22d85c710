/** The longest nickname, in characters. */
export const MAX_NICKNAME_LENGTH = 20;

/** Begins the names that the server gives to clients until they choose one. */
const GUEST_PREFIX = "guest-";

// Letters of any script, with the combining marks that many scripts need, but
// no invisible characters, such as the Hangul filler.
const NICKNAME = new RegExp(
  String.raw`^(?!\p{M})(?:(?!\p{Default_Ignorable_Code_Point})` +
    String.raw`[\p{L}\p{M}\p{Nd}_-]){1,${MAX_NICKNAME_LENGTH}}$`,
  "u",
);

/**
 * `text` as a nickname, or null when it is not valid: 1 to 20 letters, digits,
 * `_` or `-` of any script. An ñ is one letter, however it was typed (NFC).
 */
export function parseNickname(text: string): string | null {
  const name = text.normalize("NFC");
  return NICKNAME.test(name) ? name : null;
}

/**
 * The key that equal names share. It ignores case and width: `Ana` equals
 * `ana`, and `STRASSE` equals `straße`.
 */
export function nicknameKey(name: string): string {
  const folded = name.normalize("NFKC").toLowerCase().toUpperCase();
  return folded.normalize("NFKC");
}

/** `number` is that of a guest; where servers share a room, `<server>-<number>`. */
export function guestName(number: number | string): string {
  return `${GUEST_PREFIX}${number}`;
}

/** Whether only the server may assign this name. */
export function isReserved(name: string): boolean {
  return nicknameKey(name).startsWith(nicknameKey(GUEST_PREFIX));
}
