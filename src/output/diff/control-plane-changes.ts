import {
  type ChangeDetails, type ChangeDetector, type ClusterPair, codeSpan, differingKeysMatching, Impact, valueChange,
} from './change';
import type { ClusterModel } from '../../definition/mesh-model';
import { revisionLabel } from '../../istio/revisions';
import { isNewer } from '../../istio/versions';
import type { Canary } from '../../settings/control-plane-options';

const NONE = 'none';

/** Control planes, canaries and revision tags. */
export const CONTROL_PLANE_DETECTORS: readonly ChangeDetector[] = [
  {
    settings: /^(istioVersion|revision|canary\.(revision|istioVersion))$/,
    detect: pair => [controlPlaneChange(pair), canaryChange(pair)],
  },
  { settings: /^revisionTags\./, detect: tagChanges },
];

/** Whether the former canary is the control plane now. */
function isCanaryPromoted({ before, after }: ClusterPair): boolean {
  return before.canary !== undefined && before.canary.revision === after.revision && before.revision !== after.revision;
}

function controlPlaneChange(pair: ClusterPair): ChangeDetails | undefined {
  const { before, after } = pair;
  const [oldVersion, newVersion] = [before.istioVersion ?? NONE, after.istioVersion ?? NONE];
  const [oldRevision, newRevision] = [revisionLabel(before.revision), revisionLabel(after.revision)];
  if (isCanaryPromoted(pair)) {
    return {
      kind: 'canaryBecomesControlPlane',
      impact: Impact.INTERRUPTS,
      sentence: '{clusters}: canary {newRevision} becomes the control plane (Istio {newVersion}) '
        + 'and replaces {oldRevision}',
      values: { newRevision, oldRevision, newVersion },
      consequence: `${moveAllPods(codeSpan(oldRevision))}, then ${removeRevision(before, oldRevision)}`,
    };
  }
  if (oldRevision !== newRevision) {
    return {
      kind: 'revision',
      impact: Impact.INTERRUPTS,
      sentence: '{clusters}: control plane {newRevision} (Istio {newVersion}) '
        + 'replaces {oldRevision} (Istio {oldVersion})',
      values: { oldRevision, oldVersion, newRevision, newVersion },
      consequence: `pods stay on ${codeSpan(oldRevision)} until their namespace uses the new revision `
        + `and they restart; when none is left, ${removeRevision(before, oldRevision)}`,
    };
  }
  return valueChange(oldVersion, newVersion, {
    kind: 'istioVersion',
    impact: Impact.RESTARTS,
    sentence: '{clusters}: Istio {before} → {after}',
    consequence: versionConsequence(oldVersion, newVersion, after),
  });
}

function versionConsequence(oldVersion: string, newVersion: string, { revisionTags }: ClusterModel): string {
  const canUpgradeGradually = Object.keys(revisionTags).length > 0;
  const advice = isNewer(newVersion, oldVersion) && !canUpgradeGradually
    ? ' (to upgrade gradually, use a canary and a revision tag: docs/how-to/upgrade-a-mesh.md)' : '';
  return `istiod is replaced in place; pods keep their proxies until they restart${advice}`;
}

function moveAllPods(revision: string): string {
  return `first move all pods away from ${revision} (check with ${codeSpan('istioctl proxy-status')})`;
}

function removeRevision({ installer }: ClusterModel, revision: string): string {
  return installer._output.appliedBy === 'istioctl'
    ? `run ${codeSpan(`istioctl uninstall -y --revision ${revision}`)}`
    : `remove ${codeSpan(revision)} (a GitOps tool with pruning removes it immediately)`;
}

/** The canary, complete even if a definition with errors lacks its revision or version. */
function canaryOf({ canary }: ClusterModel): Canary | undefined {
  return canary && { revision: canary.revision ?? NONE, istioVersion: canary.istioVersion ?? NONE };
}

function canaryChange(pair: ClusterPair): ChangeDetails | undefined {
  const oldCanary = isCanaryPromoted(pair) ? undefined : canaryOf(pair.before);
  const newCanary = canaryOf(pair.after);
  if (newCanary && !oldCanary) {
    return {
      kind: 'canaryAdded',
      impact: Impact.CHANGES,
      sentence: '{clusters}: canary {revision} added (Istio {istioVersion})',
      values: { ...newCanary },
      consequence: 'no workload uses it until a revision tag moves to it, or a namespace names its revision',
    };
  }
  if (!newCanary) {
    return oldCanary && {
      kind: 'canaryRemoved',
      impact: Impact.INTERRUPTS,
      sentence: '{clusters}: canary {revision} removed',
      values: { revision: oldCanary.revision },
      consequence: `${moveAllPods('it')}, then ${removeRevision(pair.before, oldCanary.revision)}`,
    };
  }
  return changedCanary(pair, oldCanary!, newCanary);
}

function changedCanary({ after }: ClusterPair, oldCanary: Canary, newCanary: Canary): ChangeDetails | undefined {
  const isSameRevision = oldCanary.revision === newCanary.revision;
  if (isSameRevision && oldCanary.istioVersion === newCanary.istioVersion) {
    return undefined;
  }
  return {
    kind: 'canary',
    impact: isSameRevision ? Impact.RESTARTS : Impact.INTERRUPTS,
    sentence: '{clusters}: canary {oldRevision} (Istio {oldVersion}) → {newRevision} (Istio {newVersion})',
    values: {
      oldRevision: oldCanary.revision,
      oldVersion: oldCanary.istioVersion,
      newRevision: newCanary.revision,
      newVersion: newCanary.istioVersion,
    },
    consequence: isSameRevision
      ? 'its istiod is replaced in place; pods that use it keep their proxies until they restart'
      : `${moveAllPods(codeSpan(oldCanary.revision))}, then ${removeRevision(after, oldCanary.revision)}`,
  };
}

function tagChanges(pair: ClusterPair): ChangeDetails[] {
  return differingKeysMatching(pair, /^revisionTags\./).map(key => {
    const tag = key.slice('revisionTags.'.length).replace(/\\(.)/g, '$1');
    return tagChange(tag, pair.before.revisionTags[tag], pair.after.revisionTags[tag]);
  });
}

function tagChange(tag: string, oldRevision: string | undefined, newRevision: string | undefined): ChangeDetails {
  if (oldRevision === undefined) {
    return {
      kind: 'tagAdded',
      impact: Impact.CHANGES,
      sentence: '{clusters}: tag {tag} added, pointing to {newRevision}',
      values: { tag, newRevision: newRevision! },
    };
  }
  if (newRevision === undefined) {
    const deletion = codeSpan(`kubectl delete mutatingwebhookconfiguration,service -A -l istio.io/tag=${tag}`);
    return {
      kind: 'tagRemoved',
      impact: Impact.INTERRUPTS,
      sentence: '{clusters}: tag {tag} removed',
      values: { tag },
      consequence: 'pods that use it do not start without it: '
        + `move them to another tag or revision first, then run ${deletion}`,
    };
  }
  return {
    kind: 'tagMoved',
    impact: Impact.RESTARTS,
    sentence: '{clusters}: tag {tag} moves from {oldRevision} to {newRevision}',
    values: { tag, oldRevision, newRevision },
    consequence: 'workloads and gateways that use it switch when they restart',
  };
}
