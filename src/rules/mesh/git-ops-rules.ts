import { clusterViolation } from './cluster-rule';
import { type Rules, type Violation, problem, Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import { GIT_OPS } from '../../settings/git-ops/git-ops-rule';

/** Rules for the GitOps tool of a mesh. */
export const GIT_OPS_RULES: Rules<MeshModel> = [
  {
    code: 'IM097',
    severity: Severity.ERROR,
    title: 'the installer generates manifests that the GitOps tool can apply',
    symptom: 'Istio is not installed: clusters do not accept IstioOperators since Istio 1.24',
    fix: 'use the installer rendered, sail, helm or external',
    see: 'https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/',
    check: inapplicableInstallers,
  },
  {
    ...GIT_OPS,
    check: mesh => mesh.gitOps?._problems(mesh) ?? [],
  },
];

function inapplicableInstallers({ gitOps, clusters }: MeshModel): Violation[] {
  if (gitOps === undefined) {
    return [];
  }
  return clusters.filter(({ installer }) => installer._output.appliedBy === 'istioctl')
    .map(cluster => clusterViolation(cluster, ['installer'], problem(
      `installer 'istioctl' generates IstioOperators, which ${gitOps._kind} cannot apply, so Istio would not be `
        + 'installed', 'use rendered, sail or helm')));
}
