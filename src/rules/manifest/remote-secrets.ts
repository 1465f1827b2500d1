import { parse } from 'yaml';
import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import { objectsOf, Part } from './parts';
import { type Problem, problem } from '../../core/rule';
import {
  REMOTE_SECRET_ANNOTATION, REMOTE_SECRET_LABEL, REMOTE_SECRET_PREFIX,
} from '../../istio/remote-secret-metadata';
import { isMap } from '../../util/map';

/** The Secret with which an istiod outside of its cluster reads that cluster. */
const EXTERNAL = 'istio-kubeconfig';

/** The Secrets that are intended as remote secrets, including invalid ones. */
export function remoteSecretsOf(cluster: ClusterManifests): Part[] {
  return objectsOf(cluster, 'Secret').filter(isRemoteSecret);
}

function isRemoteSecret(secret: Part): boolean {
  const name = secret.at('metadata', 'name');
  const hasLabel = secret.at('metadata', 'labels').entries
    .some(({ key }) => key.toLowerCase() === REMOTE_SECRET_LABEL.toLowerCase());
  const hasAnnotation = secret.at('metadata', 'annotations', REMOTE_SECRET_ANNOTATION).isPresent;
  return name.value !== EXTERNAL && (hasLabel || hasAnnotation || name.text?.startsWith(REMOTE_SECRET_PREFIX) === true);
}

/** The keys of a remote secret, which are cluster names; `stringData` overrides `data`. */
export function keysOf(secret: Part): Part[] {
  const stringData = secret.at('stringData');
  return [...stringData.entries, ...secret.at('data').entries.filter(({ key }) => !stringData.at(key).isPresent)];
}

/** The content of a kubeconfig, or the reason why it cannot be parsed. */
interface ParsedKubeconfig {
  readonly data?: unknown;
  readonly problem?: Problem;
}

/** A kubeconfig in a remote secret, which has one for each of its keys. */
export interface Kubeconfig {
  /** The key of the Secret. */
  readonly entry: Part;
  /** Why it cannot be parsed; `data` is then absent. */
  readonly problem?: Problem;
  readonly data: Part;
}

/** The kubeconfigs in the remote secrets of a cluster, except encrypted ones. */
export function kubeconfigsOf(cluster: ClusterManifests): Kubeconfig[] {
  return remoteSecretsOf(cluster).flatMap(secret => {
    const parsed = cluster.memo.once(parseKubeconfigs, secret.value); // many clusters have the same Secret
    return keysOf(secret).flatMap(entry => {
      const config = parsed.get(entry.key);
      return config ? [{ entry, problem: config.problem, data: new Part([], config.data) }] : [];
    });
  });
}

function parseKubeconfigs(secret: unknown): ReadonlyMap<string, ParsedKubeconfig> {
  return new Map(secretEntries(new Part([], secret)).map(({ part, text }) => [part.key, parseKubeconfig(text)]));
}

function parseKubeconfig(text: string): ParsedKubeconfig {
  const rejected = (state: string) => ({
    problem: problem(`the kubeconfig ${state}, and istiod rejects it`,
      'create the Secret with istioctl create-remote-secret'),
  });
  if (text.trim() === '') {
    return rejected('is empty');
  }
  let data: unknown;
  try {
    data = parse(text, { version: '1.1', prettyErrors: false, logLevel: 'silent' });
  } catch {
    data = undefined;
  }
  return isMap(data) ? { data } : rejected('is not a YAML map');
}

/** The entry with a name in one of the lists of a kubeconfig. */
export function named(config: Part, list: string, name: string | undefined): Part | undefined {
  return config.at(list).items.find(item => item.at('name').value === name);
}

/** The cluster and the user of a kubeconfig's current context. */
export function currentContext(config: Part): { readonly cluster?: Part; readonly user?: Part } {
  const context = named(config, 'contexts', config.at('current-context').text)?.at('context');
  return {
    cluster: named(config, 'clusters', context?.at('cluster').text)?.at('cluster'),
    user: named(config, 'users', context?.at('user').text)?.at('user'),
  };
}
