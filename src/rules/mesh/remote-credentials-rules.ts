import { lifted, ofCluster, ofEachCluster } from './cluster-rule';
import { minor } from './name-rules';
import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { CREDENTIALS_CONTROLLER, givenEnvironment, givenOverlay, KUBECONFIG_OPTIONS, KUBECONFIG_PATH } from '../../istio/istiod-environment';
import { ReaderRole } from '../../settings/reader-options';
import { istiodRequirements } from '../../settings/remote-credentials/credential-delivery';
import { keyOf, storeRef } from '../../settings/remote-credentials/external-secrets-options';
import { hasLinks, linkTarget } from '../../settings/remote-credentials/links';
import type { Path } from '../../util/path';
import { CREDENTIAL_SETTINGS_RULES, TEMPLATE_RULES } from '../construct/api-server-rules';

const MULTICLUSTER = 'https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars';

/** What the istiods that read a cluster must be told, and whether they can be. */
export const REMOTE_CREDENTIALS_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM070',
    severity: Severity.ERROR,
    title: 'a variable of istiod that reading its peers asks for is not said otherwise',
    symptom: 'istiod refuses the links of some peers, or never syncs with them',
    fix: 'remove the variable: the library sets it',
    see: MULTICLUSTER,
    check: ofEachCluster(contradictions),
  },
  {
    code: 'IM071',
    severity: Severity.ERROR,
    title: 'istiod finds all of its peers in one directory of files, or all of them in Secrets',
    symptom: 'the peers whose links are in Secrets are not among \'istioctl remote-clusters\', and traffic stays local',
    fix: 'give all of its peers the same external.kubeconfigPath, or none',
    see: 'https://github.com/istio/istio/pull/58927',
    check: ofEachCluster(otherSources),
  },
  ...lifted(CREDENTIAL_SETTINGS_RULES, cluster => cluster.remoteCredentials, 'remoteCredentials'),
  {
    code: 'IM073',
    severity: Severity.ERROR,
    title: 'istiod has the variables by which it is told how to read its peers',
    symptom: 'istiod waits for Secrets that nobody makes, or for rights that it does not get',
    fix: 'upgrade Istio first, or read the peers in another way',
    see: 'https://istio.io/latest/news/releases/',
    check: ofEachCluster(missingVariables),
  },
  {
    code: 'IM074',
    severity: Severity.ERROR,
    title: 'the reader accounts of linked clusters have one role',
    symptom: 'an account may read Secrets, and whoever has its token can, though no istiod does',
    fix: 'give linked clusters the same reader.role',
    see: 'https://github.com/istio/istio/issues/59845',
    check: ofEachCluster(({ reader, peers }) => {
      const minimal = reader.role === ReaderRole.MINIMAL ? undefined : peers.find(peer => peer.reader.role === ReaderRole.MINIMAL);
      return [found(['reader', 'role'], minimal && `reader.role is 'full', and '${ReaderRole.MINIMAL}' at its peer '${minimal.name}': istiod is told for all of its peers alike whether to read their Secrets; give linked clusters the same`)];
    }),
  },
  {
    code: 'IM075',
    severity: Severity.ERROR,
    title: 'no two clusters push their kubeconfig to one place of a store',
    symptom: 'two names lead to one cluster by turns, to whichever pushed last',
    fix: 'have $(cluster) in the key, or leave it out',
    see: 'https://external-secrets.io/latest/api/pushsecret/',
    check: pushedKeysDiffer,
  },
  ...lifted(TEMPLATE_RULES, ({ peers, remoteCredentials, apiServer, apiServerProps: { tlsServerName, proxyUrl } }) =>
    peers.length > 0 && remoteCredentials._delivery.kind === 'store' ? { apiServer, tlsServerName, proxyUrl } : undefined),
  {
    code: 'IM077',
    severity: Severity.WARNING,
    title: 'istiod takes no kubeconfig that runs programs or reads files',
    symptom: 'whoever may write a Secret in istiod\'s namespace has what istiod has: its files, and its rights in every cluster',
    fix: 'use a token, a client certificate or oidc, or acknowledge the warning',
    see: 'https://github.com/istio/istio/issues/61773',
    check: ofEachCluster(({ peers, remoteCredentials: { _delivery: delivery } }) => [found(['remoteCredentials'],
      peers.length > 0 && delivery.kind === 'tree' && delivery.optIn ? `remoteCredentials: ${delivery.optIn.risk}; use other credentials if you can` : undefined)]),
  },
  {
    code: 'IM080',
    severity: Severity.WARNING,
    title: 'istiod is not told to leave the Secrets of its peers alone while that ends it',
    symptom: 'istiod ends with "(*CredentialsController).HasSynced(0x0)" as soon as it reads a peer, again and again',
    fix: 'leave reader.role at full until your Istio has the mend',
    see: 'https://github.com/istio/istio/pull/59874',
    check: ofEachCluster(({ reader, peers }) => [found(['reader', 'role'], reader.role !== ReaderRole.MINIMAL || peers.length === 0 ? undefined
      : `reader.role is '${ReaderRole.MINIMAL}', with which istiod was seen to end as soon as it reads a peer (Istio's master of August 2026); leave it at '${ReaderRole.FULL}' until your Istio has the mend`)]),
  },
  {
    code: 'IM082',
    severity: Severity.WARNING,
    title: 'links are sealed for a certificate of the cluster\'s own controller',
    symptom: 'the SealedSecret says "no key could decrypt secret", and istiod never gets the link',
    fix: 'have $(cluster) in the path of the certificate, or acknowledge the warning where the controllers have one key',
    see: 'https://github.com/bitnami-labs/sealed-secrets',
    check: sealingCertificatesDiffer,
  },
];

