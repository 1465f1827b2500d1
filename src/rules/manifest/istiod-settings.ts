import type { ClusterManifests } from './manifests';
import { objectsOf, Part } from './parts';
import { DEFAULT_REVISION } from '../../istio/revisions';
import { documentsIn } from '../../util/kubernetes-yaml';

/** Settings from the ConfigMaps of a rendered control plane; a part is absent if its ConfigMap is. */
export interface IstiodSettings {
  /** The Helm values for the injection of proxies. */
  readonly values?: Part;
  readonly meshConfig?: Part;
}

/**
 * The settings of an istiod that is applied as a rendered Deployment.
 *
 * @param namespace namespace of the istiod
 */
export function istiodSettings(
  cluster: ClusterManifests, namespace: string | undefined, revision: string,
): IstiodSettings {
  const configMap = (base: string) => {
    const name = revision === DEFAULT_REVISION ? base : `${base}-${revision}`;
    return objectsOf(cluster, 'ConfigMap').find(object => object.at('metadata', 'namespace').text === namespace
      && object.at('metadata', 'name').value === name);
  };
  return {
    values: parsed(configMap('istio-sidecar-injector')?.at('data', 'values')),
    meshConfig: parsed(configMap('istio')?.at('data', 'mesh')),
  };
}

/** The YAML or JSON in a string; its places are the place of the string. */
function parsed(part: Part | undefined): Part | undefined {
  if (part?.text === undefined) {
    return undefined;
  }
  const [document] = documentsIn(part.text);
  return document && document.errors.length === 0 ? new Part(part.path, document.toJS()) : undefined;
}
