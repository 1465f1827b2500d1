import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { meshAppMark } from './brand';
import { isIstioOperator } from './step';

/**
 * Refuses, at synth, a stock chart whose file would hold an IstioOperator beside anything else: no cluster takes the one, and istioctl
 * takes neither the other nor two IstioOperators in a file.
 */
export function validateOperatorCharts(construct: Construct): void {
  const chart = Chart.of(construct);
  if (!CHECKED.has(chart)) {
    CHECKED.add(chart);
    chart.node.addValidation({ validate: () => operatorChartProblems(chart) });
  }
}

const CHECKED = new WeakSet<Chart>();

function operatorChartProblems(chart: Chart): string[] {
  const app = chart.node.root;
  if (meshAppMark.isOn(app) || (app instanceof App && FILE_PER_OBJECT.includes(app.yamlOutputType))) {
    return [];
  }
  const objects = chart.node.findAll().filter((child: IConstruct) => ApiObject.isApiObject(child) && Chart.of(child) === chart) as ApiObject[];
  const operators = objects.filter(isIstioOperator);
  const fix = 'use MeshApp, which keeps them apart, or give operatorChart a chart of its own';
  if (operators.length > 0 && operators.length < objects.length) {
    return [`IstioOperator '${operators[0].name}' shares a file with Kubernetes objects, but it is input for istioctl and no cluster takes it; ${fix}`];
  }
  return operators.length > 1 ? [`IstioOperators ${operators.map(({ name }) => `'${name}'`).join(' and ')} share a file, of which istioctl takes one; ${fix} for each`] : [];
}

const FILE_PER_OBJECT = [YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE];
