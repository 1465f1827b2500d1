import { ofCluster } from './cluster-rule';
import type { Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import { GIT_OPS } from '../../settings/git-ops/git-ops-rule';

/** What must hold between a GitOps tool and the mesh that it applies. */
export const GIT_OPS_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM097',
    severity: Severity.ERROR,
    title: 'a GitOps tool has an installer whose output it can apply',
    symptom: 'nothing installs Istio: no cluster takes an IstioOperator since Istio 1.24',
    fix: 'use the installer rendered, sail, helm or external',
    see: 'https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/',
    check: ({ gitOps, clusters }) => clusters.map(cluster => gitOps && cluster.installer._output.appliedBy === 'istioctl'
      ? ofCluster(cluster, ['installer'], `installer '${cluster.installer._kind}' leaves IstioOperators, which ${gitOps._kind} cannot apply, so that nothing would install Istio; use rendered, sail or helm`)
      : undefined),
  },
  {
    ...GIT_OPS,
    check: mesh => mesh.gitOps?._problems(mesh) ?? [],
  },
];
