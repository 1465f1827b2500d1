import { Construct } from 'constructs';
import { objectIn, Step } from '../core/step';
import type { Manifest } from '../definition/resource-files';

/**
 * Adds the user's own objects to a cluster.
 *
 * @param namespaces namespaces that must exist before a control plane is installed; plain ones are created for those
 * that the user's objects do not include
 */
export function addResources(cluster: Construct, objects: readonly Manifest[], namespaces: readonly string[]): void {
  const early = (object: Manifest) => isNamespace(object) && namespaces.includes(object.metadata.name);
  const own = new Set(objects.filter(early).map(({ metadata }) => metadata.name));
  const missing = namespaces.filter(name => !own.has(name))
    .map((name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  if (objects.length + missing.length > 0) {
    const resources = new Construct(cluster, 'Resources');
    [...objects, ...missing].forEach((object, i) =>
      objectIn(early(object) ? Step.NAMESPACE : Step.RESOURCES, resources,
        `${i}-${object.kind}-${object.metadata.name}`, object));
  }
}

function isNamespace({ apiVersion, kind }: Manifest): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}
