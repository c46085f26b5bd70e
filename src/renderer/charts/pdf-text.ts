// What the fonts that every PDF reader has (Helvetica and its kin, in WinAnsi encoding) can show. Anything else would come out as
// garbage, without an error.

const WIN_ANSI = /^[\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u;

/** The text in signs of the standard fonts; null for one that has others. The minus sign becomes an en dash, its twin in Helvetica. */
export function toStandardText(text: string): string | null {
  const plain = text.replaceAll('\u2212', '–').replaceAll(/[\u2009\u202f]/gu, '\u00a0');
  return WIN_ANSI.test(plain) ? plain : null;
}
