import { ofCluster } from './cluster-rule';
import { memberName } from '../../core/family';
import { found, Rule, RuleText, Severity } from '../../core/rule';
import { MeshModel } from '../../definition/mesh-model';

/** Of what a tool itself knows that it cannot do. */
export const GIT_OPS: RuleText = {
  code: 'IM098',
  severity: Severity.ERROR,
  title: 'a GitOps tool can do what is asked of it',
  symptom: 'the API server refuses its objects, or they never become healthy',
  fix: 'say it as the message tells',
  see: 'https://opengitops.dev/',
};

/** What must hold between a GitOps tool and the mesh that it applies. */
export const GIT_OPS_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM097',
    severity: Severity.ERROR,
    title: 'a GitOps tool has an installer whose output it can apply',
    symptom: 'nothing installs Istio: no cluster takes an IstioOperator since Istio 1.24',
    fix: 'use the installer rendered, sail, helm or external',
    see: 'https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/',
    check: ({ gitOps, clusters }) => clusters.map(cluster => gitOps && memberName(cluster.installer) === 'istioctl'
      ? ofCluster(cluster, ['installer'], `installer 'istioctl' leaves IstioOperators, which ${memberName(gitOps)} cannot apply, so that nothing would install Istio; use rendered, sail or helm`)
      : undefined),
  },
  {
    ...GIT_OPS,
    check: mesh => (mesh.gitOps?._problems(mesh) ?? []).map(([path, message]) => found(path, message)),
  },
];
