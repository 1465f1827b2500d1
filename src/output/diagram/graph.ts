import type { Unit } from './groups';
import { groupsOf } from './groups';
import { Ends, withJunctions } from './junctions';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, linkedPairs, MANY_CLUSTERS } from '../../definition/topology';
import { revisionLabel } from '../../istio/revisions';
import { addressKind, tlsPort } from '../../settings/gateway-address';
import { counted, inOneLine } from '../../util/text';

/** The mesh as what there is to draw. Everything that is drawn once for many is decided here, and nothing of how it looks. */
export interface MeshGraph {
  readonly meshID: string;
  /** How much there is, in a line. */
  readonly summary: string;
  readonly frames: readonly Frame[];
  readonly groups: readonly Group[];
  readonly arrows: readonly Arrow[];
  readonly junctions: readonly Junction[];
}

/** A network. */
export interface Frame {
  readonly id: string;
  readonly network: string;
  readonly boxes: readonly Box[];
  /** The gateways at its edge: each one, or all of them in one sign. */
  readonly gateways: readonly GatewaySign[];
  /** Which of its clusters are linked with each other, where that is not drawn. */
  readonly within?: string;
  /** What else there is to say of its links. */
  readonly remarks: readonly string[];
  /** Whether nothing leads to one of its clusters alone, so that they are drawn as one. */
  readonly isWhole: boolean;
}

/** A cluster. */
export interface Box {
  readonly id: string;
  readonly name: string;
  /** Versions, revisions and tags, line by line. */
  readonly lines: readonly string[];
}

/** One gateway, or several that are alike or not. */
export interface GatewaySign {
  readonly id: string;
  /** The cluster that it is of, where it is of one. */
  readonly box?: string;
  readonly lines: readonly string[];
}

/** Networks with the same links, drawn as one. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly frames: readonly Frame[];
}

/** Two that are linked, each with the other. */
export interface Arrow {
  readonly ends: readonly [string, string];
  /** Where not every cluster of the one is linked with every one of the other. */
  readonly label?: string;
  /** Within a network, whose pods reach each other without a gateway. */
  readonly isDirect: boolean;
}

/** Several of which each is linked with each: within one network, or of those on different networks. */
export interface Junction {
  readonly id: string;
  readonly label: string;
  readonly ends: readonly string[];
  /** The network, where it is within one. */
  readonly frame?: string;
}

/** What the signs mean, sentence by sentence. */
export const LEGEND = {
  direct: 'linked, on one network: pods reach each other directly',
  crossing: 'linked, across networks: through the east-west gateways',
  gateway: 'east-west gateway: its port, and what its address is',
} as const;

/** More arrows than these nobody follows. */
const MAX_ARROWS = 60;

/** Letters of what a gateway's address is; pools have long names. */
const MAX_KIND = 20;

const GRAPHS = new WeakMap<MeshModel, MeshGraph>();

/** What there is to draw of a mesh; decided once for all pictures of it. */
export function meshGraph(model: MeshModel): MeshGraph {
  const graph = GRAPHS.get(model) ?? newGraph(model);
  GRAPHS.set(model, graph);
  return graph;
}

function newGraph({ meshID, clusters }: MeshModel): MeshGraph {
  const networks = [...clustersByNetwork(clusters)].map(([name, members], i): Network => ({ id: `n${i + 1}`, name, members }));
  const pairs = linkedPairs(clusters);
  const counts = [
    counted(clusters.length, 'cluster'), `on ${counted(networks.length, 'network')}`, counted(pairs.length, 'linked pair'),
  ];
  const ids = new Map(clusters.map((cluster, i) => [cluster, i + 1]));
  const drawn = clusters.length <= MANY_CLUSTERS ? eachCluster(networks, ids) : eachNetwork(networks, ids);
  return { meshID, summary: counts.join(', '), ...drawn };
}

/** A network as the definition has it. */
interface Network {
  readonly id: string;
  readonly name: string;
  readonly members: readonly ClusterModel[];
}

type Ids = ReadonlyMap<ClusterModel, number>;
type Drawn = Pick<MeshGraph, 'frames' | 'groups' | 'arrows' | 'junctions'>;

