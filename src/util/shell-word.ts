/** Control characters, line breaks, and characters that change the direction of text or have no width. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Quotes a word for the shell: in one line, and with invisible characters escaped. */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) { // zsh expands a leading = to the path of a program
    return text;
  }
  return INVISIBLE.test(text) ? `$'${text.replace(/[\\']/g, '\\$&').replace(new RegExp(INVISIBLE, 'gu'), inOctal)}'`
    : `'${text.replace(/'/g, '\'\\\'\'')}'`;
}

/** Octal escapes of the bytes, which old shells support too. */
function inOctal(character: string): string {
  return [...new TextEncoder().encode(character)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
