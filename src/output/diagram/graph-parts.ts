import type { Junction, MeshGraph, NetworkFrame } from './graph';
import type { ClusterModel } from '../../definition/mesh-model';
import { revisionLabel } from '../../istio/revisions';
import { addressKind, tlsPort } from '../../settings/gateway-address';
import { inOneLine } from '../../util/text';

/** Everything in a graph that depends on whether clusters or networks are linked by its arrows. */
export type GraphParts = Pick<MeshGraph, 'frames' | 'groups' | 'arrows' | 'junctions'>;

/** A network of the mesh with its clusters. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly members: readonly ClusterModel[];
}

/** The parts of a network's frame that do not depend on links. */
export function frameOf({ id, name, members }: Network): Pick<NetworkFrame, 'id' | 'network' | 'boxes'> {
  const box = (cluster: ClusterModel) => ({ id: boxId(cluster), name: cluster.name, lines: clusterLines(cluster) });
  return { id, network: name, boxes: members.map(box) };
}

export function boxId(cluster: ClusterModel): string {
  return `c${clusterNumber(cluster)}`;
}

/** The number of a cluster in the definition. */
export function clusterNumber({ path: [, index] }: ClusterModel): number {
  return Number(index) + 1;
}

function clusterLines({ istioVersion, revision, canary, revisionTags, peers }: ClusterModel): string[] {
  return [
    `Istio ${istioVersion} · ${revisionLabel(revision)}`,
    ...canary ? [`canary ${canary.istioVersion} · ${canary.revision}`] : [],
    ...Object.entries(revisionTags).map(([tag, target]) => `tag ${tag} → ${revisionLabel(target)}`),
    ...peers.length === 0 ? ['no peers'] : [],
  ];
}

/** Names of address pools can be long. */
const MAX_KIND_LENGTH = 20;

/** The port of a gateway, and the kind of its address. */
export function gatewayLine({ eastWestGateway }: ClusterModel): string {
  const kind = inOneLine(addressKind(eastWestGateway!));
  const shortKind = kind.length > MAX_KIND_LENGTH ? `${kind.slice(0, MAX_KIND_LENGTH - 1)}…` : kind;
  return `${tlsPort(eastWestGateway!)} ${shortKind}`;
}

/** The number of pairs among so many clusters. */
export function countPairs(clusters: number): number {
  return clusters * (clusters - 1) / 2;
}

/** Gives the junctions of a graph their ids. */
export function numberJunctions(junctions: ReadonlyArray<Omit<Junction, 'id'>>): Junction[] {
  return junctions.map((junction, i) => ({ id: `j${i + 1}`, ...junction }));
}
