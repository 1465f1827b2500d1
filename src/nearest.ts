import { closest, distance } from 'fastest-levenshtein';

/** Longest list of alternatives that a message spells out. */
const MAX_LISTED = 12;

/** The fix for a misspelt word: the nearest right one, or the right ones when none is near. */
export function nearest(word: string, right: readonly string[]): string {
  if (right.length > 0) {
    const candidate = closest(word, right);
    if (distance(word.toLowerCase(), candidate.toLowerCase()) <= Math.max(2, word.length / 3)) {
      return `did you mean '${candidate}'?`;
    }
  }
  return right.length === 0 ? 'remove it' : `use one of ${right.slice(0, MAX_LISTED).join(', ')}${right.length > MAX_LISTED ? ', …' : ''}`;
}
