import type { Chart } from 'cdk8s';
import { ApiObject, YamlOutputType } from 'cdk8s';
import { stockAppOf } from './stock-app';
import { isIstioOperator } from '../../core/step';

/**
 * Refuses, at synth, a stock chart whose file would hold an IstioOperator beside anything else: no cluster takes the one, and istioctl
 * takes neither the other nor two IstioOperators in a file.
 *
 * @param operator the IstioOperator whose chart it is
 */
export function validateOperatorChart(operator: ApiObject): void {
  const { chart } = operator;
  if (!CHECKED.has(chart)) {
    CHECKED.add(chart);
    chart.node.addValidation({ validate: () => operatorChartProblems(chart) });
  }
}

/**
 * Refuses, at synth, an IstioOperator that a stock app would write as it is, though it is to be rendered.
 */
export function validateMeshApp(operator: ApiObject): void {
  operator.node.addValidation({
    validate: () => !stockAppOf(operator) ? []
      : [`IstioOperator '${operator.name}' is to be rendered, which a MeshApp does and a stock App cannot; use MeshApp`],
  });
}

const CHECKED = new WeakSet<Chart>();

function operatorChartProblems(chart: Chart): string[] {
  const app = stockAppOf(chart);
  if (!app || FILE_PER_OBJECT.includes(app.yamlOutputType)) {
    return [];
  }
  const isOneFile = app.yamlOutputType === YamlOutputType.FILE_PER_APP;
  const objects = app.node.findAll().filter(ApiObject.isApiObject).filter(object => isOneFile || object.chart === chart);
  const operators = objects.filter(isIstioOperator);
  if (operators.length < objects.length) {
    const fix = isOneFile ? 'use MeshApp, which keeps them apart' : 'use MeshApp, which keeps them apart, or give operatorChart a chart of its own';
    return [`IstioOperator '${operators[0].name}' shares a file with Kubernetes objects, but it is input for istioctl and no cluster takes it; ${fix}`];
  }
  const names = operators.map(({ name }) => `'${name}'`).join(' and ');
  return operators.length < 2 ? []
    : [`IstioOperators ${names} share a file, of which istioctl takes one; use MeshApp, or an App with a file per resource, or give each an operatorChart of its own`];
}

const FILE_PER_OBJECT = [YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE];
