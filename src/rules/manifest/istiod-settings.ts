import type { ClusterManifests } from './manifests';
import { objectsOf, Part } from './parts';
import { DEFAULT_REVISION } from '../../istio/revisions';
import { documentsIn } from '../../util/kubernetes-yaml';

/** What the ConfigMaps of a rendered control plane say; nothing where they are not in the manifests. */
export interface IstiodSettings {
  /** The Helm values that it injects proxies by. */
  readonly values?: Part;
  readonly meshConfig?: Part;
}

/**
 * The settings of an istiod that no IstioOperator says.
 *
 * @param namespace of the istiod
 */
export function istiodSettings(cluster: ClusterManifests, namespace: string | undefined, revision: string): IstiodSettings {
  const named = (name: string) => objectsOf(cluster, 'ConfigMap').find(object => object.at('metadata', 'namespace').text === namespace
    && object.at('metadata', 'name').value === (revision === DEFAULT_REVISION ? name : `${name}-${revision}`));
  return {
    values: withinText(named('istio-sidecar-injector')?.at('data', 'values')),
    meshConfig: withinText(named('istio')?.at('data', 'mesh')),
  };
}

/** What YAML or JSON in some text says; its places are that of the text. */
function withinText(part: Part | undefined): Part | undefined {
  if (part?.text === undefined) {
    return undefined;
  }
  const [document] = documentsIn(part.text);
  return document && document.errors.length === 0 ? new Part(part.path, document.toJS()) : undefined;
}
