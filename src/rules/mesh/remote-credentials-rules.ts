import { checkEachCluster, checkSetting, checkShared, rulesOfPart } from './cluster-rule';
import { minor } from './name-rules';
import { type MaybeProblem, type Rules, type Violation, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import {
  CREDENTIALS_CONTROLLER, givenEnvironment, givenOverlay, KUBECONFIG_OPTIONS, KUBECONFIG_PATH,
} from '../../istio/istiod-environment';
import { ReaderRole } from '../../settings/reader-options';
import { istiodRequirements } from '../../settings/remote-credentials/credential-delivery';
import { keyOf, storeRef } from '../../settings/remote-credentials/external-secrets-options';
import { hasLinkFiles, linkTarget } from '../../settings/remote-credentials/links';
import type { Path } from '../../util/path';
import { type ApiServerSubject, CREDENTIAL_SETTINGS_RULES, TEMPLATE_RULES } from '../construct/api-server-rules';

const PILOT_DISCOVERY = 'https://istio.io/latest/docs/reference/commands/pilot-discovery/#envvars';

/** Rules for the credentials with which istiod reads its peers, and for the settings that istiod needs for them. */
export const REMOTE_CREDENTIALS_RULES: Rules<MeshModel> = [
  {
    code: 'IM070',
    severity: Severity.ERROR,
    title: 'variables that istiod needs to read its peers are not set to other values',
    symptom: 'istiod rejects the remote secrets of some peers, or never syncs with these peers',
    fix: 'remove the variable, which the library sets',
    see: PILOT_DISCOVERY,
    check: checkEachCluster(conflictingVariables),
  },
  {
    code: 'IM071',
    severity: Severity.ERROR,
    title: 'istiod reads the kubeconfigs of all peers from one directory of files, or all from Secrets',
    symptom: 'peers whose kubeconfigs are in Secrets are missing from \'istioctl remote-clusters\', and traffic stays '
      + 'local',
    fix: 'set the same external.kubeconfigPath for all of its peers, or for none',
    see: 'https://github.com/istio/istio/pull/58927',
    check: checkEachCluster(conflictingSources),
  },
  ...rulesOfPart(CREDENTIAL_SETTINGS_RULES, cluster => cluster.remoteCredentials, 'remoteCredentials'),
  {
    code: 'IM073',
    severity: Severity.ERROR,
    title: 'the Istio version supports the variables that configure how istiod reads its peers',
    symptom: 'istiod waits for Secrets that no component creates, or for permissions that it is not granted',
    fix: 'upgrade Istio first, or use other credentials',
    see: 'https://istio.io/latest/news/releases/',
    check: checkEachCluster(unsupportedVariables),
  },
  {
    code: 'IM074',
    severity: Severity.ERROR,
    title: 'the reader service accounts of linked clusters have the same role',
    symptom: 'a reader service account may read Secrets, and so can anyone who has its token, although no istiod does',
    fix: 'set the same reader.role in linked clusters',
    see: 'https://github.com/istio/istio/issues/59845',
    check: checkSetting(['reader', 'role'], differentRole),
  },
  {
    code: 'IM075',
    severity: Severity.ERROR,
    title: 'no two clusters push their kubeconfig to the same place in a store',
    symptom: 'two names refer to the same cluster: the one that pushed last',
    fix: 'include $(cluster) in the key, or remove the key',
    see: 'https://external-secrets.io/latest/api/pushsecret/',
    check: checkShared(['remoteCredentials'], (cluster, { meshID }) => {
      const options = pushOptions(cluster);
      return options && JSON.stringify(
        [storeRef(options.secretStoreRef), keyOf(options, meshID, cluster.name), options.property]);
    }, (cluster, other, { meshID }) => problem('remoteCredentials: externalSecrets.remoteKey '
      + `'${keyOf(pushOptions(cluster)!, meshID, cluster.name)}' is already used by '${other.name}', so each would `
      + 'overwrite the kubeconfig of the other', 'include $(cluster) in it')),
  },
  ...rulesOfPart(TEMPLATE_RULES, templateSubject),
  {
    code: 'IM077',
    severity: Severity.WARNING,
    title: 'istiod accepts no kubeconfig that runs programs or reads files',
    symptom: 'anyone who can write a Secret in the namespace of istiod gains its files, and its permissions in every '
      + 'cluster',
    fix: 'use a token, a client certificate or oidc, or acknowledge the warning',
    see: 'https://github.com/istio/istio/issues/61773',
    check: checkSetting(['remoteCredentials'], ({ peers, remoteCredentials: { _delivery: delivery } }) =>
      peers.length !== 0 && delivery.kind === 'tree' && delivery.optIn
        && problem(`remoteCredentials: ${delivery.optIn.risk}`, 'use other credentials if you can')),
  },
  {
    code: 'IM080',
    severity: Severity.WARNING,
    title: 'reader.role is full as long as istiod crashes with the role minimal',
    symptom: 'istiod crashes with "(*CredentialsController).HasSynced(0x0)" whenever it reads a peer',
    fix: 'leave reader.role at full until your Istio version has the fix',
    see: 'https://github.com/istio/istio/pull/59874',
    check: checkSetting(['reader', 'role'], ({ reader, peers }) =>
      reader.role === ReaderRole.MINIMAL && peers.length !== 0
        && problem(
          `reader.role is '${ReaderRole.MINIMAL}', with which istiod crashed as soon as it read a peer `
            + '(Istio\'s master branch of August 2026)',
          `leave it at '${ReaderRole.FULL}' until your Istio version has the fix`,
        )),
  },
  {
    code: 'IM082',
    severity: Severity.WARNING,
    title: 'remote secrets are sealed with the certificate of the controller in their own cluster',
    symptom: 'the SealedSecret reports "no key could decrypt secret", and istiod never gets the remote secret',
    fix: 'include $(cluster) in the path of the certificate, or acknowledge the warning if the controllers share a key',
    see: 'https://github.com/bitnami-labs/sealed-secrets',
    check: checkShared(['remoteCredentials'], sealingCertificate, (cluster, other) => problem(
      `remoteCredentials: linked.into.sealedSecrets.certificate '${sealingCertificate(cluster)}' is also used by `
        + `'${other.name}', but a controller decrypts only what was sealed for it`, 'include $(cluster) in the path')),
  },
];

const PILOT_ENV: Path = ['values', 'pilot', 'env'];

function conflictingVariables({ environment, settings }: ClusterModel): Violation[] {
  const inValues = givenEnvironment(settings.values);
  const overlay = givenOverlay(settings.components);
  return Object.entries(environment).flatMap(([name, required]) => {
    const conflict = (configured: string | undefined) => configured === undefined || configured === required ? undefined
      : problem(`${name} is set to '${configured}', but the peers require '${required}', which the library sets`,
        'remove it');
    return [
      // the library adds its options to those in the values
      ...violations([...PILOT_ENV, name], name !== KUBECONFIG_OPTIONS && conflict(inValues[name])),
      ...overlay.flatMap(({ variable, value }, i) =>
        violations(['components', 'pilot', 'k8s', 'env', i], variable === name && conflict(value))),
    ];
  });
}

function conflictingSources({ peers, settings, environment }: ClusterModel): Violation[] {
  const fromFiles = peers.find(peer => kubeconfigPath(peer) !== undefined);
  if (!fromFiles) {
    const configured = givenEnvironment(settings.values)[KUBECONFIG_PATH];
    const fromSecret = peers.find(({ remoteCredentials }) => remoteCredentials._delivery.kind !== 'external');
    return violations([...PILOT_ENV, KUBECONFIG_PATH], configured && fromSecret
      && problem(`${KUBECONFIG_PATH} makes istiod read only files, but the kubeconfig of '${fromSecret.name}' would be `
        + 'in a Secret', 'remove it, or set external.kubeconfigPath in the remoteCredentials of all peers'));
  }
  const path = environment[KUBECONFIG_PATH];
  const other = peers.find(peer => kubeconfigPath(peer) !== path);
  const otherPath = other && kubeconfigPath(other);
  const otherSource = otherPath ? `'${otherPath}'` : 'a Secret';
  return violations(['peers'], other && problem(
    `its istiod would read the kubeconfig of '${fromFiles.name}' from files in '${path}' and nowhere else, but that of `
      + `'${other.name}' would be in ${otherSource}`,
    'set the same external.kubeconfigPath for all of its peers, or for none',
  ));
}

function kubeconfigPath({ remoteCredentials }: ClusterModel): string | undefined {
  return istiodRequirements(remoteCredentials).kubeconfigPath;
}

/** The minor version of Istio 1 that introduced each variable. */
const SINCE: { readonly [variable: string]: number } = { [KUBECONFIG_PATH]: 30, [CREDENTIALS_CONTROLLER]: 31 };

function unsupportedVariables({ environment, istioVersion, canary }: ClusterModel): Violation[] {
  return Object.keys(environment).filter(name => name in SINCE).flatMap(name => [
    ...violations(['istioVersion'], unsupportedProblem('istioVersion', istioVersion, name)),
    ...violations(['canary', 'istioVersion'], unsupportedProblem('canary.istioVersion', canary?.istioVersion, name)),
  ]);
}

function unsupportedProblem(field: string, version: string | undefined, variable: string): MaybeProblem {
  const since = SINCE[variable];
  return (minor(version) ?? since) >= since ? undefined
    : problem(`${field} '${version}' does not support ${variable}, which the peers require`,
      `upgrade to 1.${since} or newer`);
}

function differentRole({ reader, peers }: ClusterModel): MaybeProblem {
  if (reader.role === ReaderRole.MINIMAL) {
    return undefined; // reported for the cluster with the role full
  }
  const minimal = peers.find(peer => peer.reader.role === ReaderRole.MINIMAL);
  return minimal && problem(
    `reader.role is 'full', but '${ReaderRole.MINIMAL}' in its peer '${minimal.name}', and istiod has one setting for `
      + 'all of its peers that controls whether it reads their Secrets',
    'set the same role in linked clusters',
  );
}

function templateSubject(cluster: ClusterModel): ApiServerSubject | undefined {
  const { peers, remoteCredentials, apiServer, apiServerProps: { tlsServerName, proxyUrl } } = cluster;
  const isTemplate = peers.length > 0 && remoteCredentials._delivery.kind === 'store';
  return isTemplate ? { apiServer, tlsServerName, proxyUrl } : undefined;
}

/** How a cluster pushes its kubeconfig to a store, if a peer reads it there. */
function pushOptions({ remoteCredentials: { _delivery: delivery }, peers }: ClusterModel) {
  return delivery.kind === 'store' && peers.length > 0 ? delivery.options : undefined;
}

/** The certificate that seals the remote secrets of a cluster, if there are any. */
function sealingCertificate(cluster: ClusterModel): string | undefined {
  const target = linkTarget(cluster);
  return target.kind === 'sealedSecrets' && hasLinkFiles(cluster) ? target.options.certificate : undefined;
}
