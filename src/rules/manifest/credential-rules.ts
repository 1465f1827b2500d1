import { controlPlanesOf } from './control-planes';
import type { ClusterManifests } from './manifests';
import { isPlain, secretEntries } from './object-rules';
import type { Part } from './parts';
import { objectsOf } from './parts';
import type { Kubeconfig } from './remote-secrets';
import { currentContext, kubeconfigsOf } from './remote-secrets';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { allowedWords, KUBECONFIG_OPTIONS } from '../../istio/istiod-environment';
import { fromBase64 } from '../../util/base64';
import { pathText } from '../../util/path';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';

/** The users of a kubeconfig; istiod looks at all of them. */
function usersOf({ data }: Kubeconfig): Part[] {
  return data.at('users').items.map(item => item.at('user'));
}

/** What istiod does not take of a user unless it is told to, with the word that allows it and the reason. */
const REFUSED: ReadonlyArray<readonly [key: string, word: string, reason: string]> = [
  ['exec', 'exec', 'which would have to run a program that is not in its image'],
  ['tokenFile', 'tokenFile', 'since a kubeconfig may name no file of its container'],
  ['client-certificate', 'clientCertificate', 'since a kubeconfig may name no file of its container'],
  ['client-key', 'clientKey', 'since a kubeconfig may name no file of its container'],
];

/** Members of RemoteCredentials that allow a word where it is needed. */
const MEMBERS: { readonly [word: string]: string } = { exec: 'unsafeExec', tokenFile: 'unsafeTokenFile' };

/** Whether every istiod of the cluster allows a word. */
function allowed(cluster: ClusterManifests, word: string): boolean {
  const planes = controlPlanesOf(cluster);
  return planes.length > 0 && planes.every(plane => allowedWords(plane.environment(KUBECONFIG_OPTIONS)).includes(word));
}

function refusedCredentials(cluster: ClusterManifests, config: Kubeconfig): string[] {
  const use = (word: string) => `use a token, or list '${word}' in ${KUBECONFIG_OPTIONS} of every istiod here${MEMBERS[word] ? `, as ${MEMBERS[word]} in a mesh does` : ''}`;
  const files = config.data.at('clusters').items.map(item => item.at('cluster', 'certificate-authority')).filter(({ isThere }) => isThere)
    .map(part => `${pathText(part.path)} is a file that istiod does not have, so that it refuses the kubeconfig; give certificate-authority-data instead`);
  return [...files, ...usersOf(config).flatMap(user => {
    const provider = user.at('auth-provider', 'name').text;
    const refused = REFUSED.filter(([key, word]) => user.at(key).isThere && !allowed(cluster, word))
      .map(([key, word, reason]) => `${pathText(user.at(key).path)} is refused by istiod, ${reason}; ${use(word)}`);
    return provider === undefined || provider === 'oidc' ? refused
      : [...refused, `${pathText(user.at('auth-provider').path)} '${provider}' is none that istiod has, whatever it is told to allow; use a token, or a program, as unsafeExec in a mesh does`];
  })];
}

/** What kubectl prints, and people write, where a secret belongs. */
const PLACEHOLDER = /^(REDACTED|DATA\+OMITTED|<.*>|\*+|changeme)$/i;

function missingCredentials(config: Kubeconfig): string | undefined {
  const { user } = currentContext(config);
  if (!user) {
    return undefined; // told by the rule for names
  }
  const secrets = ['token', 'password', 'client-certificate-data', 'client-key-data'].map(key => user.at(key));
  const placeholder = secrets.find(({ text }) => text !== undefined && PLACEHOLDER.test(text));
  if (placeholder) {
    return `${pathText(placeholder.path)} is a placeholder and no credential, such as 'kubectl config view' prints without --raw; make the Secret with istioctl create-remote-secret`;
  }
  const [certificate, key] = ['client-certificate', 'client-key'].map(name => user.at(`${name}-data`).isThere || user.at(name).isThere);
  if (certificate !== key) {
    return `${pathText(user.path)} has ${certificate ? 'a client certificate without its key' : 'a client key without its certificate'}, and istiod refuses the kubeconfig; give both`;
  }
  const hasOther = ['exec', 'tokenFile', 'auth-provider'].some(name => user.at(name).isThere);
  return hasOther || certificate || user.at('token').text !== undefined || (user.at('username').isThere && user.at('password').isThere) ? undefined
    : `${pathText(user.path)} has no credentials, so that the API server knows nobody and refuses istiod; give the token of the reader account`;
}

