import { parse } from 'yaml';
import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import { objectsOf, Part } from './parts';
import { LINK_ANNOTATION, LINK_LABEL, LINK_PREFIX } from '../../istio/remote-secret-metadata';
import { isMap } from '../../util/map';

/** The Secret through which an istiod outside of its cluster reads it. */
const EXTERNAL = 'istio-kubeconfig';

/** The Secrets that are meant to link a cluster with another, rightly made or not. */
export function linkSecrets(cluster: ClusterManifests): Part[] {
  return objectsOf(cluster, 'Secret').filter(secret => secret.at('metadata', 'name').value !== EXTERNAL).filter(secret => secret.at('metadata', 'labels').entries.some(({ key }) => key.toLowerCase() === LINK_LABEL.toLowerCase())
    || secret.at('metadata', 'annotations', LINK_ANNOTATION).isThere
    || secret.at('metadata', 'name').text?.startsWith(LINK_PREFIX));
}

/** A kubeconfig as istiod reads it, one for each key of a remote Secret. */
export interface Kubeconfig {
  /** The key of the Secret. */
  readonly entry: Part;
  /** Why nobody can read it; it has no parts then. */
  readonly problem?: string;
  readonly data: Part;
}

/** Many clusters have the same Secret, read once. */
const READ = new WeakMap<object, Map<string, { data?: unknown; problem?: string }>>();

/** The kubeconfigs in the remote Secrets of a cluster, but for encrypted ones. */
export function kubeconfigsOf(cluster: ClusterManifests): Kubeconfig[] {
  return linkSecrets(cluster).flatMap(secret => {
    const read = READ.get(secret.value as object) ?? new Map(secretEntries(secret).map(({ part, text }) => [part.key, kubeconfigOf(text)]));
    READ.set(secret.value as object, read);
    const encoded = secret.at('data').entries.filter(({ key }) => !secret.at('stringData', key).isThere);
    return [...secret.at('stringData').entries, ...encoded].flatMap(entry => {
      const config = read.get(entry.key);
      return config ? [{ entry, problem: config.problem, data: new Part([], config.data) }] : [];
    });
  });
}

function kubeconfigOf(text: string): { data?: unknown; problem?: string } {
  if (text.trim() === '') {
    return { problem: 'the kubeconfig is empty, and istiod refuses it; make the Secret with istioctl create-remote-secret' };
  }
  let data: unknown;
  try {
    data = parse(text, { version: '1.1', prettyErrors: false, logLevel: 'silent' });
  } catch {
    data = undefined;
  }
  return isMap(data) ? { data } : { problem: 'the kubeconfig is no YAML map, and istiod refuses it; make the Secret with istioctl create-remote-secret' };
}

/** An entry of one of the lists of a kubeconfig. */
export function named(config: Part, list: string, name: string | undefined): Part | undefined {
  return config.at(list).items.find(item => item.at('name').value === name);
}

/** The cluster that a kubeconfig leads to, and the user that it is read as. */
export function currentContext({ data }: Kubeconfig): { readonly cluster?: Part; readonly user?: Part } {
  const context = named(data, 'contexts', data.at('current-context').text)?.at('context');
  return {
    cluster: named(data, 'clusters', context?.at('cluster').text)?.at('cluster'),
    user: named(data, 'users', context?.at('user').text)?.at('user'),
  };
}
