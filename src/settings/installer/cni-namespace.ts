import type { Construct } from 'constructs';
import { objectIn, Step } from '../../core/step';
import type { Fields } from '../../util/map';

/** Which every cluster has. */
export const KUBE_SYSTEM = 'kube-system';

/** The namespace of the CNI node agent, where neither every cluster has it nor the control plane brings it. */
export function addCniNamespace(scope: Construct, name: string, ofControlPlane: string): void {
  if (![ofControlPlane, KUBE_SYSTEM].includes(name)) {
    objectIn<Fields>(Step.NAMESPACE, scope, 'CniNamespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
}
