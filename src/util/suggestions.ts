import { closest, distance } from 'fastest-levenshtein';

/** The most alternatives that a message lists. */
const MAX_LISTED = 12;

/** Whether a word is probably a misspelling of one of the valid words. */
export function isNear(word: string, valid: readonly string[]): boolean {
  const maxDistance = Math.max(2, word.length / 3);
  return valid.some(candidate => distance(word.toLowerCase(), candidate.toLowerCase()) <= maxDistance);
}

/** The fix for an unknown word: the nearest valid word, or the valid words if none is near. */
export function nearest(word: string, valid: readonly string[]): string {
  if (isNear(word, valid)) {
    return `did you mean '${closest(word, valid)}'?`;
  }
  const more = valid.length > MAX_LISTED ? ', …' : '';
  return valid.length === 0 ? 'remove it' : `use one of ${valid.slice(0, MAX_LISTED).join(', ')}${more}`;
}
