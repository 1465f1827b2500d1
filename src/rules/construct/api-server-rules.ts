import { messageThrown } from '../../core/mesh-error';
import type { Rule, RuleText } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import { apiServerDoubt, apiServerProblem, certificateAuthorityData, proxyUrlProblem } from '../../istio/kubeconfig';
import { templateProblem } from '../../settings/remote-credentials/external-secrets-options';
import type { RemoteCredentials } from '../../settings/remote-credentials/remote-credentials';

/** How a cluster is read by its peers. */
export interface ApiServerSubject {
  readonly apiServer?: string;
  readonly caData?: string;
  readonly proxyUrl?: string;
  readonly tlsServerName?: string;
}

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';

/** An authority may be given, or stand in a file beside a token. */
export const AUTHORITY_RULE: RuleText = {
  code: 'IM032',
  severity: Severity.ERROR,
  title: 'the authority of an API server is a certificate',
  symptom: 'istiod refuses the remote Secret, and looks at it again only when it changes',
  fix: 'give the PEM text of the API server\'s CA, or its base64',
  see: REMOTE_SECRET,
};

/** The way to an API server, in a mesh or in a RemoteSecret alone. */
export const API_SERVER_RULES: ReadonlyArray<Rule<ApiServerSubject>> = [
  {
    code: 'IM031',
    severity: Severity.ERROR,
    title: 'an API server is an https URL at which other clusters reach it',
    symptom: 'istiod never reads the cluster, its status stays at timeout, and traffic stays local',
    fix: 'give the URL as the other clusters reach it',
    see: 'https://github.com/istio/istio/issues/34472',
    check: ({ apiServer }) => [found(['apiServer'], apiServer === undefined ? undefined : apiServerProblem(apiServer))],
  },
  {
    ...AUTHORITY_RULE,
    check: ({ caData }) => [found(['caData'], caData === undefined ? undefined : messageThrown(() => certificateAuthorityData(caData)))],
  },
  {
    code: 'IM033',
    severity: Severity.ERROR,
    title: 'the proxy before an API server is one that istiod can use',
    symptom: 'istiod refuses the remote Secret, or the credentials of the proxy stand in the tree',
    fix: 'write an http, https or socks5 URL without credentials',
    see: REMOTE_SECRET,
    check: ({ proxyUrl }) => [found(['proxyUrl'], proxyUrl === undefined ? undefined : proxyUrlProblem(proxyUrl))],
  },
  {
    code: 'IM034',
    severity: Severity.WARNING,
    title: 'an API server is not reached through Rancher\'s proxy',
    symptom: 'the proxy has another authority than the cluster, and takes no token of a service account',
    fix: 'give the cluster\'s own endpoint',
    see: 'https://github.com/istio/istio.io/issues/15911',
    check: ({ apiServer }) => [found(['apiServer'], apiServer?.includes('/k8s/clusters/')
      ? `apiServer '${apiServer}' is Rancher's proxy, which takes no token of a service account; give the cluster's own endpoint` : undefined)],
  },
  {
    code: 'IM094',
    severity: Severity.WARNING,
    title: 'the address of an API server means the same to every cluster',
    symptom: 'istiod of a peer reaches nobody, or its own cluster: its status of this one stays at timeout',
    fix: 'give an address in the network that the clusters share',
    see: 'https://github.com/istio/istio/issues/34472',
    check: ({ apiServer }) => [found(['apiServer'], apiServer === undefined ? undefined : apiServerDoubt(apiServer))],
  },
];

/** Credentials that a Secret is made of, in a mesh or in a RemoteSecret alone. */
export const CREDENTIALS_RULES: ReadonlyArray<Rule<RemoteCredentials | undefined>> = [
  {
    code: 'IM035',
    severity: Severity.ERROR,
    title: 'credentials that travel in the tree are there at synth',
    symptom: 'a remote Secret has no credentials, and istiod refuses it',
    fix: 'set the variable, or write the file, that the message names',
    see: REMOTE_SECRET,
    check: credentials => {
      if (!credentials) {
        return [found([], 'credentials are missing; give e.g. RemoteCredentials.plainToken(SecretValue.env(\'ISTIO_TOKEN\'))')];
      }
      const delivery = credentials._delivery;
      return [found([], delivery.kind === 'tree' ? messageThrown(delivery.readUser)
        : `credentials '${credentials._kind}' travel outside the tree, so that there is no Secret to make; give plainToken, authProvider or clientCertificate`)];
    },
  },
];

/** Settings of credentials, in a mesh or in a construct alone. */
export const CREDENTIAL_SETTINGS_RULES: ReadonlyArray<Rule<RemoteCredentials>> = [{
  code: 'IM072',
  severity: Severity.ERROR,
  title: 'settings of credentials are such that whoever reads them takes them',
  symptom: 'istiod, External Secrets or kubeseal refuses them, and the link is never made',
  fix: 'write what the message tells',
  see: REMOTE_SECRET,
  check: credentials => credentials._problems.map(problem => found([], problem)),
}];

/** What is written into a template of External Secrets, in a mesh or in a PushedKubeconfig alone. */
export const TEMPLATE_RULES: ReadonlyArray<Rule<ApiServerSubject>> = [{
  code: 'IM076',
  severity: Severity.ERROR,
  title: 'what goes into a template of External Secrets is no template itself',
  symptom: 'the PushSecret fails, or the kubeconfig says something else than the definition',
  fix: 'write it without {{',
  see: 'https://external-secrets.io/latest/guides/templating/',
  check: subject => (['apiServer', 'tlsServerName', 'proxyUrl'] as const).map(field => found([field], templateProblem(field, subject[field]))),
}];