/** Few clusters: a link is an arrow between two clusters or their gateways. */
function eachCluster(networks: readonly Network[], ids: Ids): Drawn {
  const box = (cluster: ClusterModel) => `c${ids.get(cluster)}`;
  const end = (cluster: ClusterModel) => `${cluster.eastWestGateway ? 'g' : 'c'}${ids.get(cluster)}`;
  const within = networks.map(({ id, members }) => isTold(members) ? NOTHING
    : { frame: id, ...withJunctions(members.map(box), new Ends(linkedPairs(members).map(([a, b]) => [box(a), box(b)]))) });
  const frames = networks.map((network, i): Frame => ({
    ...frameOf(network, ids),
    gateways: network.members.filter(({ eastWestGateway }) => eastWestGateway)
      .map(cluster => ({ id: end(cluster), box: box(cluster), lines: [gatewayLine(cluster)] })),
    within: isTold(network.members) ? EACH : undefined,
    remarks: [],
    isWhole: within[i] === NOTHING && !network.members.some(({ eastWestGateway }) => eastWestGateway),
  }));
  const all = [...ids.keys()];
  const networkOf = new Map(all.map(cluster => [end(cluster), cluster.network]));
  const crossing = linkedPairs(all).filter(([a, b]) => a.network !== b.network).map(([a, b]): [string, string] => [end(a), end(b)]);
  const across = withJunctions(all.map(end), new Ends(crossing), (a, b) => networkOf.get(a) !== networkOf.get(b));
  return {
    frames,
    groups: [],
    arrows: [
      ...within.flatMap(({ arrows }) => arrows.map(ends => ({ ends, isDirect: true }))),
      ...across.arrows.map(ends => ({ ends, isDirect: false })),
    ],
    junctions: numbered([
      ...within.flatMap(({ frame, junctions }) => junctions.map(ends => ({ frame, ends, label: EACH }))),
      ...across.junctions.map(ends => ({ ends, label: EACH })),
    ]),
  };
}

const NOTHING: { frame?: string; arrows: Array<[string, string]>; junctions: string[][] } = { arrows: [], junctions: [] };

/** Of more clusters on one network, of which each is linked with each, a word says so. */
const FEW = 2;

/** Whether a word says which clusters of a network are linked. */
function isTold(members: readonly ClusterModel[]): boolean {
  return members.length > FEW && linkedPairs(members).length === pairsOf(members.length);
}

function pairsOf(clusters: number): number {
  return clusters * (clusters - 1) / 2;
}

function frameOf({ id, name, members }: Network, ids: Ids): Pick<Frame, 'id' | 'network' | 'boxes'> {
  return { id, network: name, boxes: members.map(cluster => ({ id: `c${ids.get(cluster)}`, name: cluster.name, lines: linesOf(cluster) })) };
}

/** Many clusters: an arrow is for all links between two networks, and those within a network are a word. */
function eachNetwork(networks: readonly Network[], ids: Ids): Drawn {
  const units = unitsOf(networks);
  const groups = networks.length > MANY_CLUSTERS ? groupsOf(units) : units.map(unit => [unit]);
  const ends = groups.map(([{ network }, ...others]) => others.length > 0 ? `p${network.id.slice(1)}` : frameEnd(network));
  const full: Array<[string, string]> = [];
  const partial: Arrow[] = [];
  groups.forEach(([one], i) => groups.slice(i + 1).forEach(([other], j) => {
    const linked = one.links.get(other.network.id) ?? 0;
    const possible = one.network.members.length * other.network.members.length;
    const pair: [string, string] = [ends[i], ends[i + 1 + j]];
    if (linked === possible) {
      full.push(pair);
    } else if (linked > 0) {
      partial.push({ ends: pair, isDirect: false, label: `${linked.toLocaleString('en')} of ${counted(possible, 'pair')}` });
    }
  }));
  const { arrows, junctions } = withJunctions(ends, new Ends(full));
  const isTooMuch = arrows.length + partial.length > MAX_ARROWS;
  const frames = new Map(units.map(({ network, links }) => [network, {
    ...frameOf(network, ids),
    gateways: gatewaySigns(network),
    within: withinWords(network.members),
    remarks: [...remarksOf(network.members), ...isTooMuch && links.size > 0 ? [`linked with ${counted(links.size, 'other network')}`] : []],
    isWhole: true,
  }]));
  return {
    frames: groups.filter(group => group.length === 1).map(([{ network }]) => frames.get(network)!),
    groups: groups.flatMap((group, i) => group.length === 1 ? [] : [{
      id: ends[i],
      title: `${group.length} networks, ${group[0].links.has(group[1].network.id) ? EACH : 'not linked with each other'}`,
      frames: group.map(({ network }) => frames.get(network)!),
    }]),
    arrows: isTooMuch ? [] : [...arrows.map(pair => ({ ends: pair, isDirect: false })), ...partial],
    junctions: isTooMuch ? [] : numbered(junctions.map(of => ({ ends: of, label: EACH }))),
  };
}

