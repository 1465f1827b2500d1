import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ControlPlane, Gateway } from './control-plane';
import { InstallerMember } from './installer-member';
import { canarySpec, controlPlaneSpec, gatewaySpec } from './istio-operator';
import { DEFAULT_NAME, OPERATOR_PREFIX } from '../east-west-gateway-defaults';
import { FamilyForm } from '../family';
import { CANARY_PREFIX } from '../names';
import { validateOperatorChart } from '../operator-charts';
import { objectIn, Step } from '../step';

/**
 * Every IstioOperator has a name: `istioctl install` deletes what it finds of its own owner and not in its file, and one without a name
 * owns everything.
 */
export class IstioctlInstaller extends InstallerMember {
  constructor(form: FamilyForm = 'istioctl') {
    super(form);
  }

  _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return this.operator(scope, id, 'control-plane', plane.namespace, controlPlaneSpec(plane));
  }

  _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return this.operator(scope, id, CANARY_PREFIX + plane.revision, plane.namespace, canarySpec(plane));
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return this.operator(scope, id, gateway.name === DEFAULT_NAME ? 'eastwest' : OPERATOR_PREFIX + gateway.name, gateway.namespace, gatewaySpec(gateway));
  }

  private operator(scope: Construct, id: string, name: string, namespace: string, spec: object): ApiObject {
    const operator = objectIn(Step.ISTIOCTL, scope, id, { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name, namespace }, spec });
    this.validated(operator);
    return operator;
  }

  /** Refuses, at synth, an IstioOperator that its app would write where nobody can use it. */
  protected validated(operator: ApiObject): void {
    validateOperatorChart(operator);
  }
}
