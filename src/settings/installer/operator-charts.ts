import { type Chart, ApiObject, YamlOutputType } from 'cdk8s';
import { stockAppOf } from './stock-app';
import { operatorChartMark } from '../../core/brand';
import { isIstioOperator } from '../../core/step';

/**
 * Rejects, at synth, a stock chart whose file would contain an IstioOperator and other objects: clusters do not accept
 * an IstioOperator, and istioctl accepts only one per file and nothing else.
 */
export function validateOperatorChart({ chart }: ApiObject): void {
  if (!operatorChartMark.isOn(chart)) { // a chart with several IstioOperators is validated once
    operatorChartMark.set(chart);
    chart.node.addValidation({ validate: () => operatorChartProblems(chart) });
  }
}

/** Rejects, at synth, an IstioOperator in a stock app, which would write it instead of rendering it. */
export function validateMeshApp(operator: ApiObject): void {
  operator.node.addValidation({
    validate: () => !stockAppOf(operator) ? []
      : [`IstioOperator '${operator.name}' cannot be rendered by a stock App; use MeshApp`],
  });
}

function operatorChartProblems(chart: Chart): string[] {
  const app = stockAppOf(chart);
  if (!app || FILE_PER_OBJECT.includes(app.yamlOutputType)) {
    return [];
  }
  const isOneFile = app.yamlOutputType === YamlOutputType.FILE_PER_APP;
  const inApp = app.node.findAll().filter(ApiObject.isApiObject);
  const objects = isOneFile ? inApp : inApp.filter(object => object.chart === chart);
  const operators = objects.filter(isIstioOperator);
  if (operators.length < objects.length) {
    const other = isOneFile ? '' : ', or set operatorChart to a chart of its own';
    return [`IstioOperator '${operators[0].name}' shares a file with Kubernetes objects, but it is input for istioctl, `
      + `and clusters do not accept it; use MeshApp, which writes separate files${other}`];
  }
  const names = operators.map(({ name }) => `'${name}'`).join(' and ');
  return operators.length < 2 ? []
    : [`IstioOperators ${names} share a file, but istioctl accepts only one per file; `
      + 'use MeshApp, or an App with a file per resource, or a separate operatorChart for each'];
}

const FILE_PER_OBJECT = [YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE];