const EACH = 'each with each';

function unitsOf(networks: readonly Network[]): Array<Unit<Network>> {
  const idOf = new Map(networks.flatMap(({ id, members }) => members.map(cluster => [cluster, id])));
  return networks.map(network => {
    const links = new Map<string, number>();
    network.members.flatMap(({ peers }) => peers).map(peer => idOf.get(peer)!).filter(id => id !== network.id)
      .forEach(id => links.set(id, (links.get(id) ?? 0) + 1));
    const isWhole = networks.every(({ id, members }) => [undefined, members.length * network.members.length].includes(links.get(id)));
    return { network, links, isWhole };
  });
}

function frameEnd({ id, members }: Network): string {
  return members.some(({ eastWestGateway }) => eastWestGateway) ? `g${id}` : id;
}

/** One sign for the gateways of a network, those that are alike in one line. */
function gatewaySigns({ id, members }: Network): GatewaySign[] {
  const lines = new Map<string, number>();
  members.filter(({ eastWestGateway }) => eastWestGateway).map(gatewayLine).forEach(line => lines.set(line, (lines.get(line) ?? 0) + 1));
  return lines.size === 0 ? [] : [{ id: `g${id}`, lines: [...lines].map(([line, times]) => members.length === 1 ? line : `${times} × ${line}`) }];
}

function gatewayLine({ eastWestGateway }: ClusterModel): string {
  const kind = inOneLine(addressKind(eastWestGateway!));
  return `${tlsPort(eastWestGateway!)} ${kind.length > MAX_KIND ? `${kind.slice(0, MAX_KIND - 1)}…` : kind}`;
}

/** The links within a network in words. */
function withinWords(members: readonly ClusterModel[]): string | undefined {
  const linked = linkedPairs(members).length;
  const possible = pairsOf(members.length);
  if (linked === 0) {
    return undefined;
  }
  const own = new Set(members);
  const hubs = members.filter(({ peers }) => peers.filter(peer => own.has(peer)).length === members.length - 1);
  const ofHubs = possible - pairsOf(members.length - hubs.length);
  const named = hubs.length === 1 ? hubs[0].name : counted(hubs.length, 'cluster');
  return linked === possible ? EACH
    : linked === ofHubs ? `${named} with each`
      : `${linked.toLocaleString('en')} of ${counted(possible, 'pair')} linked`;
}

function remarksOf(members: readonly ClusterModel[]): string[] {
  return members.length > 1 && linkedPairs(members).length === 0 ? ['not linked with each other'] : [];
}

/** Versions, revisions and tags of a cluster, and whether it is alone. */
function linesOf({ istioVersion, revision, canary, revisionTags, peers }: ClusterModel): string[] {
  return [
    `Istio ${istioVersion} · ${revisionLabel(revision)}`,
    ...canary ? [`canary ${canary.istioVersion} · ${canary.revision}`] : [],
    ...Object.entries(revisionTags).map(([tag, to]) => `tag ${tag} → ${revisionLabel(to)}`),
    ...peers.length === 0 ? ['linked with no other'] : [],
  ];
}

function numbered(junctions: ReadonlyArray<Omit<Junction, 'id'>>): Junction[] {
  return junctions.map((junction, i) => ({ id: `j${i + 1}`, ...junction }));
}
