import type { Change } from './change';
import { command, Impact } from './change';
import type { Aspect, ClusterPair } from './cluster-pair';
import { differingIn } from './cluster-pair';
import { CONTROL_PLANE_ASPECTS } from './control-plane-aspects';
import { GATEWAY_ASPECTS, NEW_ADDRESS } from './gateway-aspects';
import { shown, without } from './shown';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import type { CredentialDelivery } from '../../settings/remote-credentials/credential-delivery';
import { shellWord } from '../../util/shell-word';
import { unreachable } from '../../util/unreachable';

type Told = Omit<Change, 'clusters'>;

/** A setting whose old and new value tell all: `name: old → new`. */
interface PlainSetting {
  readonly settings: RegExp;
  readonly impact: Impact;
  readonly consequence?: (pair: ClusterPair) => string;
}

const AT_RESTART = () => 'pods have it from their next restart on';

/** What to know of settings that are told by their names; the first that fits counts. */
const PLAIN_SETTINGS: readonly PlainSetting[] = [
  {
    settings: /^namespace$/,
    impact: Impact.REBUILD,
    consequence: ({ before }) => 'another control plane beside the old one, which stays until somebody removes it; the Secret cacerts, reader tokens and links must be in the new namespace'
      + (before.peers.length > 0 ? ', and peers lose the old tokens with the old accounts' : ''),
  },
  {
    settings: /^values\.global\.proxy\.clusterDomain$/,
    impact: Impact.REBUILD,
    consequence: () => 'a service has another name than in clusters of another domain, and is not one service with theirs',
  },
  {
    settings: /^meshConfig\.trustDomain$/,
    impact: Impact.REBUILD,
    consequence: () => 'every identity is another: policies that name the old one do not fit, and handshakes fail with whoever does not have it in meshConfig.trustDomainAliases',
  },
  { settings: /^meshConfig\.trustDomainAliases$/, impact: Impact.INTERRUPTS, consequence: () => 'workloads of a trust domain that is no alias any more are refused' },
  { settings: /^(apiServer|caData|tlsServerName|proxyUrl)$/, impact: Impact.INTERRUPTS, consequence: newKubeconfig },
  { settings: /^reader\.activeToken$/, impact: Impact.INTERRUPTS, consequence: pair => `${newKubeconfig(pair)}; retire the old token not before every peer has the new one` },
  { settings: /^reader\.role$/, impact: Impact.CHANGES, consequence: () => 'the reader\'s ClusterRole, and a variable of the istiods that read the cluster' },
  { settings: /^context$/, impact: Impact.CHANGES, consequence: () => 'nothing in the mesh: the commands that are printed and run name it' },
  { settings: /^peers$/, impact: Impact.CHANGES, consequence: () => 'the same links as before' },
  { settings: /^(profile|hub|tag|canary\.(hub|tag))$/, impact: Impact.RESTARTS, consequence: AT_RESTART },
  { settings: /^compatibilityVersion$/, impact: Impact.RESTARTS },
  { settings: /^(meshConfig\.defaultConfig|values\.global\.proxy|values\.sidecarInjectorWebhook)\b/, impact: Impact.RESTARTS, consequence: AT_RESTART },
  { settings: /^eastWestGateway\.(loadBalancer|service|ports)\b/, impact: Impact.INTERRUPTS, consequence: () => NEW_ADDRESS },
  { settings: /^eastWestGateway\.networkPolicy\b/, impact: Impact.INTERRUPTS, consequence: () => 'whose address no block has reaches the gateway no more' },
  { settings: /^eastWestGateway\.install$/, impact: Impact.CHANGES, consequence: () => 'as before there is a gateway, or none' },
];

/** Settings of a gateway. */
const OF_GATEWAY = /^(eastWestGateway|exposedServices)\./;

/** A setting by its name. */
export function plainChange(pair: ClusterPair, key: string): Told {
  const { after, old, new: now } = pair;
  const { impact, consequence } = PLAIN_SETTINGS.find(({ settings }) => settings.test(key)) ?? { impact: Impact.CHANGES };
  const hasNoEffect = OF_GATEWAY.test(key) && !after.eastWestGateway;
  return {
    ...plainTold(key, old.has(key) ? shown(key, old.get(key)) : undefined, now.has(key) ? shown(key, now.get(key)) : undefined),
    impact: hasNoEffect ? Impact.CHANGES : impact,
    consequence: hasNoEffect ? 'no effect now: the cluster has no gateway' : consequence?.(pair),
  };
}

