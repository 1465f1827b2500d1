import type { Construct } from 'constructs';
import { objectIn, Step } from '../../core/step';
import type { Fields } from '../../util/map';

/** A namespace that every cluster has. */
export const KUBE_SYSTEM = 'kube-system';

/** Creates the namespace of the CNI node agent, unless every cluster has it or the control plane creates it. */
export function addCniNamespace(scope: Construct, name: string, controlPlaneNamespace: string): void {
  if (![controlPlaneNamespace, KUBE_SYSTEM].includes(name)) {
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    objectIn<Fields>(Step.NAMESPACE, scope, 'CniNamespace', manifest);
  }
}
