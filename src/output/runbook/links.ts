import { alike, code, namesOf, table } from './markdown';
import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { MANY_CLUSTERS } from '../../definition/topology';
import { LINK_PREFIX } from '../../istio/remote-secret-metadata';
import { TokenSlot } from '../../settings/reader-options';
import { keyOf } from '../../settings/remote-credentials/external-secrets-options';
import { linkTarget, takesFiles } from '../../settings/remote-credentials/links';
import { unreachable } from '../../util/unreachable';

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

function travels({ name, reader, remoteCredentials: { _delivery: delivery } }: ClusterModel, meshID: string): string {
  const account = `the token of ${code(IstioReader.accountName(reader.activeToken ?? TokenSlot.BLUE))}`;
  switch (delivery.kind) {
    case 'linked':
      return `${account}, by \`istio-mesh link\``;
    case 'store': {
      const key = keyOf(delivery.options, meshID, name);
      const at = key.lastIndexOf(name);
      const place = at < 0 ? key : `${key.slice(0, at)}NAME${key.slice(at + name.length)}`;
      return `${account}, through the store ${code(delivery.options.secretStoreRef.name)} at ${code(place)}`;
    }
    case 'external': {
      const path = delivery.kubeconfigPath;
      return path ? `somebody else's, in files below ${code(path)} of istiod, and in no Secret` : 'somebody else brings the Secret';
    }
    case 'tree': {
      const optIn = delivery.optIn ? `; their istiods are told to allow it (${code(delivery.optIn.setting)})` : '';
      return `${delivery.token ? `${account}, ` : ''}in the tree, step \`60-remote-secrets\` of those that read it${optIn}`;
    }
    default:
      return unreachable(delivery);
  }
}

/** The clusters that get their links in files. */
function intoFiles(clusters: readonly ClusterModel[]): string[] {
  const rows = alike(clusters.filter(takesFiles), cluster => linkTarget(cluster).kind === 'sops' ? 'Secret that SOPS encrypts' : 'SealedSecret');
  return rows.map(([some, object]) => `${namesOf(some)}: links that the cluster gets are files with a ${object} each, in \`../links/NAME/\`.`);
}
