import { alike, code, namesOf, table } from './markdown';
import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { MANY_CLUSTERS } from '../../definition/topology';
import { LINK_PREFIX } from '../../istio/remote-secret-metadata';
import { TokenSlot } from '../../settings/reader-options';
import { keyOf } from '../../settings/remote-credentials/external-secrets-options';
import { takesFiles } from '../../settings/remote-credentials/links';

/** Who reads whom, how the credential travels, and where it lies. */
export function linksSection({ meshID, clusters }: MeshModel): string {
  const rows = alike(clusters, cluster => [
    readers(cluster, clusters),
    cluster.remoteCredentials._kind,
    travels(cluster, meshID),
  ]);
  const namespaces = [...new Set(clusters.map(({ namespace }) => namespace))];
  return [
    `A link is a Secret with a kubeconfig, in the namespace of istiod (${namespaces.map(code).join(', ')}) of the cluster that reads: ${code(`${LINK_PREFIX}NAME`)} for cluster \`NAME\`, `
    + 'with the label `istio/multiCluster: "true"`, unless a row says otherwise.',
    table(['Cluster', 'is read by', 'Credential', 'How it gets there'], rows.map(([some, cells]) => [namesOf(some), ...cells])),
    ...intoFiles(clusters),
  ].join('\n\n');
}

/** Of many that are not all, those are named that are missing. */
function readers({ name, peers }: ClusterModel, clusters: readonly ClusterModel[]): string {
  const strangers = peers.length <= MANY_CLUSTERS ? [] : clusters.filter(one => one.name !== name && !peers.includes(one));
  return peers.length === 0 ? 'nobody'
    : peers.length === clusters.length - 1 && peers.length > 1 ? 'every other cluster'
      : strangers.length > 0 && strangers.length <= MANY_CLUSTERS ? `every other cluster but ${namesOf(strangers)}` : namesOf(peers);
}

function travels({ name, reader, remoteCredentials }: ClusterModel, meshID: string): string {
  const account = `the token of ${code(IstioReader.accountName(reader.activeToken ?? TokenSlot.BLUE))}`;
  const store = remoteCredentials._externalSecrets;
  if (remoteCredentials._isLinked) {
    return `${account}, by \`istio-mesh link\``;
  }
  if (store) {
    const key = keyOf(store, meshID, name);
    const at = key.lastIndexOf(name);
    return `${account}, through the store ${code(store.secretStoreRef.name)} at ${code(at < 0 ? key : `${key.slice(0, at)}NAME${key.slice(at + name.length)}`)}`;
  }
  if (remoteCredentials._isExternal) {
    const path = remoteCredentials._kubeconfigPath;
    return path ? `somebody else's, in files below ${code(path)} of istiod, and in no Secret` : 'somebody else brings the Secret';
  }
  return `${remoteCredentials._usesReaderToken ? `${account}, ` : ''}in the tree, step \`60-remote-secrets\` of those that read it${remoteCredentials._allowance ? `; their istiods are told to allow it (${code(remoteCredentials._allowance.word)})` : ''}`;
}

/** The clusters that get their links in files. */
function intoFiles(clusters: readonly ClusterModel[]): string[] {
  const rows = alike(clusters.filter(takesFiles), ({ remoteCredentials }) => remoteCredentials._linkDestination!._fileKind!);
  return rows.map(([some, kind]) => `${namesOf(some)}: links that the cluster gets are files with a ${kind === 'Secret' ? 'Secret that SOPS encrypts' : kind} each, in \`../links/NAME/\`.`);
}
