import { LinkedEnds, replaceFullMeshes } from './full-mesh-junctions';
import { type Arrow, type GatewayLabel, type NetworkFrame, type NetworkGroup, FULL_MESH } from './graph';
import {
  type ClusterNumbers, type GraphParts, type Network, countPairs, frameOf, gatewayLine, numberJunctions,
} from './graph-parts';
import { type NetworkLinks, groupNetworks } from './group-networks';
import type { ClusterModel } from '../../definition/mesh-model';
import { linkedPairs, MANY_CLUSTERS } from '../../definition/topology';
import { groupBy } from '../../util/map';
import { counted } from '../../util/text';

/** More arrows than these are impossible to follow. */
const MAX_ARROWS = 60;

const NOT_LINKED = 'not linked with each other';

/** Builds the graph of a large mesh, in which an arrow represents all links between two networks or groups. */
export function networkGraph(networks: readonly Network[], numbers: ClusterNumbers): GraphParts {
  const all = countLinks(networks);
  const groups = networks.length > MANY_CLUSTERS ? groupNetworks(all) : all.map(network => [network]);
  const links = linksAmong(groups);
  const hasTooManyArrows = links.arrows.length > MAX_ARROWS;
  const frames = new Map(all.map(({ network, links: { size } }) =>
    [network, networkFrame(network, numbers, hasTooManyArrows ? size : 0)]));
  const frameOfNetwork = ({ network }: NetworkLinks) => frames.get(network)!;
  return {
    frames: groups.filter(({ length }) => length === 1).map(([network]) => frameOfNetwork(network)),
    groups: groups.filter(({ length }) => length > 1).map(group => networkGroup(group, group.map(frameOfNetwork))),
    arrows: hasTooManyArrows ? [] : links.arrows,
    junctions: hasTooManyArrows ? [] : numberJunctions(links.fullMeshes.map(ends => ({ ends, label: FULL_MESH }))),
  };
}

type Group = ReadonlyArray<NetworkLinks>;

/** Counts the links of each network with each other one. */
function countLinks(networks: readonly Network[]): Array<NetworkLinks> {
  const networkOf = new Map(networks.flatMap(({ id, members }) => members.map(cluster => [cluster, id])));
  return networks.map(network => {
    const peers = groupBy(network.members.flatMap(cluster => cluster.peers), peer => networkOf.get(peer)!);
    peers.delete(network.id);
    const links = new Map([...peers].map(([id, { length }]) => [id, length]));
    const isAllOrNothing = networks.every(({ id, members }) =>
      [undefined, members.length * network.members.length].includes(links.get(id)));
    return { network, links, isAllOrNothing };
  });
}

/** The links between groups of networks, with labels on those that not all pairs of clusters have. */
function linksAmong(groups: readonly Group[]): { readonly arrows: readonly Arrow[]; readonly fullMeshes: string[][] } {
  const complete: Array<[string, string]> = [];
  const partial: Arrow[] = [];
  groups.forEach((one, i) => groups.slice(i + 1).forEach(other => {
    const linked = one[0].links.get(other[0].network.id) ?? 0;
    const possible = one[0].network.members.length * other[0].network.members.length;
    const ends: [string, string] = [endOf(one), endOf(other)];
    if (linked === possible) {
      complete.push(ends);
    } else if (linked > 0) {
      partial.push({ ends, isDirect: false, label: `${linked.toLocaleString('en')} of ${counted(possible, 'pair')}` });
    }
  }));
  const { arrows, fullMeshes } = replaceFullMeshes(groups.map(endOf), new LinkedEnds(complete));
  return { arrows: [...arrows.map(ends => ({ ends, isDirect: false })), ...partial], fullMeshes };
}

/** The node at which the arrows of a group end: the group, or the gateways or the frame of its only network. */
function endOf(group: Group): string {
  const [{ network: { id, members } }] = group;
  if (group.length > 1) {
    return groupId(group);
  }
  return members.some(({ eastWestGateway }) => eastWestGateway) ? gatewaysId(id) : id;
}

function groupId([{ network }]: Group): string {
  return `p${network.id.slice(1)}`;
}

function gatewaysId(networkId: string): string {
  return `g${networkId}`;
}

function networkGroup(group: Group, frames: readonly NetworkFrame[]): NetworkGroup {
  const areLinked = group[0].links.has(group[1].network.id);
  return {
    id: groupId(group),
    title: `${group.length} networks, ${areLinked ? FULL_MESH : NOT_LINKED}`,
    frames,
  };
}

/**
 * A network with all its clusters as one node.
 *
 * @param linkedNetworks number of other networks that it is linked with, if no arrows show it
 */
function networkFrame(network: Network, numbers: ClusterNumbers, linkedNetworks: number): NetworkFrame {
  const { members } = network;
  return {
    ...frameOf(network, numbers),
    gateways: gatewayLabels(network),
    linkedWithin: linksWithin(members),
    notes: [
      ...members.length > 1 && linkedPairs(members).length === 0 ? [NOT_LINKED] : [],
      ...linkedNetworks > 0 ? [`linked with ${counted(linkedNetworks, 'other network')}`] : [],
    ],
    isOneNode: true,
  };
}

/** One label for all gateways of a network, in which equal ones share a line. */
function gatewayLabels({ id, members }: Network): GatewayLabel[] {
  const groups = groupBy(members.filter(({ eastWestGateway }) => eastWestGateway), gatewayLine);
  const lines = [...groups].map(([line, { length }]) => members.length === 1 ? line : `${length} × ${line}`);
  return lines.length === 0 ? [] : [{ id: gatewaysId(id), lines }];
}

/** Which clusters of a network are linked with each other; undefined if none are. */
function linksWithin(members: readonly ClusterModel[]): string | undefined {
  const linked = linkedPairs(members).length;
  const possible = countPairs(members.length);
  if (linked === 0) {
    return undefined;
  }
  if (linked === possible) {
    return FULL_MESH;
  }
  const all = new Set(members);
  const hubs = members.filter(({ peers }) => peers.filter(peer => all.has(peer)).length === members.length - 1);
  const pairsWithHub = possible - countPairs(members.length - hubs.length);
  if (linked === pairsWithHub) {
    return `${hubs.length === 1 ? hubs[0].name : counted(hubs.length, 'cluster')} linked with all others`;
  }
  return `${linked.toLocaleString('en')} of ${counted(possible, 'pair')} linked`;
}
