import { dirname } from 'path';
import type { ClusterModel } from '../../definition/mesh-model';
import type { TokenSlot } from '../../settings/reader-options';

export interface LinkOptions {
  /** Tell what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** Remove the links of clusters that left the mesh. */
  readonly prune?: boolean;
  /** How long to wait for a token of a cluster. */
  readonly timeoutSeconds: number;
  /** The one cluster whose token is given to its peers, and the slot of that token. @default every cluster, and the slot that it says */
  readonly only?: { readonly source: string; readonly slot: TokenSlot };
  /** Directory of the links that are written into files. @default 'links' */
  readonly links?: string;
}

/** What became of a link. */
export type LinkState = 'new' | 'changed' | 'right' | 'removed' | 'left' | 'failed';

/** What became of the link with which a cluster reads a peer. */
export interface LinkOutcome {
  readonly cluster: string;
  readonly peer: string;
  readonly state: LinkState;
  /** The file that the link is written into, where it is. */
  readonly file?: string;
  /** Why, and what to do about it. */
  readonly reason?: string;
}

/** That a link could not be made. */
export function failed({ name }: ClusterModel, peer: string, error: unknown): LinkOutcome {
  return { cluster: name, peer, state: 'failed', reason: (error as Error).message };
}

/** One line for a cluster: its links by what became of them. */
export function linkLine(outcomes: readonly LinkOutcome[]): string {
  const told = byState(outcomes).map(([state, some]) => `${state} ${some.map(({ peer }) => peer).join(', ')}`);
  return outcomes.length === 0 ? '' : `${outcomes[0].cluster}: ${told.join('; ')}\n`;
}

/** What needs an eye, each reason once, and the count of everything. */
export function linkSummary(outcomes: readonly LinkOutcome[], { dryRun }: { readonly dryRun?: boolean }): string {
  const reasons = [...new Set(outcomes.flatMap(({ state, reason }) => reason ? [`${state === 'failed' ? 'error' : 'note'}: ${reason}\n`] : []))];
  const counts = byState(outcomes).map(([state, some]) => `${some.length} ${state}`).join(', ') || 'none to make: no cluster has the credentials linked';
  const written = outcomes.filter(({ state }) => ['new', 'changed', 'removed'].includes(state)).flatMap(({ file }) => file ? dirname(file) : []);
  const commit = written.length > 0 ? `; commit ${[...new Set(written)].join(', ')}` : '';
  return `${reasons.join('')}links: ${counts}${dryRun ? ' (dry run: nothing was written)' : commit}\n`;
}

function byState(outcomes: readonly LinkOutcome[]): Array<[LinkState, LinkOutcome[]]> {
  const states: LinkState[] = ['new', 'changed', 'right', 'removed', 'left', 'failed'];
  return states.map((state): [LinkState, LinkOutcome[]] => [state, outcomes.filter(outcome => outcome.state === state)])
    .filter(([, some]) => some.length > 0);
}
