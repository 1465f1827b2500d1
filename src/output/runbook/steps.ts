import { code, plain, table } from './markdown';
import { memberName } from '../../core/family';
import { APPLIED_STEPS, Step } from '../../core/step';
import type { MeshModel } from '../../definition/mesh-model';
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
  const hasCharts = mesh.clusters.some(({ installer }) => memberName(installer) === 'helm');
  const rows = APPLIED_STEPS.flatMap(step => {
    const cluster = mesh.clusters.find(one => installation.hasStep(one, step));
    const charts = ['Istio\'s charts', 'the control plane and the gateway', plain(gitOps._turnOfCharts)];
    return [
      ...cluster ? [[code(step), CONTENTS[step], plain(gitOps._turnOf(mesh, cluster, step))]] : [],
      ...hasCharts && step === Step.CONTROL_PLANE ? [charts] : [],
    ];
  });
  return table(['Step', 'Contents', `Applied in, e.g. for ${code(mesh.clusters[0].name)}`], rows);
}
