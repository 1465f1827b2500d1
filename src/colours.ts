import { picocolors } from './libraries';

/** Colours for a terminal; text as it is for a file, a pipe, and whoever says `NO_COLOR`. `FORCE_COLOR` has them anyway. */
export function colours(stream: { readonly isTTY?: boolean }): ReturnType<typeof import('picocolors').createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isForced = FORCE_COLOR !== undefined && !['0', 'false'].includes(FORCE_COLOR);
  const isTerminal = stream.isTTY === true && TERM !== 'dumb' && FORCE_COLOR === undefined;
  return picocolors().createColors(!NO_COLOR && (isForced || isTerminal));
}
