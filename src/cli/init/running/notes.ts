import { type RunningCluster, UNNAMED_NETWORK } from './cluster';
import { type ClusterObjects, findObject } from './cluster-objects';
import type { RunningLink, RunningLinks } from './links';
import { IstioReader } from '../../../constructs/istio-reader';
import { shareRoot } from '../../../istio/intermediate-ca';
import { ROOT_CONFIG_MAP } from '../../../istio/names';
import { remoteSecretMetadata } from '../../../istio/remote-secret-metadata';
import { revisionLabel } from '../../../istio/revisions';
import { TokenSlot } from '../../../settings/reader-options';
import { rootsIn } from '../../clusters/istiods';
import { kubectlCommand } from '../../clusters/kubectl';

/** The cluster name that Istio uses if none is set. */
const DEFAULT_CLUSTER_NAME = 'Kubernetes';

/** Notes about settings of the control planes that are missing, or cannot be read. */
export function controlPlaneNotes({ name, controlPlane, objects, otherControlPlanes }: RunningCluster): string[] {
  const { istioVersion, hasValues, network, clusterName } = controlPlane;
  const [, ...unsupported] = otherControlPlanes;
  const notes = [
    ...istioVersion === undefined
      ? ['neither the image nor the labels of istiod contain its version; set istioVersion, e.g. 1.31.0'] : [],
    ...hasValues ? []
      : ['istiod has no ConfigMap \'values\', so only names, images and the mesh configuration were read; '
        + 'add the other settings to values and components'],
    ...network === ''
      ? [`istiod has no network; the mesh definition sets '${UNNAMED_NETWORK}', which proxies use after they restart`]
      : [],
    ...['', DEFAULT_CLUSTER_NAME].includes(clusterName)
      ? ['istiod has no cluster name by which peers could identify the cluster; set a name that is unique in the mesh '
        + `(context '${objects.context}')`] : [],
    ...unsupported.map(({ revision }) => `the mesh definition does not include revision '${revisionLabel(revision)}', `
      + 'because a cluster can only have one control plane and one canary'),
  ];
  return notes.map(note => `'${name}': ${note}`);
}

/** Notes about links of a cluster that are missing, or do not lead to a peer. */
export function peerNotes(
  { name, objects }: RunningCluster, clusters: readonly RunningCluster[], links: RunningLinks,
): string[] {
  const linksOfCluster = links.from(name);
  const names = clusters.map(cluster => cluster.name);
  const targets = new Set(linksOfCluster.map(({ to }) => to));
  const deletionOf = ({ secret }: RunningLink) => kubectlCommand(objects, `delete secret ${secret}`);
  const missing = names.filter(peer => peer !== name && !targets.has(peer) && links.areLinked(name, peer));
  return [
    ...missing.map(peer => `'${name}' has no remote secret for '${peer}', but '${peer}' has one for '${name}', so `
      + `requests only go from '${peer}' to '${name}'; istio-mesh link creates the missing one`),
    ...linksOfCluster.filter(({ to }) => !names.includes(to)).map(link =>
      `'${name}' reads '${link.to}' with the Secret '${link.secret}', but none of the contexts leads to '${link.to}'; `
        + `add its context, or delete the Secret: ${deletionOf(link)}`),
    ...linksOfCluster.filter(({ to }) => to === name).map(link =>
      `the Secret '${link.secret}' in '${name}' leads to '${name}' itself, so istiod ignores it; `
        + `delete it: ${deletionOf(link)}`),
  ];
}

/** Notes about differences between clusters that must not differ. */
export function meshNotes(clusters: readonly RunningCluster[], meshID: string): string[] {
  const [first] = clusters;
  return clusters.flatMap(({ name, controlPlane, objects }) => [
    ...controlPlane.meshID === meshID ? []
      : [`'${name}' has the mesh ID '${controlPlane.meshID}', but the mesh definition sets '${meshID}', which proxies `
        + 'use after they restart'],
    ...findObject(objects.others, 'Secret', 'cacerts') ? []
      : [`'${name}' has no Secret cacerts, so its istiod creates its own root CA, which no other cluster trusts`],
    ...hasDifferentRoot(first.objects, objects)
      ? [`'${first.name}' and '${name}' trust different root CAs, so requests between them fail; provide cacerts from `
        + 'the same root CA in both before you link them'] : [],
  ]);
}

function hasDifferentRoot(one: ClusterObjects, other: ClusterObjects): boolean {
  const [oneRoot, otherRoot] = [one, other].map(({ others }) =>
    rootsIn(findObject(others, 'ConfigMap', ROOT_CONFIG_MAP)));
  return oneRoot.length > 0 && otherRoot.length > 0 && !shareRoot(oneRoot, otherRoot);
}

/** Notes about a link that istio-mesh link cannot update as it is. */
export function linkNotes(link: RunningLink, { namespace }: ClusterObjects): string[] {
  const { from, to, secret, auth, ownerKind } = link;
  const { name } = remoteSecretMetadata(to, namespace);
  const unmanaged = 'the mesh definition sets remoteCredentials: external, so istio-mesh link does not change it';
  if (auth !== 'token' || ownerKind !== undefined) {
    return [
      ...auth !== 'token'
        ? [`the Secret '${secret}' in '${from}' reads '${to}' with ${auth} instead of a token; ${unmanaged}`] : [],
      ...ownerKind !== undefined
        ? [`the Secret '${secret}' in '${from}' belongs to an object of kind ${ownerKind}; ${unmanaged}`] : [],
    ];
  }
  return secret === name ? []
    : [`the remote secret for '${to}' in '${from}' is named '${secret}', but istio-mesh link names it '${name}', and `
      + `does not create a second one; delete '${secret}' right before you link: in between, '${from}' sends no `
      + `requests to '${to}'`];
}

/** Names of the Secrets with tokens of the reader service accounts that this library creates. */
const GENERATED_TOKEN_SECRETS = Object.values(TokenSlot).map(slot => IstioReader.accountName(slot));

/** Notes with the commands that revoke the tokens that istio-mesh link replaces. */
export function tokenNotes(name: string, context: string, links: RunningLinks): string[] {
  if (!links.areManageable(name)) {
    return [];
  }
  const oldSecrets = links.to(name)
    .flatMap(({ tokenSecret }) => tokenSecret ?? [])
    .filter(secret => !GENERATED_TOKEN_SECRETS.includes(secret.name));
  const commands = new Set(oldSecrets.map(({ namespace, name: secret }) =>
    kubectlCommand({ context, namespace }, `delete secret ${secret}`)));
  return [...commands].map(command => `istio-mesh link replaces the token of the links to '${name}'; `
    + `when istio-mesh verify succeeds and nothing else uses the old token, revoke it: ${command}`);
}
