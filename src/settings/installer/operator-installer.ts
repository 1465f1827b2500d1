import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { addCniNamespace } from './cni-namespace';
import type { ControlPlane, Gateway } from './control-plane';
import { type ControlPlaneRequirements, InstallerProvider } from './installer-provider';
import { canarySpec, controlPlaneSpec, gatewaySpec } from './istio-operator';
import { type MaybeProblem, problem } from '../../core/rule';
import { objectIn, Step } from '../../core/step';
import { CANARY_PREFIX } from '../../istio/names';
import { fieldsAt } from '../../util/map';
import { DEFAULT_NAME, OPERATOR_PREFIX } from '../east-west-gateway-defaults';

/** Name of the IstioOperator of the first control plane. */
export const CONTROL_PLANE = 'control-plane';

/**
 * Creates an IstioOperator for each control plane and for the gateway.
 *
 * Each has a name, since `istioctl install` deletes all objects of the same owner that its file does not contain, and
 * IstioOperators without a name have the same owner.
 */
export abstract class OperatorInstaller extends InstallerProvider {
  _controlPlane(scope: Construct, id: string, controlPlane: ControlPlane): ApiObject {
    const { enabled, namespace } = fieldsAt(controlPlane.components, 'cni');
    if (enabled === true && typeof namespace === 'string') {
      addCniNamespace(scope, namespace, controlPlane.namespace); // istioctl only creates the namespace of istiod
    }
    return this.operator(scope, id, CONTROL_PLANE, controlPlane.namespace, controlPlaneSpec(controlPlane));
  }

  _canary(scope: Construct, id: string, canary: ControlPlane): ApiObject {
    return this.operator(scope, id, CANARY_PREFIX + canary.revision, canary.namespace, canarySpec(canary));
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    const name = gateway.name === DEFAULT_NAME ? 'eastwest' : OPERATOR_PREFIX + gateway.name;
    return this.operator(scope, id, name, gateway.namespace, gatewaySpec(gateway));
  }

  protected operator(scope: Construct, id: string, name: string, namespace: string, spec: object): ApiObject {
    return objectIn(Step.ISTIOCTL, scope, id, {
      apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name, namespace }, spec,
    });
  }
}

/** Settings without which there is no istiod, so that the gateway is never injected. */
export function istiodProblem({ profile, components }: ControlPlaneRequirements): MaybeProblem {
  const { enabled } = fieldsAt(components, 'pilot');
  if (enabled === false) {
    return problem('components.pilot.enabled is false, so istiod is not installed',
      'remove it, or use the installer external');
  }
  return profile === 'empty' && enabled === undefined && problem('profile \'empty\' does not install istiod',
    'set components.pilot.enabled and components.base.enabled to true, choose another profile, or use the installer '
      + 'external');
}
