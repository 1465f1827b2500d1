import { picocolors } from '../libraries';

/** Colours, or text as it is. */
export type Colours = ReturnType<typeof import('picocolors').createColors>;

/** Colours for a terminal, unless `NO_COLOR` is set; for a file or a pipe only where `FORCE_COLOR` is set. */
export function colours(stream: { readonly isTTY?: boolean }): Colours {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isForced = FORCE_COLOR !== undefined && !['0', 'false'].includes(FORCE_COLOR);
  const isTerminal = stream.isTTY === true && TERM !== 'dumb' && FORCE_COLOR === undefined;
  return picocolors().createColors(!NO_COLOR && (isForced || isTerminal));
}

/** Text as it is. */
export function uncoloured(): Colours {
  return picocolors().createColors(false);
}

/** Prints lines on standard error, with the colours of a terminal. */
export function printLines(lines: string): void {
  process.stderr.write(tinted(lines, process.stderr));
}

/** Lines that start with their severity, with colours for that. */
export function tinted(lines: string, stream: { readonly isTTY?: boolean }): string {
  const { red, yellow, cyan } = colours(stream);
  const paint: { readonly [word: string]: (text: string) => string } = { error: red, warning: yellow, note: cyan };
  return lines.replace(/^(\S+: )?(error|warning|note)(?=:)/gm, (_, name = '', word) => name + paint[word](word));
}