const PILOT_ENV: Path = ['values', 'pilot', 'env'];

function contradictions({ environment, settings }: ClusterModel): Array<Finding | undefined> {
  const given = givenEnvironment(settings.values);
  const overlay = givenOverlay(settings.components);
  return Object.entries(environment).flatMap(([name, value]) => {
    const contradiction = (said: string | undefined) => said === undefined || said === value ? undefined
      : `${name} is '${said}' here, and reading the peers asks for '${value}', which the library sets; remove it here`;
    return [
      found([...PILOT_ENV, name], name === KUBECONFIG_OPTIONS ? undefined : contradiction(given[name])), // the user's own words stay in the list
      ...overlay.map((entry, i) => found(['components', 'pilot', 'k8s', 'env', i], entry.variable === name ? contradiction(entry.value) : undefined)),
    ];
  });
}

function otherSources({ peers, settings, environment }: ClusterModel): Array<Finding | undefined> {
  const ofFiles = peers.find(peer => kubeconfigPath(peer) !== undefined);
  if (!ofFiles) {
    const path = givenEnvironment(settings.values)[KUBECONFIG_PATH];
    const ofSecrets = peers.find(({ remoteCredentials }) => remoteCredentials._delivery.kind !== 'external');
    return [found([...PILOT_ENV, KUBECONFIG_PATH], path && ofSecrets
      && `${KUBECONFIG_PATH} has istiod read files alone, and '${ofSecrets.name}' would be in a Secret; remove it, or say it with external.kubeconfigPath in the remoteCredentials of all peers`)];
  }
  const path = environment[KUBECONFIG_PATH];
  const other = peers.find(peer => kubeconfigPath(peer) !== path);
  const where = other && kubeconfigPath(other);
  return [found(['peers'], other && `its istiod would read '${ofFiles.name}' from files in '${path}' and then looks nowhere else, while '${other.name}' would be in ${where ? `'${where}'` : 'a Secret'}; `
    + 'give all of its peers the same external.kubeconfigPath, or none')];
}

function kubeconfigPath({ remoteCredentials }: ClusterModel): string | undefined {
  return istiodRequirements(remoteCredentials).kubeconfigPath;
}

function pushedKeysDiffer({ meshID, clusters }: MeshModel): Finding[] {
  const first = new Map<string, ClusterModel>();
  return clusters.flatMap(cluster => {
    const delivery = cluster.remoteCredentials._delivery;
    if (delivery.kind !== 'store' || cluster.peers.length === 0) {
      return [];
    }
    const { options } = delivery;
    const remoteKey = keyOf(options, meshID, cluster.name);
    const place = JSON.stringify([storeRef(options.secretStoreRef), remoteKey, options.property]);
    const other = first.get(place) ?? cluster;
    first.set(place, other);
    return other.name === cluster.name ? [] : [ofCluster(cluster, ['remoteCredentials'],
      `remoteCredentials: externalSecrets.remoteKey '${remoteKey}' is that of '${other.name}' already, which would replace what this cluster pushes; have $(cluster) in it`)];
  });
}

function sealingCertificatesDiffer({ clusters }: MeshModel): Finding[] {
  const first = new Map<string, ClusterModel>();
  return clusters.flatMap(cluster => {
    const target = linkTarget(cluster);
    const certificate = target.kind === 'sealedSecrets' ? target.options.certificate : undefined;
    if (certificate === undefined || !hasLinks(cluster)) {
      return [];
    }
    const other = first.get(certificate) ?? cluster;
    first.set(certificate, other);
    return other.name === cluster.name ? [] : [ofCluster(cluster, ['remoteCredentials'],
      `remoteCredentials: linked.into.sealedSecrets.certificate '${certificate}' is that of '${other.name}' too, and a controller opens what is sealed for its own; have $(cluster) in it`)];
  });
}

/** The minor version of Istio 1 in which each variable is new. */
const SINCE: { readonly [variable: string]: number } = { [KUBECONFIG_PATH]: 30, [CREDENTIALS_CONTROLLER]: 31 };

function missingVariables({ environment, istioVersion, canary }: ClusterModel): Array<Finding | undefined> {
  const problem = (field: string, name: string, version: string | undefined) => (minor(version) ?? SINCE[name]) >= SINCE[name] ? undefined
    : `${field} '${version}' has no ${name}, which reading the peers asks for; upgrade to 1.${SINCE[name]} or newer`;
  return Object.keys(environment).filter(name => name in SINCE).flatMap(name => [
    found(['istioVersion'], problem('istioVersion', name, istioVersion)),
    found(['canary', 'istioVersion'], canary && problem('canary.istioVersion', name, canary.istioVersion)),
  ]);
}
