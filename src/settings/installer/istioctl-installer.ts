import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import { addCniNamespace } from './cni-namespace';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import type { AskedControlPlane } from './installer-provider';
import { InstallerProvider } from './installer-provider';
import { canarySpec, controlPlaneSpec, gatewaySpec } from './istio-operator';
import { validateOperatorChart } from './operator-charts';
import type { Command } from '../../core/command';
import { objectIn, Step } from '../../core/step';
import { CANARY_PREFIX } from '../../istio/names';
import { fieldsAt } from '../../util/map';
import { DEFAULT_NAME, OPERATOR_PREFIX } from '../east-west-gateway-defaults';

/**
 * Every IstioOperator has a name: `istioctl install` deletes what it finds of its own owner and not in its file, and one without a name
 * owns everything.
 */
export class IstioctlInstaller extends InstallerProvider {
  constructor(kind = 'istioctl', options?: object) {
    super(kind, options);
  }

  _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    const { enabled, namespace } = fieldsAt(plane.components, 'cni');
    if (enabled === true && typeof namespace === 'string') {
      addCniNamespace(scope, namespace, plane.namespace); // istioctl makes that of istiod alone
    }
    return this.operator(scope, id, 'control-plane', plane.namespace, controlPlaneSpec(plane));
  }

  _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return this.operator(scope, id, CANARY_PREFIX + plane.revision, plane.namespace, canarySpec(plane));
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return this.operator(scope, id, gateway.name === DEFAULT_NAME ? 'eastwest' : OPERATOR_PREFIX + gateway.name, gateway.namespace, gatewaySpec(gateway));
  }

  /** A gateway that no istiod injects does not start, and a cluster without istiod answers nobody. */
  _problems({ profile, components }: AskedControlPlane): string[] {
    const { enabled } = fieldsAt(components, 'pilot');
    return [
      ...enabled === false ? ['components.pilot.enabled false leaves out istiod; remove it, or use the installer external'] : [],
      ...profile === 'empty' && enabled === undefined
        ? ['profile \'empty\' leaves out istiod; set components.pilot.enabled and components.base.enabled to true, choose another profile, or use the installer external'] : [],
    ];
  }

  _commands({ istioVersion, canary, eastWestGateway }: InstalledCluster, tree: AppliedTree): Command[] {
    const files = tree.input(Step.ISTIOCTL);
    const planes = files.filter(({ name }) => name === 'control-plane.yaml' || name.startsWith(CANARY_PREFIX));
    const planeVersion = (name: string) => canary && name === `${CANARY_PREFIX}${canary.revision}.yaml` ? canary.istioVersion : istioVersion;
    const install = (path: string, version: string | undefined, component: string): Command => ({
      line: `istioctl --context ${tree.words.context} install -y -f ${path}`,
      remark: `istioctl ${version}`,
      prints: () => ['…', `✔ ${component}`, '✔ Installation complete'],
    });
    const gateways = files.filter(file => !planes.includes(file));
    return tree.withTags(
      planes.map(({ name, path }) => install(path, planeVersion(name), 'Istiod installed 🧠')),
      gateways.map(({ path }) => install(path, eastWestGateway?.istioVersion ?? istioVersion, 'Ingress gateways installed 🛬')),
    );
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
