import type { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { InstalledCluster } from './control-plane';
import { type InstallerChecks, type InstallerOutput, NO_CHECKS, PLAIN_OBJECTS } from './installer-provider';
import { validateOperatorChart } from './operator-charts';
import { CONTROL_PLANE, istiodProblem, OperatorInstaller } from './operator-installer';
import type { Command } from '../../core/command';
import { Step } from '../../core/step';
import { CANARY_PREFIX } from '../../istio/names';

/**
 * Where the IstioOperators are written, for constructs without a mesh.
 */
export interface IstioctlOptions {
  /**
   * Chart of the IstioOperators. A stock `App` writes a file for each chart, and an IstioOperator must have its own; a
   * `MeshApp` writes it to a separate file, and a `Mesh` does not support this option.
   *
   * @default - the chart of the construct
   */
  readonly operatorChart?: Chart;
}

/** Runs `istioctl install`. */
export class IstioctlInstaller extends OperatorInstaller {
  private readonly operatorChart?: Chart;

  constructor(options: IstioctlOptions = {}) {
    const { operatorChart } = options;
    // a mesh definition is plain data: the schema rejects this argument in one
    super('istioctl', operatorChart && { operatorChart: operatorChart.node.path });
    this.operatorChart = operatorChart;
  }

  get _output(): InstallerOutput {
    return { ...PLAIN_OBJECTS, appliedBy: 'istioctl' };
  }

  get _checks(): InstallerChecks {
    return { ...NO_CHECKS, controlPlane: requirements => [istiodProblem(requirements)] };
  }

  _commands({ istioVersion, canary, eastWestGateway }: InstalledCluster, tree: AppliedTree): Command[] {
    const install = (path: string, version: string | undefined): Command => ({
      line: `istioctl --context ${tree.placeholders.context} install -y -f ${path}`,
      remark: `istioctl ${version}`,
      success: 'Installation complete',
    });
    const files = tree.input(Step.ISTIOCTL);
    const first = `${CONTROL_PLANE}.yaml`;
    const controlPlanes = files.filter(({ name }) => name === first || name.startsWith(CANARY_PREFIX));
    const gateways = files.filter(file => !controlPlanes.includes(file));
    const versionOf = (name: string) =>
      canary && name === `${CANARY_PREFIX}${canary.revision}.yaml` ? canary.istioVersion : istioVersion;
    const gatewayVersion = eastWestGateway?.istioVersion ?? istioVersion;
    return tree.withTags(
      controlPlanes.map(({ name, path }) => install(path, versionOf(name))),
      gateways.map(({ path }) => install(path, gatewayVersion)),
    );
  }

  protected operator(scope: Construct, id: string, name: string, namespace: string, spec: object): ApiObject {
    const operator = super.operator(this.operatorScope(scope), id, name, namespace, spec);
    validateOperatorChart(operator);
    return operator;
  }

  private operatorScope(scope: Construct): Construct {
    const { operatorChart } = this;
    if (!operatorChart) {
      return scope;
    }
    const { id } = scope.node;
    return operatorChart.node.tryFindChild(id) as Construct | undefined ?? new Construct(operatorChart, id);
  }
}
