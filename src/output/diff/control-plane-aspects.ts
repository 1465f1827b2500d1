import type { Change } from './change';
import { command, Impact } from './change';
import type { Aspect, ClusterPair } from './cluster-pair';
import type { ClusterModel } from '../../definition/mesh-model';
import { revisionLabel } from '../../istio/revisions';
import { isNewer } from '../../istio/versions';

type Told = Omit<Change, 'clusters'>;

const NO_VERSION = 'none';

/** Control planes, canaries and tags: what pods follow. */
export const CONTROL_PLANE_ASPECTS: readonly Aspect[] = [
  { settings: /^(istioVersion|revision|canary\.(revision|istioVersion))$/, changes: pair => [...planeChanges(pair), canaryChange(pair)] },
  { settings: /^revisionTags\./, changes: tagChanges },
];

/** Whether the canary of before is the control plane of now. */
function isPromoted({ before, after }: ClusterPair): boolean {
  return before.canary !== undefined && before.canary.revision === after.revision && before.revision !== after.revision;
}

function planeChanges(pair: ClusterPair): Told[] {
  const { before, after } = pair;
  const [older, newer] = [before.istioVersion ?? NO_VERSION, after.istioVersion ?? NO_VERSION];
  const [from, to] = [revisionLabel(before.revision), revisionLabel(after.revision)];
  if (isPromoted(pair)) {
    return [{
      kind: 'canaryBecomesControlPlane',
      impact: Impact.INTERRUPTS,
      values: [to, from, newer],
      says: ({ text }, [name, old, version]) => `${text}: canary ${name} becomes the control plane (Istio ${version}), and ${old} goes`,
      consequence: `not before no pod follows ${command(from)} (${command('istioctl proxy-status')}); ${removal(before, from)}`,
    }];
  }
  if (from !== to) {
    return [{
      kind: 'revision',
      impact: Impact.INTERRUPTS,
      values: [from, older, to, newer],
      says: ({ text }, [old, oldVersion, name, version]) => `${text}: control plane ${name} (Istio ${version}) in place of ${old} (Istio ${oldVersion})`,
      consequence: `pods stay with ${command(from)} until their namespace follows the new one and they restart; ${removal(before, from)}, when none is left`,
    }];
  }
  return older === newer ? [] : [{
    kind: 'istioVersion',
    impact: Impact.RESTARTS,
    values: [older, newer],
    says: ({ text }, [old, version]) => `${text}: Istio ${old} → ${version}`,
    consequence: `istiod is replaced in place; pods keep their proxies until they restart${isNewer(newer, older) && !isBesides(after)
      ? ' (a canary and a tag do it step by step: docs/how-to/upgrade-a-mesh.md)' : ''}`,
  }];
}

/** Whether pods can be moved one by one. */
function isBesides({ revisionTags }: ClusterModel): boolean {
  return Object.keys(revisionTags).length > 0;
}

/** How a control plane goes that the definition has no more. */
function removal({ installer }: ClusterModel, revision: string): string {
  return installer._output.appliedBy === 'istioctl'
    ? `then ${command(`istioctl uninstall -y --revision ${revision}`)}` : `then remove ${command(revision)} (a GitOps tool that prunes removes it by itself, and at once)`;
}

function canaryChange(pair: ClusterPair): Told | undefined {
  const { before: { canary: older }, after: { canary: newer, installer } } = pair;
  const impact = Impact.CHANGES;
  if (newer && (!older || isPromoted(pair))) {
    return {
      kind: 'canaryAdded',
      impact,
      values: [newer.revision, newer.istioVersion],
      says: ({ text }, [name, version]) => `${text}: canary ${name} added (Istio ${version})`,
      consequence: 'nothing follows it until a tag moves, or a namespace names it',
    };
  }
  if (!older || isPromoted(pair)) {
    return undefined;
  }
  if (!newer) {
    return {
      kind: 'canaryRemoved',
      impact: Impact.INTERRUPTS,
      values: [older.revision],
      says: ({ text }, [name]) => `${text}: canary ${name} removed`,
      consequence: `not before no pod follows it (${command('istioctl proxy-status')}); ${removal(pair.before, older.revision)}`,
    };
  }
  return older.revision === newer.revision && older.istioVersion === newer.istioVersion ? undefined : {
    kind: 'canary',
    impact: older.revision === newer.revision ? Impact.RESTARTS : Impact.INTERRUPTS,
    values: [older.revision, older.istioVersion, newer.revision, newer.istioVersion],
    says: ({ text }, [name, version, next, nextVersion]) => `${text}: canary ${name} (Istio ${version}) → ${next} (Istio ${nextVersion})`,
    consequence: older.revision === newer.revision ? 'its istiod is replaced in place; pods that follow it keep their proxies until they restart'
      : `not before no pod follows ${command(older.revision)}; ${removal({ ...pair.after, installer }, older.revision)}`,
  };
}

function tagChanges({ before, after, differing }: ClusterPair): Told[] {
  const tags = differing.filter(key => key.startsWith('revisionTags.')).map(key => key.slice('revisionTags.'.length).replace(/\\(.)/g, '$1'));
  return tags.map((tag): Told => {
    const [older, newer] = [before.revisionTags[tag], after.revisionTags[tag]];
    if (older === undefined) {
      return {
        kind: 'tagAdded', impact: Impact.CHANGES, values: [tag, newer], says: ({ text }, [name, revision]) => `${text}: tag ${name} added, for ${revision}`,
      };
    }
    return newer === undefined ? {
      kind: 'tagRemoved',
      impact: Impact.INTERRUPTS,
      values: [tag],
      says: ({ text }, [name]) => `${text}: tag ${name} removed`,
      consequence: 'pods that follow it do not start without it: move them first, then remove its objects, '
        + command(`kubectl delete mutatingwebhookconfiguration,service -A -l istio.io/tag=${tag}`),
    } : {
      kind: 'tagMoved',
      impact: Impact.RESTARTS,
      values: [tag, older, newer],
      says: ({ text }, [name, from, to]) => `${text}: tag ${name} moves from ${from} to ${to}`,
      consequence: 'workloads and gateways that follow it get there at their next restart',
    };
  });
}
