import { systemNamespaces } from './control-planes';
import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import { type Part, objectsOf } from './parts';
import { type CaFile, type IntermediateCa, CACERTS_FILES, intermediateCa } from '../../istio/intermediate-ca';
import { ISTIO_SYSTEM } from '../../istio/names';

/** A Secret `cacerts`, and the CA in it. */
export interface Cacerts {
  readonly secret: Part;
  readonly ca: IntermediateCa;
  /** The part of the Secret that contains a file of the CA. */
  part(file: CaFile): Part;
}

/** The Secrets `cacerts` of a cluster, except empty and encrypted ones. */
export function cacertsOf(cluster: ClusterManifests): Cacerts[] {
  return cluster.memo.once(readCacerts, cluster);
}

function readCacerts(cluster: ClusterManifests): Cacerts[] {
  const secrets = objectsOf(cluster, 'Secret').filter(secret => secret.at('metadata', 'name').value === 'cacerts');
  return secrets.flatMap(secret => {
    const entries = secretEntries(secret);
    const hasCaFile = entries.some(({ part }) => CACERTS_FILES.includes(part.key));
    const isForIstiod = hasCaFile || isInSystemNamespace(cluster, secret);
    return entries.length === 0 || !isForIstiod ? [] : [{
      secret,
      ca: intermediateCa(new Map(entries.map(({ part, text }) => [part.key, text]))),
      part: ({ name }) => entries.find(({ part }) => part.key === name)!.part,
    }];
  });
}

/** Whether a Secret is in a namespace of istiod. */
function isInSystemNamespace(cluster: ClusterManifests, secret: Part): boolean {
  const namespaces = systemNamespaces(cluster);
  const namespace = secret.at('metadata', 'namespace').text ?? namespaces[0];
  return (namespaces.length > 0 ? namespaces : [ISTIO_SYSTEM]).includes(namespace);
}
