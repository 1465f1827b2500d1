import {
  type ChangeDetails, type ChangeDetector, type ClusterPair, codeSpan, differingKeysMatching, Impact, valueChange,
} from './change';
import { entriesChange } from './display-value';
import type { ClusterModel, GatewayModel } from '../../definition/mesh-model';
import { revisionLabel } from '../../istio/revisions';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { isPrivate } from '../../settings/gateway-service';

/** Consequence of a change after which a gateway may have a new address. */
export const NEW_ADDRESS = 'the address may change: peers use the new one as soon as the Service has it, '
  + 'and requests from other networks may fail until then; update your firewall rules';

const EXPOSED_HOSTS = /^exposedServices\.hosts$/;

/** The east-west gateway: whether there is one, how it is reached, and what it exposes. */
export const GATEWAY_DETECTORS: readonly ChangeDetector[] = [
  { settings: /^eastWestGateway\.install$/, detect: pair => [installChange(pair)] },
  {
    settings: /^eastWestGateway\.loadBalancer(\.\w+\.internal)?$/,
    detect: ifGatewayStays(pair => [accessChange(pair) ?? loadBalancerChange(pair)]),
  },
  { settings: /^eastWestGateway\.revision$/, detect: ifGatewayStays(pair => [revisionChange(pair)]) },
  { settings: /^eastWestGateway\.name$/, detect: ifGatewayStays(pair => [nameChange(pair)]) },
  { settings: EXPOSED_HOSTS, detect: ifGatewayStays(hostChanges) },
];

/** Limits a detector to clusters that have a gateway before and after the change. */
function ifGatewayStays(detect: ChangeDetector['detect']): ChangeDetector['detect'] {
  return pair => pair.before.eastWestGateway && pair.after.eastWestGateway ? detect(pair) : [];
}

const GATEWAY = '{gateway|gateways} of {clusters}';

function installChange({ before, after }: ClusterPair): ChangeDetails | undefined {
  if (Boolean(before.eastWestGateway) === Boolean(after.eastWestGateway)) {
    return undefined;
  }
  if (after.eastWestGateway) {
    return {
      kind: 'gatewayAdded',
      impact: Impact.CHANGES,
      sentence: `${GATEWAY} {is|are} added for {network}`,
      values: { network: after.network ?? '' },
      consequence: 'other networks use it as soon as its Service has an address',
    };
  }
  return {
    kind: 'gatewayRemoved',
    impact: Impact.INTERRUPTS,
    sentence: `${GATEWAY} {is|are} removed for {network}`,
    values: { network: before.network ?? '' },
    consequence: 'requests from other networks can no longer use it once its objects are deleted: '
      + 'kubectl and istioctl leave them in the cluster, a GitOps tool with pruning deletes them',
  };
}

/** Whether the gateway becomes public or internal. */
function accessChange({ before, after }: ClusterPair): ChangeDetails | undefined {
  const [wasInternal, isInternal] = [isPrivate(before.eastWestGateway!), isPrivate(after.eastWestGateway!)];
  return wasInternal === isInternal ? undefined : {
    kind: isInternal ? 'gatewayInternal' : 'gatewayPublic',
    impact: Impact.INTERRUPTS,
    sentence: `${GATEWAY} {becomes|become} {access} ({provider})`,
    values: { access: isInternal ? 'internal' : 'public', provider: addressProvider(after.eastWestGateway!) },
    consequence: NEW_ADDRESS,
  };
}

/** Whether another provider assigns the address. */
function loadBalancerChange(pair: ClusterPair): ChangeDetails | undefined {
  const [before, after] = [pair.before, pair.after].map(cluster => addressProvider(cluster.eastWestGateway!));
  return valueChange(before, after, {
    kind: 'loadBalancer',
    impact: Impact.INTERRUPTS,
    sentence: `load balancer of the ${GATEWAY}: {before} → {after}`,
    consequence: NEW_ADDRESS,
  });
}

/** What assigns the address of a gateway. */
function addressProvider(gateway: GatewayModel): string {
  if (gateway.loadBalancer) {
    return gateway.loadBalancer._kind;
  }
  return isPrivate(gateway) ? 'by annotations' : 'cluster default';
}

function revisionChange({ before, after }: ClusterPair): ChangeDetails | undefined {
  const deployment = `deployment/${after.eastWestGateway!.name ?? DEFAULT_NAME}`;
  return valueChange(gatewayRevision(before), gatewayRevision(after), {
    kind: 'gatewayFollows',
    impact: Impact.RESTARTS,
    sentence: `${GATEWAY} {uses|use} {after} instead of {before}`,
    consequence: `restart it: ${codeSpan(`kubectl -n ${after.namespace} rollout restart ${deployment}`)}`,
  });
}

function gatewayRevision({ eastWestGateway, revisionTags }: ClusterModel): string {
  const revision = eastWestGateway!.revision ?? '';
  return Object.hasOwn(revisionTags, revision) ? `tag ${revision}` : `revision ${revisionLabel(revision)}`;
}

function nameChange({ before, after }: ClusterPair): ChangeDetails | undefined {
  const [oldName, newName] = [before, after].map(({ eastWestGateway }) => eastWestGateway!.name ?? DEFAULT_NAME);
  return valueChange(oldName, newName, {
    kind: 'gatewayName',
    impact: Impact.REBUILD,
    sentence: `${GATEWAY}: name {before} → {after}`,
    consequence: 'this creates a second gateway with its own address; '
      + 'the old one receives requests until you delete its objects',
  });
}

function hostChanges(pair: ClusterPair): Array<ChangeDetails | undefined> {
  if (differingKeysMatching(pair, EXPOSED_HOSTS).length === 0) {
    return [];
  }
  const [before, after] = [pair.settingsBefore, pair.settingsAfter]
    .map(settings => settings.get('exposedServices.hosts') as string[]);
  return [
    entriesChange(after, before, {
      kind: 'hostsExposed',
      impact: Impact.CHANGES,
      sentence: '{clusters} {exposes|expose} {entries} to other networks',
    }),
    entriesChange(before, after, {
      kind: 'hostsHidden',
      impact: Impact.INTERRUPTS,
      sentence: '{clusters} no longer {exposes|expose} {entries}',
      consequence: 'requests from other networks to services that no remaining host matches fail with 503',
    }),
  ];
}
