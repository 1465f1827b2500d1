import { type Chart, ApiObject, DependencyGraph } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { APPLIED_STEPS, Step, stepOf } from '../core/step';

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
  const dependents = constructs.filter(construct => construct.node.dependencies.length > 0);
  if (dependents.length === 0) {
    return constructs;
  }
  // Of two constructs, all objects of the one depend on all of the other, as cdk8s has it.
  const below = new Set(constructs);
  const objectsOf = (construct: IConstruct) => construct.node.findAll().filter(child => ApiObject.isApiObject(child) && below.has(child));
  for (const dependent of dependents) {
    const objects = objectsOf(dependent);
    const targets = dependent.node.dependencies.flatMap(objectsOf);
    objects.forEach(object => object.node.addDependency(...targets.filter(target => target !== object)));
  }
  return new DependencyGraph(chart.node).topology();
}
