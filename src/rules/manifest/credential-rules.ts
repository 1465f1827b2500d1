import { controlPlanesOf } from './control-planes';
import type { ClusterManifests } from './manifests';
import { isPlain, secretEntries } from './object-rules';
import { type Part, objectsOf } from './parts';
import { type Kubeconfig, currentContext, kubeconfigsOf } from './remote-secrets';
import { type Check, type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { allowedWords, KUBECONFIG_OPTIONS } from '../../istio/istiod-environment';
import { fromBase64 } from '../../util/base64';
import { pathText } from '../../util/path';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';

/** The users of a kubeconfig; istiod validates all of them. */
function usersOf({ data }: Kubeconfig): Part[] {
  return data.at('users').items.map(item => item.at('user'));
}

/** Credentials of a user that istiod rejects, unless its options allow them. */
interface RestrictedCredential {
  /** Key in the kubeconfig. */
  readonly key: string;
  /** The option of istiod that allows it. */
  readonly option: string;
  readonly reason: string;
  /** The member of RemoteCredentials that sets the option where it is needed. */
  readonly member?: string;
}

const NO_FILES = 'a kubeconfig must not refer to files in the container of istiod';

const RESTRICTED: readonly RestrictedCredential[] = [
  {
    key: 'exec',
    option: 'exec',
    reason: 'it would run a program that is not in the image of '
    + 'istiod',
    member: 'unsafeExec',
  },
  { key: 'tokenFile', option: 'tokenFile', reason: NO_FILES, member: 'unsafeTokenFile' },
  { key: 'client-certificate', option: 'clientCertificate', reason: NO_FILES },
  { key: 'client-key', option: 'clientKey', reason: NO_FILES },
];

/** Whether every istiod of the cluster has an option for kubeconfigs. */
function hasOption(cluster: ClusterManifests, option: string): boolean {
  const controlPlanes = controlPlanesOf(cluster);
  return controlPlanes.length > 0 && controlPlanes.every(controlPlane =>
    allowedWords(controlPlane.environment(KUBECONFIG_OPTIONS)).includes(option));
}

function rejectedCredentials(cluster: ClusterManifests, config: Kubeconfig): MaybeProblem[] {
  const caFiles = config.data.at('clusters').items.map(item => item.at('cluster', 'certificate-authority'))
    .filter(({ isPresent }) => isPresent);
  return [
    ...caFiles.map(part => problem(`${pathText(part.path)} is a file that istiod does not have, so istiod rejects the `
      + 'kubeconfig', 'use certificate-authority-data instead')),
    ...usersOf(config).flatMap(user => rejectedUser(cluster, user)),
  ];
}

function rejectedUser(cluster: ClusterManifests, user: Part): MaybeProblem[] {
  const messages = RESTRICTED.filter(({ key, option }) => user.at(key).isPresent && !hasOption(cluster, option))
    .map(credential => restrictedMessage(user, credential));
  const provider = user.at('auth-provider', 'name').text;
  return provider === undefined || provider === 'oidc' ? messages
    : [...messages, problem(`${pathText(user.at('auth-provider').path)} '${provider}' is not supported by istiod, `
      + 'whatever its options allow', 'use a token, or a program, as unsafeExec in a mesh does')];
}

function restrictedMessage(user: Part, { key, option, reason, member }: RestrictedCredential): MaybeProblem {
  const example = member ? `, as ${member} in a mesh does` : '';
  return problem(`${pathText(user.at(key).path)} is rejected by istiod, because ${reason}`,
    `use a token, or add '${option}' to ${KUBECONFIG_OPTIONS} of every istiod in this cluster${example}`);
}

/** Text in place of a secret, as kubectl prints it or people write it. */
const PLACEHOLDER = /^(REDACTED|DATA\+OMITTED|<.*>|\*+|changeme)$/i;

function missingCredentials(config: Kubeconfig): MaybeProblem {
  const { user } = currentContext(config.data);
  if (!user) {
    return undefined; // the rule for contexts reports it
  }
  const secrets = ['token', 'password', 'client-certificate-data', 'client-key-data'].map(key => user.at(key));
  const placeholder = secrets.find(({ text }) => text !== undefined && PLACEHOLDER.test(text));
  if (placeholder) {
    return problem(`${pathText(placeholder.path)} is a placeholder instead of a credential, as 'kubectl config view' `
      + 'prints without --raw', 'create the Secret with istioctl create-remote-secret');
  }
  const [hasCertificate, hasKey] = ['client-certificate', 'client-key'].map(name =>
    user.at(`${name}-data`).isPresent || user.at(name).isPresent);
  if (hasCertificate !== hasKey) {
    const half = hasCertificate ? 'a client certificate without its key' : 'a client key without its certificate';
    return problem(`${pathText(user.path)} has ${half}, and istiod rejects the kubeconfig`, 'add both');
  }
  const hasOther = ['exec', 'tokenFile', 'auth-provider'].some(name => user.at(name).isPresent);
  const hasPassword = user.at('username').isPresent && user.at('password').isPresent;
  return hasOther || hasCertificate || hasPassword || user.at('token').text !== undefined ? undefined
    : problem(`${pathText(user.path)} has no credentials, so the API server rejects the requests of istiod`,
      'add the token of the reader service account');
}

/** The expiry time of a token, if it has one. */
function expiry(user: Part): Date | undefined {
  const [, payload] = user.at('token').text?.split('.') ?? [];
  if (payload === undefined) {
    return undefined;
  }
  try {
    const { exp } = JSON.parse(fromBase64(payload));
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined; // not a JSON Web Token
  }
}

/** A check that evaluates the expiry date of each token that has one. */
function checkEachExpiry(
  check: (token: string, date: string, isPast: boolean) => MaybeProblem,
): Check<ClusterManifests> {
  return cluster => kubeconfigsOf(cluster).flatMap(config => {
    const { user } = currentContext(config.data);
    const date = user && expiry(user);
    if (!date) {
      return [];
    }
    const isPast = date.getTime() < Date.now();
    return config.entry.found(check(pathText(user.at('token').path), date.toISOString().slice(0, 10), isPast));
  });
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const SERVICE_ACCOUNT_TOKEN = 'kubernetes.io/service-account-token';

/** Keys of a Secret with credentials in plain text. */
function exposedCredentials(secret: Part, configs: ReadonlyMap<string, Kubeconfig>): Violation[] {
  const isToken = (part: Part) => secret.at('type').value === SERVICE_ACCOUNT_TOKEN && part.key === 'token';
  const kindOf = (part: Part, text: string): string | undefined => {
    if (PRIVATE_KEY.test(text)) {
      return 'a private key';
    }
    const config = configs.get(part.path.join());
    if (config && usersOf(config).some(hasSecret)) {
      return 'a credential of an API server';
    }
    return isToken(part) ? 'a token' : undefined;
  };
  return secretEntries(secret).flatMap(({ part, text }) => {
    const kind = kindOf(part, text);
    return part.found(kind && problem(`${kind} is in plain text here, visible to anyone with access to the manifests`,
      'keep it out of version control, e.g. encrypt it, or create the Secret in the cluster'));
  });
}

function hasSecret(user: Part): boolean {
  return ['token', 'password', 'client-key-data'].map(key => user.at(key).text)
    .some(text => text !== undefined && !PLACEHOLDER.test(text));
}

/** Rules for the credentials with which istiod authenticates to the API servers of its peers. */
export const CREDENTIAL_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM141',
    severity: Severity.ERROR,
    title: 'a kubeconfig has no credentials that istiod rejects',
    symptom: 'istiod logs "exec is not allowed", and the peer is missing from \'istioctl remote-clusters\'',
    fix: 'use a token, a client certificate in the kubeconfig, or oidc',
    see: 'https://github.com/istio/istio/issues/61773',
    check: cluster => kubeconfigsOf(cluster).flatMap(config =>
      config.entry.found(...rejectedCredentials(cluster, config))),
  },
  {
    code: 'IM142',
    severity: Severity.ERROR,
    title: 'a kubeconfig has credentials',
    symptom: 'the API server of the peer answers 401 or 403, and \'istioctl remote-clusters\' shows timeout',
    fix: 'create the Secret with istioctl create-remote-secret',
    see: REMOTE_SECRET,
    check: cluster => kubeconfigsOf(cluster).flatMap(config => config.entry.found(missingCredentials(config))),
  },
  {
    code: 'IM143',
    severity: Severity.ERROR,
    title: 'the token of a kubeconfig has not expired',
    symptom: 'the API server of the peer answers 401, and the endpoints of the peer are those from the last start of '
      + 'istiod',
    fix: 'create the Secret again, with the token of a token Secret, which does not expire',
    see: 'https://github.com/istio/istio/issues/34210',
    check: checkEachExpiry((token, date, isPast) => isPast
      && problem(`${token} expired on ${date}, and the API server rejects it`,
        'create the Secret again, with a token that does not expire')),
  },
  {
    code: 'IM144',
    severity: Severity.WARNING,
    title: 'the token of a kubeconfig does not expire',
    symptom: 'one day the API server of the peer answers 401, and traffic to the peer gradually stops',
    fix: 'use the token of a token Secret instead of one from kubectl create token, or renew it in time',
    see: 'https://github.com/istio/istio/issues/56358',
    check: checkEachExpiry((token, date, isPast) => !isPast
      && problem(`${token} expires on ${date}, and no component renews it`,
        'use the token of a token Secret, or renew it before that day')),
  },
  {
    code: 'IM145',
    severity: Severity.WARNING,
    title: 'manifests contain no keys or tokens in plain text',
    symptom: 'anyone with access to the repository can read every Secret of the other cluster, or sign identities of '
      + 'the mesh',
    fix: 'keep the Secret out of the repository, or encrypt it',
    see: 'https://github.com/istio/istio/pull/16392',
    check: cluster => {
      const configs = new Map(kubeconfigsOf(cluster).map(config => [config.entry.path.join(), config]));
      return objectsOf(cluster, 'Secret').filter(isPlain).flatMap(secret => exposedCredentials(secret, configs));
    },
  },
];
