import { type Chart, ApiObject, DependencyGraph } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { APPLIED_STEPS, Step, stepOf } from '../core/step';

/**
 * The objects of a chart and of the charts below it, in the order in which they are applied.
 *
 * They are sorted by step, and within a step in the order of their creation, with namespaces and CRDs first.
 *
 * @param constructs the chart and everything below it
 */
export function orderedObjects(chart: Chart, constructs: readonly IConstruct[] = chart.node.findAll()): ApiObject[] {
  const ranks = new Map([...APPLIED_STEPS, Step.ISTIOCTL].map((step, i) => [step, 10 * i]));
  const rank = (object: ApiObject) => ranks.get(stepOf(object))! - FIRST_KINDS.indexOf(object.kind);
  const objects = inDependencyOrder(chart, constructs).filter(ApiObject.isApiObject);
  return objects.map(object => ({ object, at: rank(object) })).sort((a, b) => a.at - b.at).map(({ object }) => object);
}

/** The kinds that come first within a step, in reverse order. */
const FIRST_KINDS = ['CustomResourceDefinition', 'Namespace'];

/** The order of creation, or of the user's dependencies; only those need a graph, which takes time. */
function inDependencyOrder(chart: Chart, constructs: readonly IConstruct[]): readonly IConstruct[] {
  const dependents = constructs.filter(construct => construct.node.dependencies.length > 0);
  if (dependents.length === 0) {
    return constructs;
  }
  // As in cdk8s, a dependency between two constructs applies to all of their objects.
  const below = new Set(constructs);
  const objectsOf = (construct: IConstruct) =>
    construct.node.findAll().filter(child => ApiObject.isApiObject(child) && below.has(child));
  for (const dependent of dependents) {
    const objects = objectsOf(dependent);
    const targets = dependent.node.dependencies.flatMap(objectsOf);
    objects.forEach(object => object.node.addDependency(...targets.filter(target => target !== object)));
  }
  return new DependencyGraph(chart.node).topology();
}
