import { ApiObject, Chart, DependencyGraph } from 'cdk8s';
import { IConstruct } from 'constructs';
import { APPLIED_STEPS, Step, stepOf } from './step';

/**
 * The objects of a chart and of the charts below it, in the order in which they are applied: step by step, within a step as the user
 * wrote them, with namespaces and CRDs before what may need them.
 *
 * @param constructs the chart and everything below it
 */
export function orderedObjects(chart: Chart, constructs: readonly IConstruct[] = chart.node.findAll()): ApiObject[] {
  const ranks = new Map([...APPLIED_STEPS, Step.ISTIOCTL].map((step, i) => [step, 10 * i]));
  const rank = (object: ApiObject) => ranks.get(stepOf(object))! - FIRST_KINDS.indexOf(object.kind);
  const objects = inDependencyOrder(chart, constructs).filter(ApiObject.isApiObject);
  return objects.map(object => ({ object, at: rank(object) })).sort((a, b) => a.at - b.at).map(({ object }) => object);
}

/** Within a step, the last of these is the first to be applied. */
const FIRST_KINDS = ['CustomResourceDefinition', 'Namespace'];

/** As written, unless the user asked for another order: the graph is worth its time only then. */
function inDependencyOrder(chart: Chart, constructs: readonly IConstruct[]): readonly IConstruct[] {
  return constructs.some(construct => construct.node.dependencies.length > 0) ? new DependencyGraph(chart.node).topology() : constructs;
}
