import {
  type ChangeDetails, type ChangeDetector, type ClusterPair, codeSpan, differingKeysMatching, Impact, valueChange,
} from './change';
import { CONTROL_PLANE_DETECTORS } from './control-plane-changes';
import { entriesChange } from './display-value';
import { GATEWAY_DETECTORS } from './gateway-changes';
import { newKubeconfigHint } from './remote-secret-hints';
import type { GatewayModel } from '../../definition/mesh-model';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';

/** Everything in a cluster whose change needs more than `name: old → new`; see `settingChange` for the rest. */
export const CLUSTER_DETECTORS: readonly ChangeDetector[] = [
  { settings: /^(network|eastWestGateway\.network)$/, detect: pair => [networkChange(pair)] },
  ...CONTROL_PLANE_DETECTORS,
  ...GATEWAY_DETECTORS,
  { settings: /^installer\b/, detect: pair => [providerChange(pair, 'installer', installerConsequence)] },
  {
    settings: /^trust\b/,
    detect: pair => [providerChange(pair, 'trust', () =>
      'keep the root CA: a running istiod accepts another intermediate CA of the same root, but rejects another root')],
  },
  { settings: /^remoteCredentials\b/, detect: pair => [providerChange(pair, 'remoteCredentials', newKubeconfigHint)] },
  { settings: /^resources$/, detect: resourcesChanges },
];

function networkChange({ before, after }: ClusterPair): ChangeDetails | undefined {
  const keepsGateway = before.eastWestGateway && after.eastWestGateway;
  const hasGatewayWithFixedSelector = keepsGateway && after.installer._output.appliedBy !== 'helm';
  return valueChange(before.network ?? 'none', after.network ?? 'none', {
    kind: 'network',
    impact: Impact.REBUILD,
    sentence: '{clusters} {moves|move} from {before} to {after}',
    consequence: 'pods report the old network until they restart, so other pods may send requests to addresses '
      + `that they cannot reach${hasGatewayWithFixedSelector ? `; ${deleteDeployment(before.eastWestGateway!)}` : ''}`,
  });
}

function deleteDeployment({ name = DEFAULT_NAME }: GatewayModel): string {
  return `delete the Deployment ${codeSpan(name)} before you apply the new one: `
    + 'its selector contains the network and is immutable';
}

function installerConsequence({ before }: ClusterPair): string {
  return `the new installer ignores the objects that ${before.installer._kind} created, `
    + 'or fails on them (Helm rejects objects without its own labels): migrate one cluster at a time';
}

/** Another provider, or other settings of the same one, which are listed without their values. */
function providerChange(
  pair: ClusterPair, setting: 'installer' | 'trust' | 'remoteCredentials', consequence: (pair: ClusterPair) => string,
): ChangeDetails | undefined {
  const differing = differingKeysMatching(pair, new RegExp(`^${setting}\\b`));
  if (differing.length === 0) {
    return undefined;
  }
  const [before, after] = [pair.before, pair.after].map(cluster => cluster[setting]._kind);
  const details = { kind: setting, impact: Impact.INTERRUPTS, consequence: consequence(pair) };
  if (before !== after) {
    return {
      ...details,
      sentence: '{clusters}: {setting} {before} → {after}',
      values: { setting, before, after },
    };
  }
  const keys = differing.map(key => key.slice(`${setting}.${after}.`.length)).filter(key => key !== '');
  return {
    ...details,
    sentence: `{clusters}: settings of {setting} {after} change${keys.length > 0 ? ' ({keys})' : ''}`,
    values: { setting, after, keys: keys.join(', ') },
  };
}

function resourcesChanges({ before, after }: ClusterPair): Array<ChangeDetails | undefined> {
  return [
    entriesChange(after.resources, before.resources, {
      kind: 'resourcesAdded',
      impact: Impact.CHANGES,
      sentence: '{clusters}: resources {entries} added',
    }),
    entriesChange(before.resources, after.resources, {
      kind: 'resourcesRemoved',
      impact: Impact.CHANGES,
      sentence: '{clusters}: resources {entries} removed',
      consequence: 'kubectl leaves their objects in the cluster, a GitOps tool with pruning deletes them',
    }),
  ];
}
