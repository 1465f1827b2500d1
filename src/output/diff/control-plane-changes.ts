import { type ChangeDetails, codeSpan, Impact } from './change';
import { type ChangeDetector, type ClusterPair, differingKeysMatching } from './cluster-pair';
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
      values: [newRevision, oldRevision, newVersion],
      describe: ({ text }, [canary, old, version]) =>
        `${text}: canary ${canary} becomes the control plane (Istio ${version}) and replaces ${old}`,
      consequence: `${moveAllPods(codeSpan(oldRevision))}, then ${removeRevision(before, oldRevision)}`,
    };
  }
  if (oldRevision !== newRevision) {
    return {
      kind: 'revision',
      impact: Impact.INTERRUPTS,
      values: [oldRevision, oldVersion, newRevision, newVersion],
      describe: ({ text }, [from, fromVersion, to, toVersion]) =>
        `${text}: control plane ${to} (Istio ${toVersion}) replaces ${from} (Istio ${fromVersion})`,
      consequence: `pods stay on ${codeSpan(oldRevision)} until their namespace uses the new revision `
        + `and they restart; when none is left, ${removeRevision(before, oldRevision)}`,
    };
  }
  return oldVersion === newVersion ? undefined : {
    kind: 'istioVersion',
    impact: Impact.RESTARTS,
    values: [oldVersion, newVersion],
    describe: ({ text }, [from, to]) => `${text}: Istio ${from} → ${to}`,
    consequence: versionConsequence(oldVersion, newVersion, after),
  };
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
      values: [newCanary.revision, newCanary.istioVersion],
      describe: ({ text }, [revision, version]) => `${text}: canary ${revision} added (Istio ${version})`,
      consequence: 'no workload uses it until a revision tag moves to it, or a namespace names its revision',
    };
  }
  if (!newCanary) {
    return oldCanary && {
      kind: 'canaryRemoved',
      impact: Impact.INTERRUPTS,
      values: [oldCanary.revision],
      describe: ({ text }, [revision]) => `${text}: canary ${revision} removed`,
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
    values: [oldCanary.revision, oldCanary.istioVersion, newCanary.revision, newCanary.istioVersion],
    describe: ({ text }, [from, fromVersion, to, toVersion]) =>
      `${text}: canary ${from} (Istio ${fromVersion}) → ${to} (Istio ${toVersion})`,
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
      values: [tag, newRevision!],
      describe: ({ text }, [name, revision]) => `${text}: tag ${name} added, pointing to ${revision}`,
    };
  }
  if (newRevision === undefined) {
    const deletion = codeSpan(`kubectl delete mutatingwebhookconfiguration,service -A -l istio.io/tag=${tag}`);
    return {
      kind: 'tagRemoved',
      impact: Impact.INTERRUPTS,
      values: [tag],
      describe: ({ text }, [name]) => `${text}: tag ${name} removed`,
      consequence: 'pods that use it do not start without it: '
        + `move them to another tag or revision first, then run ${deletion}`,
    };
  }
  return {
    kind: 'tagMoved',
    impact: Impact.RESTARTS,
    values: [tag, oldRevision, newRevision],
    describe: ({ text }, [name, from, to]) => `${text}: tag ${name} moves from ${from} to ${to}`,
    consequence: 'workloads and gateways that use it switch when they restart',
  };
}
