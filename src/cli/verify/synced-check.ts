import { type CheckResult, failed, ok, unknown } from './check-result';
import { type Pair, remoteSecretFor } from './pair';
import type { Istiod } from '../clusters/istiods';
import { type LiveObject, kubectlCommand, RESTART_ISTIOD } from '../clusters/kubectl';

/**
 * States in which an istiod has synced a cluster.
 *
 * After an update, istiod reports `closed` for the old client although the new one has synced (1.30 to 1.32).
 */
export const SYNCED_STATES = ['synced', 'closed'];

/** The state after 30 seconds without a response; istiod keeps it even if the client was replaced (1.29 to 1.32). */
const TIMEOUT = 'timeout';

/** An istiod that has not synced the peer. */
interface IstiodBehind {
  readonly pod: string;
  readonly started?: number;
  /** What it reports about the peer; undefined if it does not know the peer. */
  readonly state?: string;
}

/** Whether all istiods of a cluster have synced the peer. */
export function checkSynced(pair: Pair, istiods: readonly Istiod[]): CheckResult {
  const { from, to } = pair;
  if (istiods.length === 0) {
    return unknown('no istiod is ready');
  }
  if (istiods.some(({ clusters }) => clusters === undefined)) {
    return unknown('istiod reports the sync state only from Istio 1.29 on');
  }
  const behind = istiods.map(({ pod, started, clusters }) => ({ pod, started, state: clusters!.get(to.model.name) }))
    .filter(({ state }) => !SYNCED_STATES.includes(state ?? ''));
  if (behind.length === 0) {
    return ok();
  }
  const secret = remoteSecretFor(to.model.name, from);
  if (behind.every(({ state, started }) => state === TIMEOUT && wasChangedAfter(secret, started))) {
    return unknown(`${behind[0].pod} reports '${TIMEOUT}', which it also does after a broken kubeconfig was replaced `
      + 'by a working one; run this command with --traffic, or restart istiod');
  }
  return failed(syncProblem(pair, behind));
}

/** Whether a Secret was changed after it was created, and after an istiod started. */
function wasChangedAfter(secret: LiveObject | undefined, started: number | undefined): boolean {
  const { creationTimestamp = '', managedFields = [] } = secret?.metadata ?? {};
  const [lastChange = ''] = managedFields.map(({ time = '' }) => time).sort().reverse();
  const changed = Date.parse(lastChange);
  return changed > Date.parse(creationTimestamp) && started !== undefined && changed > started;
}

function syncProblem({ from, to }: Pair, behind: readonly IstiodBehind[]): string {
  const unaware = behind.filter(({ state }) => state === undefined).map(({ pod }) => pod);
  if (unaware.length > 0) {
    const verb = unaware.length === 1 ? 'does' : 'do';
    return `${unaware.join(', ')} ${verb} not know '${to.model.name}', although the remote secret is correct; `
      + `istiod can hang after it loses a broken link; restart it: ${kubectlCommand(from.model, RESTART_ISTIOD)}`;
  }
  const states = behind.map(({ pod, state }) => `${pod} reports '${state}'`).join(', ');
  return `${states}: the API server of '${to.model.name}' must be reachable from the istiod pods of `
    + `'${from.model.name}', not only from here; see the log: ${kubectlCommand(from.model, `logs ${behind[0].pod}`)}`;
}
