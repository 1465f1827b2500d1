/** What a terminal or a page does not show: control characters and line breaks, and what changes the direction of text or has no width. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A word of a shell's command line: one line, in which everything is to be seen. */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) { // a first = is the path of a program to zsh
    return text;
  }
  return UNSEEN.test(text) ? `$'${text.replace(/[\\']/g, '\\$&').replace(new RegExp(UNSEEN, 'gu'), inOctal)}'`
    : `'${text.replace(/'/g, '\'\\\'\'')}'`;
}

/** Byte by byte, which the shells of all ages know. */
function inOctal(character: string): string {
  return [...new TextEncoder().encode(character)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
