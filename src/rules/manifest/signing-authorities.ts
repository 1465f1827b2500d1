import { systemNamespaces } from './control-planes';
import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import type { Part } from './parts';
import { objectsOf } from './parts';
import { ISTIO_SYSTEM } from '../../istio/names';
import type { AuthorityFile, SigningAuthority } from '../../istio/signing-authority';
import { AUTHORITY_FILES, signingAuthority } from '../../istio/signing-authority';

/** An authority and the Secret `cacerts` that holds it. */
export interface SecretAuthority {
  readonly secret: Part;
  readonly authority: SigningAuthority;
  /** Where a file of the authority stands. */
  part(file: AuthorityFile): Part;
}

/** The Secrets `cacerts` of a cluster, but for empty and encrypted ones. */
export function signingAuthoritiesOf(cluster: ClusterManifests): SecretAuthority[] {
  return objectsOf(cluster, 'Secret').filter(secret => secret.at('metadata', 'name').value === 'cacerts').flatMap(secret => {
    const entries = secretEntries(secret);
    const isIstios = isOfIstiod(cluster, secret) || entries.some(({ part }) => AUTHORITY_FILES.includes(part.key));
    return entries.length === 0 || !isIstios ? [] : [{
      secret,
      authority: signingAuthority(new Map(entries.map(({ part, text }) => [part.key, text]))),
      part: ({ name }) => entries.find(({ part }) => part.key === name)!.part,
    }];
  });
}

/** Whether a Secret is in a namespace of istiod. */
function isOfIstiod(cluster: ClusterManifests, secret: Part): boolean {
  const namespaces = systemNamespaces(cluster);
  return (namespaces.length > 0 ? namespaces : [ISTIO_SYSTEM]).includes(secret.at('metadata', 'namespace').text ?? namespaces[0]);
}
