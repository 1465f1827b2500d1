import type { Change } from './change';
import { command, Impact } from './change';
import type { Aspect, ClusterPair } from './cluster-pair';
import { differingIn } from './cluster-pair';
import { without } from './shown';
import type { ClusterModel, GatewayModel } from '../../definition/mesh-model';
import { revisionLabel } from '../../istio/revisions';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { isPrivate } from '../../settings/gateway-service';

type Told = Omit<Change, 'clusters'>;

export const NEW_ADDRESS = 'its address may change: peers take the new one as soon as its Service has it, and requests from other networks may fail until then; firewalls must know it';

/** The east-west gateway: whether there is one, how it is reached, and what follows. */
export const GATEWAY_ASPECTS: readonly Aspect[] = [
  { settings: /^eastWestGateway\.install$/, changes: pair => [presence(pair)] },
  { settings: /^eastWestGateway\.loadBalancer(\.\w+\.internal)?$/, changes: ofBoth(pair => [reach(pair)]) },
  { settings: /^eastWestGateway\.revision$/, changes: ofBoth(pair => [followed(pair)]) },
  { settings: /^eastWestGateway\.name$/, changes: ofBoth(pair => [name(pair)]) },
  { settings: /^exposedServices\.hosts$/, changes: ofBoth(hosts) },
];

/** What is told only of a gateway that was there and stays. */
function ofBoth(changes: Aspect['changes']): Aspect['changes'] {
  return pair => pair.before.eastWestGateway && pair.after.eastWestGateway ? changes(pair) : [];
}

function presence({ before, after }: ClusterPair): Told | undefined {
  const [older, newer] = [before.eastWestGateway, after.eastWestGateway];
  if (Boolean(older) === Boolean(newer)) {
    return undefined;
  }
  return newer ? {
    kind: 'gatewayAdded',
    impact: Impact.CHANGES,
    values: [after.network ?? ''],
    says: ({ text, isMany }, [network]) => `gateway${isMany ? 's' : ''} of ${text} ${isMany ? 'are' : 'is'} added, for ${network}`,
    consequence: 'other networks use it as soon as its Service has an address',
  } : {
    kind: 'gatewayRemoved',
    impact: Impact.INTERRUPTS,
    values: [before.network ?? ''],
    says: ({ text, isMany }, [network]) => `gateway${isMany ? 's' : ''} of ${text} ${isMany ? 'are' : 'is'} removed, for ${network}`,
    consequence: 'requests from other networks lose this way as soon as its objects are gone; kubectl and istioctl leave them, a GitOps tool that prunes does not',
  };
}

function reach(pair: ClusterPair): Told | undefined {
  const [older, newer] = [pair.before.eastWestGateway!, pair.after.eastWestGateway!];
  if (isPrivate(older) !== isPrivate(newer)) {
    return {
      kind: isPrivate(newer) ? 'gatewayInternal' : 'gatewayPublic',
      impact: Impact.INTERRUPTS,
      values: [isPrivate(newer) ? 'internal' : 'public', providerOf(newer)],
      says: ({ text, isMany }, [reached, provider]) => `gateway${isMany ? 's' : ''} of ${text} ${isMany ? 'become' : 'becomes'} ${reached} (${provider})`,
      consequence: NEW_ADDRESS,
    };
  }
  return providerOf(older) === providerOf(newer) ? undefined : {
    kind: 'loadBalancer',
    impact: Impact.INTERRUPTS,
    values: [providerOf(older), providerOf(newer)],
    says: ({ text, isMany }, [from, to]) => `load balancer of the gateway${isMany ? 's' : ''} of ${text}: ${from} → ${to}`,
    consequence: NEW_ADDRESS,
  };
}

/** Who gives the gateway its address. */
function providerOf(gateway: GatewayModel): string {
  return gateway.loadBalancer ? gateway.loadBalancer._kind : isPrivate(gateway) ? 'by annotations' : 'nothing says how';
}

function followed(pair: ClusterPair): Told | undefined {
  const [older, newer] = [pair.before, pair.after].map(followedBy);
  return older === newer ? undefined : {
    kind: 'gatewayFollows',
    impact: Impact.RESTARTS,
    values: [newer, older],
    says: ({ text, isMany }, [now, then]) => `gateway${isMany ? 's' : ''} of ${text} ${isMany ? 'follow' : 'follows'} ${now} instead of ${then}`,
    consequence: `restart it: ${command(`kubectl -n ${pair.after.namespace} rollout restart deployment/${pair.after.eastWestGateway!.name ?? DEFAULT_NAME}`)}`,
  };
}

function followedBy({ eastWestGateway, revisionTags }: ClusterModel): string {
  const revision = eastWestGateway!.revision ?? '';
  return Object.hasOwn(revisionTags, revision) ? `tag ${revision}` : `revision ${revisionLabel(revision)}`;
}

function name({ before, after }: ClusterPair): Told | undefined {
  const [older, newer] = [before, after].map(({ eastWestGateway }) => eastWestGateway!.name ?? DEFAULT_NAME);
  return older === newer ? undefined : {
    kind: 'gatewayName',
    impact: Impact.REBUILD,
    values: [older, newer],
    says: ({ text, isMany }, [from, to]) => `gateway${isMany ? 's' : ''} of ${text}: name ${from} → ${to}`,
    consequence: 'a second gateway with an address of its own; the old one takes requests until somebody removes its objects',
  };
}

function hosts(pair: ClusterPair): Array<Told | undefined> {
  if (differingIn(pair, /^exposedServices\.hosts$/).length === 0) {
    return [];
  }
  const [older, newer] = [pair.old, pair.new].map(leaves => leaves.get('exposedServices.hosts') as string[]);
  const [added, removed] = [without('hosts', newer, older), without('hosts', older, newer)];
  return [added.length === 0 ? undefined : {
    kind: 'hostsExposed',
    impact: Impact.CHANGES,
    values: [added.join(', ')],
    says: ({ text, isMany }, [some]) => `${text} ${isMany ? 'expose' : 'exposes'} ${some} to other networks`,
  }, removed.length === 0 ? undefined : {
    kind: 'hostsHidden',
    impact: Impact.INTERRUPTS,
    values: [removed.join(', ')],
    says: ({ text, isMany }, [some]) => `${text} ${isMany ? 'expose' : 'exposes'} ${some} no more`,
    consequence: 'requests from other networks for services that no other host covers are answered with 503',
  }];
}
