import { relative } from 'path';

/** A path as a user in the working directory may paste it. */
export function shownPath(path: string): string {
  const fromHere = relative('.', path) || '.';
  return fromHere.startsWith('..') ? path : fromHere;
}
