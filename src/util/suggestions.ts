import { closest, distance } from 'fastest-levenshtein';

/** Longest list of alternatives that a message spells out. */
const MAX_LISTED = 12;

/** Whether a word is a misspelling of one of the right ones. */
export function isNear(word: string, right: readonly string[]): boolean {
  return right.some(candidate => distance(word.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, word.length / 3));
}

/** The fix for a misspelt word: the nearest right one, or the right ones when none is near. */
export function nearest(word: string, right: readonly string[]): string {
  if (isNear(word, right)) {
    return `did you mean '${closest(word, right)}'?`;
  }
  return right.length === 0 ? 'remove it' : `use one of ${right.slice(0, MAX_LISTED).join(', ')}${right.length > MAX_LISTED ? ', …' : ''}`;
}
