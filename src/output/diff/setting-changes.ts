import { type Change, type ChangeDetails, type ClusterPair, Impact } from './change';
import { displayValue } from './display-value';
import type { FlatSettings } from './flat-settings';
import { NEW_ADDRESS } from './gateway-changes';
import { newKubeconfigHint } from './remote-secret-hints';

/** The effect of a change of settings that is described as `name: old → new`. */
interface SettingEffect {
  /** Matches the keys of the settings. */
  readonly settings: RegExp;
  readonly impact: Impact;
  readonly consequence?: (pair: ClusterPair) => string;
}

const AFTER_RESTART = () => 'pods keep the old setting until they restart';

/** The first entry that matches a setting applies; a setting without an entry takes effect when it is applied. */
const SETTING_EFFECTS: readonly SettingEffect[] = [
  { settings: /^namespace$/, impact: Impact.REBUILD, consequence: namespaceConsequence },
  {
    settings: /^values\.global\.proxy\.clusterDomain$/,
    impact: Impact.REBUILD,
    consequence: () => 'services get other host names than in clusters with another domain, '
      + 'and are not merged with the services there',
  },
  {
    settings: /^meshConfig\.trustDomain$/,
    impact: Impact.REBUILD,
    consequence: () => 'every workload gets a new identity: policies that name the old trust domain no longer match, '
      + 'and mTLS fails with clusters whose meshConfig.trustDomainAliases does not list the new one',
  },
  {
    settings: /^meshConfig\.trustDomainAliases$/,
    impact: Impact.INTERRUPTS,
    consequence: () => 'requests from workloads of a trust domain that is no longer listed are rejected',
  },
  {
    settings: /^(apiServer|caData|tlsServerName|proxyUrl)$/,
    impact: Impact.INTERRUPTS,
    consequence: newKubeconfigHint,
  },
  {
    settings: /^reader\.activeToken$/,
    impact: Impact.INTERRUPTS,
    consequence: pair => `${newKubeconfigHint(pair)}; retire the old token only after every peer has the new one`,
  },
  {
    settings: /^reader\.role$/,
    impact: Impact.CHANGES,
    consequence: () => 'this changes the ClusterRole of the reader, '
      + 'and an environment variable of each istiod that reads the cluster',
  },
  {
    settings: /^context$/,
    impact: Impact.CHANGES,
    consequence: () => 'nothing changes in the mesh: only the commands that istio-mesh prints and runs use the context',
  },
  { settings: /^peers$/, impact: Impact.CHANGES, consequence: () => 'the links stay the same' },
  { settings: /^(profile|hub|tag|canary\.(hub|tag))$/, impact: Impact.RESTARTS, consequence: AFTER_RESTART },
  { settings: /^compatibilityVersion$/, impact: Impact.RESTARTS },
  {
    settings: /^(meshConfig\.defaultConfig|values\.global\.proxy|values\.sidecarInjectorWebhook)\b/,
    impact: Impact.RESTARTS,
    consequence: AFTER_RESTART,
  },
  {
    settings: /^eastWestGateway\.(loadBalancer|service|ports)\b/,
    impact: Impact.INTERRUPTS,
    consequence: () => NEW_ADDRESS,
  },
  {
    settings: /^eastWestGateway\.networkPolicy\b/,
    impact: Impact.INTERRUPTS,
    consequence: () => 'a NetworkPolicy with ipBlocks lets only these clients reach the gateway',
  },
  {
    settings: /^eastWestGateway\.install$/,
    impact: Impact.CHANGES,
    consequence: () => 'no gateway is added or removed',
  },
];

const GATEWAY_SETTINGS = /^(eastWestGateway|exposedServices)\./;

/** Describes the change of one setting of a cluster. */
export function settingChange(pair: ClusterPair, key: string): ChangeDetails {
  const { after, settingsBefore, settingsAfter } = pair;
  const change = describeSetting(key, displayIfSet(settingsBefore, key), displayIfSet(settingsAfter, key));
  const description = { ...change, sentence: `{clusters}: ${change.sentence}` };
  if (GATEWAY_SETTINGS.test(key) && !after.eastWestGateway) {
    return { ...description, impact: Impact.CHANGES, consequence: 'no effect: the cluster has no gateway' };
  }
  const effect = SETTING_EFFECTS.find(({ settings }) => settings.test(key));
  return { ...description, impact: effect?.impact ?? Impact.CHANGES, consequence: effect?.consequence?.(pair) };
}

/** The value of a setting for the report; undefined if it is not set. */
export function displayIfSet(settings: FlatSettings, key: string): string | undefined {
  return settings.has(key) ? displayValue(key, settings.get(key)) : undefined;
}

/** Describes a setting whose value was set, removed or changed; both values are already formatted. */
export function describeSetting(
  key: string, before: string | undefined, after: string | undefined,
): Pick<Change, 'kind' | 'sentence' | 'values'> {
  const values = { key, before: before ?? '', after: after ?? '' };
  if (before === undefined) {
    return { kind: key, sentence: '{key} is set to {after}', values };
  }
  if (after === undefined) {
    return { kind: key, sentence: '{key} is no longer set (was {before})', values };
  }
  return { kind: key, sentence: before === after ? '{key} changes' : '{key}: {before} → {after}', values };
}

function namespaceConsequence({ before }: ClusterPair): string {
  const secrets = 'the Secret cacerts, reader tokens and remote secrets must be created in the new namespace';
  return `this installs a second control plane next to the old one, which stays until you remove it; ${secrets}${
    before.peers.length > 0 ? ', and peers lose access when the old reader service accounts are removed' : ''}`;
}