/** What is told of a setting, of the mesh or of a cluster, that differs. */
export function plainTold(key: string, older: string | undefined, newer: string | undefined): Pick<Change, 'kind' | 'values' | 'says'> {
  return {
    kind: key,
    values: [key, older ?? '', newer ?? ''],
    says: ({ text }, [setting, from, to]) => `${text ? `${text}: ` : ''}${setting}${older === undefined ? ` is set: ${to}`
      : newer === undefined ? ` is no longer set, it was ${from}` : older === newer ? ' changes' : `: ${from} → ${to}`}`,
  };
}

/** What becomes of the kubeconfigs with which the peers read a cluster. */
function newKubeconfig({ after, compared: { file } }: ClusterPair): string {
  return after.peers.length === 0 ? 'nobody reads the cluster'
    : `its peers read it with another kubeconfig, without a restart: ${deliveryOf(after.remoteCredentials._delivery, file)}`;
}

function deliveryOf(delivery: CredentialDelivery, file: string): string {
  switch (delivery.kind) {
    case 'linked': return `run ${linkCommand(file)}`;
    case 'tree': return 'it is in their trees';
    case 'store': return 'External Secrets brings it';
    case 'external': return 'whoever brings it must know';
    default: return unreachable(delivery);
  }
}

/** The command that writes links. */
export function linkCommand(file: string, options = ''): string {
  return command(`istio-mesh link ${shellWord(file)}${options}`);
}

/** What is compared in a cluster, with what is told of it; whatever nobody tells of is told by its name. */
export const CLUSTER_ASPECTS: readonly Aspect[] = [
  { settings: /^(network|eastWestGateway\.network)$/, changes: pair => [network(pair)] },
  ...CONTROL_PLANE_ASPECTS,
  ...GATEWAY_ASPECTS,
  {
    settings: /^installer\b/,
    changes: pair => [family(pair, 'installer', ({ before }) =>
      `the new one does not take over what ${before.installer._kind} made, or refuses it (Helm, what is not labelled as its own): hand over one cluster at a time`)],
  },
  {
    settings: /^trust\b/,
    changes: pair => [family(pair, 'trust', () =>
      'keep the root: an istiod takes another intermediate of it while it runs, and refuses another root')],
  },
  {
    settings: /^remoteCredentials\b/,
    changes: pair => [family(pair, 'remoteCredentials', newKubeconfig)],
  },
  { settings: /^resources$/, changes: resources },
];

function network({ before, after }: ClusterPair): Told | undefined {
  return before.network === after.network ? undefined : {
    kind: 'network',
    impact: Impact.REBUILD,
    values: [before.network ?? 'none', after.network ?? 'none'],
    says: ({ text, isMany }, [from, to]) => `${text} ${isMany ? 'move' : 'moves'} from ${from} to ${to}`,
    consequence: `pods say the old network until they restart, and whoever believes them sends to addresses that may be out of reach${
      before.eastWestGateway && after.eastWestGateway && after.installer._output.appliedBy !== 'helm'
        ? `; delete the Deployment ${command(before.eastWestGateway.name ?? DEFAULT_NAME)} before the new one is applied: its selector has the network, and is immutable` : ''}`,
  };
}

/** Another member of a family, or other settings of the same, of which the names are told and no values. */
function family(pair: ClusterPair, setting: 'installer' | 'trust' | 'remoteCredentials', consequence: (pair: ClusterPair) => string): Told | undefined {
  const settings = new RegExp(`^${setting}\\b`);
  if (differingIn(pair, settings).length === 0) {
    return undefined;
  }
  const [older, newer] = [pair.before, pair.after].map(cluster => cluster[setting]._kind);
  const keys = differingIn(pair, settings).map(key => key.slice(`${setting}.${newer}.`.length)).filter(key => key !== '');
  return {
    kind: setting,
    impact: Impact.INTERRUPTS,
    values: older === newer ? [setting, newer, keys.join(', ')] : [setting, older, newer],
    says: older === newer
      ? ({ text }, [name, member, names]) => `${text}: ${name} ${member} has other settings${names && ` (${names})`}`
      : ({ text }, [name, from, to]) => `${text}: ${name} ${from} → ${to}`,
    consequence: consequence(pair),
  };
}

function resources(pair: ClusterPair): Array<Told | undefined> {
  const { before, after } = pair;
  const [added, removed] = [without('resources', after.resources, before.resources), without('resources', before.resources, after.resources)];
  return [added.length === 0 ? undefined : {
    kind: 'resourcesAdded',
    impact: Impact.CHANGES,
    values: [added.join(', ')],
    says: ({ text }, [globs]) => `${text}: resources ${globs} added`,
  }, removed.length === 0 ? undefined : {
    kind: 'resourcesRemoved',
    impact: Impact.CHANGES,
    values: [removed.join(', ')],
    says: ({ text }, [globs]) => `${text}: resources ${globs} removed`,
    consequence: 'kubectl leaves their objects in the cluster, a GitOps tool that prunes does not',
  }];
}
