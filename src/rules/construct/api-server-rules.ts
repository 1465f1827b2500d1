import {
  type MaybeProblem, type Rules, type RuleText, problem, problemThrown, Severity, violations,
} from '../../core/rule';
import {
  apiServerDoubt, apiServerProblem, certificateAuthorityData, proxyUrlProblem, rancherProblem,
} from '../../istio/kubeconfig';
import { templateProblem } from '../../settings/remote-credentials/external-secrets-options';
import type { RemoteCredentials } from '../../settings/remote-credentials/remote-credentials';

/** How the peers of a cluster connect to its API server. */
export interface ApiServerSubject {
  readonly apiServer?: string;
  readonly caData?: string;
  readonly proxyUrl?: string;
  readonly tlsServerName?: string;
}

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';

/** The rule for a CA, which comes from a setting or from a file next to a token. */
export const CA_RULE: RuleText = {
  code: 'IM032',
  severity: Severity.ERROR,
  title: 'the CA of an API server is a certificate',
  symptom: 'istiod rejects the remote secret, and reads it again only after it changes',
  fix: 'set it to the PEM text of the API server\'s CA certificate, or to its base64',
  see: REMOTE_SECRET,
};

/** Rules for the connection to an API server, of a cluster or of a RemoteSecret. */
export const API_SERVER_RULES: Rules<ApiServerSubject> = [
  {
    code: 'IM031',
    severity: Severity.ERROR,
    title: 'an API server is an https URL that other clusters can reach',
    symptom: 'istiod never reads the cluster, its status stays at timeout, and traffic stays local',
    fix: 'use the URL at which other clusters reach it',
    see: 'https://github.com/istio/istio/issues/34472',
    check: ({ apiServer }) =>
      violations(['apiServer'], apiServer !== undefined && apiServerProblem('apiServer', apiServer)),
  },
  {
    ...CA_RULE,
    check: ({ caData }) =>
      violations(['caData'], caData !== undefined && problemThrown(() => certificateAuthorityData(caData))),
  },
  {
    code: 'IM033',
    severity: Severity.ERROR,
    title: 'istiod can use the proxy to an API server',
    symptom: 'istiod rejects the remote secret, or the generated manifests contain the credentials of the proxy',
    fix: 'write an http, https or socks5 URL without credentials',
    see: REMOTE_SECRET,
    check: ({ proxyUrl }) => violations(['proxyUrl'], proxyUrl !== undefined && proxyUrlProblem('proxyUrl', proxyUrl)),
  },
  {
    code: 'IM034',
    severity: Severity.WARNING,
    title: 'an API server is not reached through Rancher\'s proxy',
    symptom: 'the proxy has a different CA than the cluster, and does not accept service account tokens',
    fix: 'use the cluster\'s own endpoint',
    see: 'https://github.com/istio/istio.io/issues/15911',
    check: ({ apiServer }) => violations(['apiServer'], apiServer && rancherProblem('apiServer', apiServer)),
  },
  {
    code: 'IM094',
    severity: Severity.WARNING,
    title: 'the address of an API server is the same for every cluster',
    symptom: 'the istiod of a peer reaches no cluster, or its own one, and the status of this cluster stays at timeout',
    fix: 'use an address in a network that the clusters share',
    see: 'https://github.com/istio/istio/issues/34472',
    check: ({ apiServer }) => violations(['apiServer'], apiServer !== undefined && apiServerDoubt(apiServer)),
  },
];

/** Rules for credentials in a generated kubeconfig, of a cluster or of a RemoteSecret. */
export const CREDENTIALS_RULES: Rules<RemoteCredentials | undefined> = [
  {
    code: 'IM035',
    severity: Severity.ERROR,
    title: 'credentials for the generated manifests are available at synth',
    symptom: 'a remote secret has no credentials, and istiod rejects it',
    fix: 'set the environment variable or create the file that the message names',
    see: REMOTE_SECRET,
    check: credentials => violations([], unavailableProblem(credentials)),
  },
];

function unavailableProblem(credentials: RemoteCredentials | undefined): MaybeProblem {
  if (!credentials) {
    return problem('credentials are missing',
      'use e.g. RemoteCredentials.plainToken(SecretValue.env(\'ISTIO_TOKEN\'))');
  }
  const delivery = credentials._delivery;
  return delivery.kind === 'tree' ? problemThrown(delivery.readUser)
    : problem(`credentials '${credentials._kind}' are not part of the generated manifests, so no Secret can be created`,
      'use plainToken, authProvider or clientCertificate');
}

/** Rules for the settings of credentials, of a cluster or of a construct. */
export const CREDENTIAL_SETTINGS_RULES: Rules<RemoteCredentials> = [{
  code: 'IM072',
  severity: Severity.ERROR,
  title: 'the program that reads the credentials accepts their settings',
  symptom: 'istiod, External Secrets or kubeseal rejects them, and the clusters are never linked',
  fix: 'change the setting as the message describes',
  see: REMOTE_SECRET,
  check: credentials => violations([], ...credentials._problems),
}];

/** Rules for values in an External Secrets template, of a cluster or of a PushedKubeconfig. */
export const TEMPLATE_RULES: Rules<ApiServerSubject> = [{
  code: 'IM076',
  severity: Severity.ERROR,
  title: 'values in a template of External Secrets contain no template syntax',
  symptom: 'the PushSecret fails, or the kubeconfig differs from the definition',
  fix: 'remove {{ from the value',
  see: 'https://external-secrets.io/latest/guides/templating/',
  check: subject => (['apiServer', 'tlsServerName', 'proxyUrl'] as const).flatMap(field =>
    violations([field], templateProblem(field, subject[field]))),
}];
