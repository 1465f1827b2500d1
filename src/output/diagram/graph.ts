/** What a diagram shows, independent of its format and layout. */
export interface MeshGraph {
  readonly meshID: string;
  /** The number of clusters, networks and linked pairs. */
  readonly summary: string;
  readonly frames: readonly NetworkFrame[];
  readonly groups: readonly NetworkGroup[];
  readonly arrows: readonly Arrow[];
  readonly junctions: readonly Junction[];
}

/** A network with its clusters. */
export interface NetworkFrame {
  readonly id: string;
  readonly network: string;
  readonly boxes: readonly ClusterBox[];
  /** The labels at the edge of the frame: one for each gateway, or one for all of them. */
  readonly gateways: readonly GatewayLabel[];
  /** Which clusters of the network are linked with each other, if no arrows show it. */
  readonly linkedWithin?: string;
  /** Other texts about its links. */
  readonly notes: readonly string[];
  /** Whether all its clusters are one node, because no arrow leads to a single one of them. */
  readonly isOneNode: boolean;
}

/** A cluster. */
export interface ClusterBox {
  readonly id: string;
  readonly name: string;
  /** Versions, revisions and tags, line by line. */
  readonly lines: readonly string[];
}

/** A label for one gateway, or for all gateways of a network. */
export interface GatewayLabel {
  readonly id: string;
  /** Box of the cluster, if the label is for one gateway. */
  readonly box?: string;
  readonly lines: readonly string[];
}

/** Networks with the same links, drawn as one node. */
export interface NetworkGroup {
  readonly id: string;
  readonly title: string;
  readonly frames: readonly NetworkFrame[];
}

/** A link in both directions between two nodes. */
export interface Arrow {
  readonly ends: readonly [string, string];
  /** How many pairs of clusters are linked, if not all of them are. */
  readonly label?: string;
  /** Whether the link is within a network, where pods reach each other without a gateway. */
  readonly isDirect: boolean;
}

/** A symbol for a full mesh: every two nodes that its lines lead to are linked, unless they share a network. */
export interface Junction {
  readonly id: string;
  readonly label: string;
  readonly ends: readonly string[];
  /** Frame of the network, for a full mesh within one network. */
  readonly frame?: string;
}

/** Label of a full mesh. */
export const FULL_MESH = 'full mesh';

/** The meaning of the symbols. */
export const LEGEND = {
  direct: 'linked on one network, pods reach each other directly',
  crossing: 'linked across networks, through the east-west gateways',
  gateway: 'east-west gateway: its port and the kind of its address',
} as const;
