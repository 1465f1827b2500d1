import { code, plain, table } from './markdown';
import { APPLIED_STEPS, Step } from '../../core/step';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { GitOps } from '../../settings/git-ops/git-ops';
import type { Installation } from '../installation';

/** What the manifests of each step create. */
const CONTENTS: { readonly [step: string]: string } = {
  [Step.NAMESPACE]: 'the namespace with its network label, and the reader service accounts',
  [Step.TRUST]: 'the object that creates the Secret `cacerts`',
  [Step.CRDS]: 'Istio\'s CRDs',
  [Step.CONTROL_PLANE]: 'the control plane and the revision tags',
  [Step.EAST_WEST_GATEWAY]: 'the east-west gateway',
  [Step.EXPOSED_SERVICES]: 'the Gateway that exposes the services',
  [Step.REMOTE_SECRETS]: 'the remote secrets',
  [Step.RESOURCES]: 'your own objects',
};

/** A table of the steps in the order in which the GitOps tool applies them. */
export function stepsTable(mesh: MeshModel, gitOps: GitOps, installation: Installation): string {
  const hasCharts = mesh.clusters.some(({ installer }) => installer._output.appliedBy === 'helm');
  const orderOf = (cluster: ClusterModel, step: Step) => plain(gitOps._orderOf(mesh, cluster, step));
  const [first] = mesh.clusters;
  const chartsRow = () => ['Istio\'s charts', 'the control plane and the gateway', orderOf(first, Step.HELM)];
  const rows = APPLIED_STEPS.flatMap(step => {
    const cluster = mesh.clusters.find(one => installation.hasStep(one, step));
    return [
      ...cluster ? [[code(step), CONTENTS[step], orderOf(cluster, step)]] : [],
      ...hasCharts && step === Step.CONTROL_PLANE ? [chartsRow()] : [],
    ];
  });
  return table(['Step', 'Contents', `Applied in, e.g. for ${code(first.name)}`], rows);
}
