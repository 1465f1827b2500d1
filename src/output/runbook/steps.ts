import { code, plain, table } from './markdown';
import { APPLIED_STEPS, Step } from '../../core/step';
import type { MeshModel } from '../../definition/mesh-model';
import type { GitOps } from '../../settings/git-ops/git-ops';
import type { Installation } from '../installation';

/** What each step brings. */
const BRINGS: { readonly [step: string]: string } = {
  [Step.NAMESPACE]: 'the namespace with its network, and the reader accounts',
  [Step.TRUST]: 'what makes the Secret `cacerts`',
  [Step.CRDS]: 'the CRDs of Istio',
  [Step.CONTROL_PLANE]: 'the control plane, and tags',
  [Step.EAST_WEST_GATEWAY]: 'the east-west gateway',
  [Step.EXPOSED_SERVICES]: 'what the gateway exposes',
  [Step.REMOTE_SECRETS]: 'the links',
  [Step.RESOURCES]: 'your own objects',
};

/** What the GitOps tool does when it has the tree, in its order. */
export function stepsTable(mesh: MeshModel, gitOps: GitOps, installation: Installation): string {
  const rows = APPLIED_STEPS.flatMap(step => {
    const cluster = mesh.clusters.find(one => installation.has(one, step));
    const charts = step === Step.CONTROL_PLANE && mesh.clusters.some(({ installer }) => installer._output.appliedBy === 'helm')
      ? [['charts of Istio', 'the control plane and the gateway', plain(gitOps._orderOf(mesh, mesh.clusters[0], Step.HELM))]] : [];
    return [...cluster ? [[code(step), BRINGS[step], plain(gitOps._orderOf(mesh, cluster, step))]] : [], ...charts];
  });
  return table(['Step', 'brings', `when, e.g. for ${code(mesh.clusters[0].name)}`], rows);
}