/** When a token ends, if it is one that does. */
function end(user: Part): Date | undefined {
  const [, payload] = user.at('token').text?.split('.') ?? [];
  if (payload === undefined) {
    return undefined;
  }
  try {
    const { exp } = JSON.parse(fromBase64(payload));
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined; // no JSON Web Token
  }
}

/** Judges the day on which each token ends, of those that do. */
function ofEachEnd(problem: (token: string, date: string, isPast: boolean) => string | undefined): Rule<ClusterManifests>['check'] {
  return cluster => kubeconfigsOf(cluster).flatMap(config => {
    const { user } = currentContext(config);
    const date = user && end(user);
    return config.entry.found(date && problem(pathText(user.at('token').path), date.toISOString().slice(0, 10), date.getTime() < Date.now()));
  });
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const SERVICE_ACCOUNT_TOKEN = 'kubernetes.io/service-account-token';

/** Keys of a Secret that whoever reads the tree can use. */
function exposedKeys(secret: Part, configs: ReadonlyMap<string, Kubeconfig>): Finding[] {
  const stands = (what: string) => `${what} stands here in plain text, for everybody who reads the tree; keep it out of version control, e.g. encrypted, or make the Secret in the cluster`;
  const tokens = secret.at('type').value === SERVICE_ACCOUNT_TOKEN ? ['token'] : [];
  return secretEntries(secret).flatMap(({ part, text }) => {
    const config = configs.get(part.path.join());
    const inConfig = config && usersOf(config).some(user => ['token', 'password', 'client-key-data'].some(key => user.at(key).text !== undefined && !PLACEHOLDER.test(user.at(key).text!)));
    return part.found(PRIVATE_KEY.test(text) ? stands('a private key') : inConfig ? stands('a credential of an API server') : tokens.includes(part.key) ? stands('a token') : undefined);
  });
}

/** Who istiod is at the API server of a peer. */
export const CREDENTIAL_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM141',
    severity: Severity.ERROR,
    title: 'a kubeconfig has no credentials that istiod refuses',
    symptom: 'istiod logs "exec is not allowed", and the peer is not among \'istioctl remote-clusters\'',
    fix: 'use a token, a client certificate in the kubeconfig, or oidc',
    see: 'https://github.com/istio/istio/issues/61773',
    check: cluster => kubeconfigsOf(cluster).flatMap(config => refusedCredentials(cluster, config).flatMap(message => config.entry.found(message))),
  },
  {
    code: 'IM142',
    severity: Severity.ERROR,
    title: 'a kubeconfig has credentials',
    symptom: 'the API server of the peer answers 401 or 403, and \'istioctl remote-clusters\' shows timeout',
    fix: 'make the Secret with istioctl create-remote-secret',
    see: REMOTE_SECRET,
    check: cluster => kubeconfigsOf(cluster).flatMap(config => config.entry.found(missingCredentials(config))),
  },
  {
    code: 'IM143',
    severity: Severity.ERROR,
    title: 'the token of a kubeconfig has not ended',
    symptom: 'the API server of the peer answers 401, and its endpoints are those of the day on which istiod last started',
    fix: 'make the Secret anew with the token of a token Secret, which does not end',
    see: 'https://github.com/istio/istio/issues/34210',
    check: ofEachEnd((token, date, isPast) => isPast ? `${token} ended on ${date}, and the API server refuses it; make the Secret anew, with a token that does not end` : undefined),
  },
  {
    code: 'IM144',
    severity: Severity.WARNING,
    title: 'the token of a kubeconfig does not end',
    symptom: 'on some day the API server of the peer answers 401, and traffic to it fades',
    fix: 'use the token of a token Secret and not that of kubectl create token, or renew it in time',
    see: 'https://github.com/istio/istio/issues/56358',
    check: ofEachEnd((token, date, isPast) => isPast ? undefined : `${token} ends on ${date}, and nobody renews it; use the token of a token Secret, or renew it before`),
  },
  {
    code: 'IM145',
    severity: Severity.WARNING,
    title: 'no key and no token stands in the tree',
    symptom: 'whoever reads the repository reads every Secret of the other cluster, or signs identities of the mesh',
    fix: 'leave the Secret out of the tree, or encrypt it',
    see: 'https://github.com/istio/istio/pull/16392',
    check: cluster => {
      const configs = new Map(kubeconfigsOf(cluster).map(config => [config.entry.path.join(), config]));
      return objectsOf(cluster, 'Secret').filter(isPlain).flatMap(secret => exposedKeys(secret, configs));
    },
  },
];
