import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { canarySpec, controlPlaneSpec, gatewaySpec, ControlPlane, Gateway } from './istio-operator';
import { Family } from '../family';
import { validateOperatorChart } from '../operator-charts';
import { objectIn, Step } from '../step';

/**
 * Who installs the control plane and the east-west gateway.
 */
export abstract class Installer extends Family {
  /**
   * `istioctl install`, from one IstioOperator file for each control plane and one for the gateway, under `istioctl/`.
   *
   * @see https://istio.io/latest/docs/setup/install/istioctl/
   */
  static istioctl(): Installer {
    return new IstioctlInstaller('istioctl');
  }

  /** @internal */
  abstract _controlPlane(scope: Construct, id: string, name: string, plane: ControlPlane): ApiObject;

  /** @internal */
  abstract _canary(scope: Construct, id: string, name: string, plane: ControlPlane): ApiObject;

  /** @internal */
  abstract _gateway(scope: Construct, id: string, name: string, gateway: Gateway): ApiObject;
}

/**
 * Every IstioOperator has a name: `istioctl install` deletes what it finds of its own owner and not in its file, and one without a name
 * owns everything.
 */
class IstioctlInstaller extends Installer {
  _controlPlane(scope: Construct, id: string, name: string, plane: ControlPlane): ApiObject {
    return this.operator(scope, id, name, plane.namespace, controlPlaneSpec(plane));
  }

  _canary(scope: Construct, id: string, name: string, plane: ControlPlane): ApiObject {
    return this.operator(scope, id, name, plane.namespace, canarySpec(plane));
  }

  _gateway(scope: Construct, id: string, name: string, gateway: Gateway): ApiObject {
    return this.operator(scope, id, name, gateway.namespace, gatewaySpec(gateway));
  }

  private operator(scope: Construct, id: string, name: string, namespace: string, spec: object): ApiObject {
    const operator = objectIn(Step.ISTIOCTL, scope, id, { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name, namespace }, spec });
    validateOperatorChart(operator);
    return operator;
  }
}
