/** What a command did with a file or an object in a cluster; part of the JSON output. */
export type OutcomeState = 'new' | 'changed' | 'right' | 'removed' | 'left' | 'failed';

/** Words for the states in text output, in the order in which a summary lists them. */
export const STATE_WORDS: { readonly [state in OutcomeState]: string } = {
  new: 'new',
  changed: 'changed',
  right: 'unchanged',
  removed: 'removed',
  left: 'kept',
  failed: 'failed',
};

/** The reasons of some outcomes as lines, each once. */
export function reasonLines<Outcome extends { readonly reason?: string }>(
  outcomes: readonly Outcome[], isFailed: (outcome: Outcome) => boolean,
): string[] {
  const lines = outcomes.filter(({ reason }) => reason !== undefined)
    .map(outcome => `${isFailed(outcome) ? 'error' : 'note'}: ${outcome.reason}\n`);
  return [...new Set(lines)];
}

/** Items grouped by their state, each group with the word for its state; items without a state are left out. */
export function groupByState<Item>(
  items: readonly Item[], stateOf: (item: Item) => OutcomeState | undefined,
): Array<readonly [word: string, items: readonly Item[]]> {
  return Object.entries(STATE_WORDS)
    .map(([state, word]) => [word, items.filter(item => stateOf(item) === state)] as const)
    .filter(([, group]) => group.length > 0);
}

/** The number of items in each group, e.g. `2 new, 1 failed`. */
export function countsByState(states: ReadonlyArray<OutcomeState | undefined>): string {
  return groupByState(states, state => state).map(([word, { length }]) => `${length} ${word}`).join(', ');
}
