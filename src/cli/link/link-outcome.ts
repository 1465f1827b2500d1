import { dirname } from 'path';
import type { ClusterModel } from '../../definition/mesh-model';
import type { TokenSlot } from '../../settings/reader-options';
import { type OutcomeState, countsByState, groupByState, reasonLines } from '../clusters/outcome-state';

export interface LinkOptions {
  /** Report what would be written, without writing anything. */
  readonly dryRun?: boolean;
  /** Remove the remote secrets of clusters that left the mesh. */
  readonly prune?: boolean;
  /** How long to wait for a token of a cluster. */
  readonly timeoutSeconds: number;
  /** Write only the remote secrets for this cluster, with the token of this slot. @default all remote secrets */
  readonly only?: { readonly source: string; readonly slot: TokenSlot };
  /** Directory for remote secrets in files. @default 'links' */
  readonly links?: string;
}

/** What happened to the remote secret with which a cluster reads a peer. */
export interface LinkOutcome {
  readonly cluster: string;
  readonly peer: string;
  readonly state: OutcomeState;
  /** The file that contains the remote secret, if it is in a file. */
  readonly file?: string;
  /** The reason for the state, and what to do about it. */
  readonly reason?: string;
}

/** The outcome for a remote secret that could not be written. */
export function failed({ name }: ClusterModel, peer: string, error: unknown): LinkOutcome {
  return { cluster: name, peer, state: 'failed', reason: (error as Error).message };
}

/** A line for a cluster with its peers, by what happened to their remote secrets. */
export function linkLine(outcomes: readonly LinkOutcome[]): string {
  const groups = groupByState(outcomes, ({ state }) => state)
    .map(([word, group]) => `${word} ${group.map(({ peer }) => peer).join(', ')}`);
  return outcomes.length === 0 ? '' : `${outcomes[0].cluster}: ${groups.join('; ')}\n`;
}

/** Each reason once, and the number of links in each state. */
export function linkSummary(outcomes: readonly LinkOutcome[], { dryRun }: Pick<LinkOptions, 'dryRun'>): string {
  if (outcomes.length === 0) {
    return 'nothing to do: no cluster has remoteCredentials: linked\n';
  }
  const reasons = reasonLines(outcomes, ({ state }) => state === 'failed');
  const counts = countsByState(outcomes.map(({ state }) => state));
  const ending = dryRun ? ' (dry run: nothing was written)' : commitHint(outcomes);
  return `${reasons.join('')}links: ${counts}${ending}\n`;
}

function commitHint(outcomes: readonly LinkOutcome[]): string {
  const written = outcomes.filter(({ state }) => ['new', 'changed', 'removed'].includes(state));
  const directories = new Set(written.flatMap(({ file }) => file ? dirname(file) : []));
  return directories.size > 0 ? `; commit ${[...directories].join(', ')}` : '';
}
