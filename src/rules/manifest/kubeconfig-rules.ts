import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import type { Kubeconfig } from './remote-secrets';
import { currentContext, kubeconfigsOf, named } from './remote-secrets';
import { shared } from './shared-rules';
import { messageThrown } from '../../core/mesh-error';
import type { Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { apiServerProblem, certificateAuthorityData, proxyUrlProblem } from '../../istio/kubeconfig';
import { pathText } from '../../util/path';
import { nearest } from '../../util/suggestions';
import { API_SERVER_RULES } from '../construct/api-server-rules';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';
const VERIFY = 'https://istio.io/latest/docs/setup/install/multicluster/verify/';

/** Judges each kubeconfig of a cluster's remote Secrets; what is wrong in it is found at the key that holds it. */
function ofEachKubeconfig(problems: (config: Kubeconfig) => ReadonlyArray<string | undefined>): Rule<ClusterManifests>['check'] {
  return cluster => kubeconfigsOf(cluster).flatMap(config => problems(config).flatMap(problem => config.entry.found(problem)));
}

/** Judges what can be read of each. */
function ofEachReadable(problems: (config: Kubeconfig) => ReadonlyArray<string | undefined>): Rule<ClusterManifests>['check'] {
  return ofEachKubeconfig(config => config.problem === undefined ? problems(config) : []);
}

function names(list: Part): string[] {
  return list.items.flatMap(item => item.at('name').text ?? []);
}

/** Where the names of a kubeconfig lead nowhere. */
function contextProblem({ data }: Kubeconfig): string | undefined {
  const current = data.at('current-context').text;
  if (current === undefined) {
    return 'current-context is missing, so that istiod knows neither server nor user; name a context of the kubeconfig';
  }
  const context = named(data, 'contexts', current)?.at('context');
  if (!context) {
    return `current-context '${current}' is none of the contexts, and istiod refuses the kubeconfig; ${nearest(current, names(data.at('contexts')))}`;
  }
  const wrong = ['cluster', 'user'].find(key => !named(data, `${key}s`, context.at(key).text));
  const name = wrong && context.at(wrong).text;
  return wrong && `${pathText(context.at(wrong).path)} ${name === undefined ? 'is missing' : `'${name}' is none of the ${wrong}s`}, and istiod refuses the kubeconfig; ${nearest(name ?? '', names(data.at(`${wrong}s`)))}`;
}

function serverProblem(config: Kubeconfig): string | undefined {
  const server = currentContext(config).cluster?.at('server');
  return server && (server.text === undefined ? `${pathText(server.path)} is missing; give the https URL at which this cluster reaches the other one`
    : apiServerProblem(server.text)?.replace('apiServer', pathText(server.path)));
}

function proxyProblem(config: Kubeconfig): string | undefined {
  const proxy = currentContext(config).cluster?.at('proxy-url');
  return proxy?.text && proxyUrlProblem(proxy.text)?.replace('proxyUrl', pathText(proxy.path));
}

function authorityProblem(config: Kubeconfig): string | undefined {
  const { cluster } = currentContext(config);
  const authority = cluster?.at('certificate-authority-data');
  if (!cluster || !authority?.isThere) {
    return undefined;
  }
  if (cluster.at('insecure-skip-tls-verify').value === true) {
    return `${pathText(authority.path)} stands beside insecure-skip-tls-verify, and istiod refuses the two together; remove insecure-skip-tls-verify`;
  }
  const text = authority.text ?? '';
  return !text.includes('-----BEGIN ') && messageThrown(() => certificateAuthorityData(text)) === undefined ? undefined
    : `${pathText(authority.path)} is no certificate in base64, and istiod refuses the kubeconfig; write the base64 of the PEM text of the API server's CA`;
}

function trustProblem(config: Kubeconfig): string | undefined {
  const { cluster } = currentContext(config);
  if (!cluster || ['certificate-authority-data', 'certificate-authority'].some(key => cluster.at(key).isThere)) {
    return undefined;
  }
  return cluster.at('insecure-skip-tls-verify').value === true
    ? `${pathText(cluster.at('insecure-skip-tls-verify').path)} lets istiod send its credentials to whoever answers; give certificate-authority-data instead`
    : `${pathText(cluster.path)} has no certificate-authority-data, so that istiod trusts this API server only if a public authority signed its certificate; give its CA`;
}

function rancherProblem(config: Kubeconfig): string | undefined {
  const server = currentContext(config).cluster?.at('server');
  return server?.text && shared(API_SERVER_RULES, 'IM034', { apiServer: server.text }).map(({ message }) => message.replace('apiServer', pathText(server.path)))[0];
}

/** What istiod reads in a remote Secret: server, names and trust. */
export const KUBECONFIG_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM136',
    severity: Severity.ERROR,
    title: 'a kubeconfig can be read and names a context, a cluster and a user of its own',
    symptom: 'istiod logs "kubeconfig is not valid" once, and tries again only when the Secret changes',
    fix: 'make the Secret with istioctl create-remote-secret',
    see: REMOTE_SECRET,
    check: ofEachKubeconfig(config => [config.problem ?? contextProblem(config)]),
  },
  {
    code: 'IM137',
    severity: Severity.ERROR,
    title: 'the server of a kubeconfig is an https URL at which other clusters reach it',
    symptom: '\'istioctl remote-clusters\' shows timeout, and traffic stays local',
    fix: 'give the URL as this cluster reaches the other one',
    see: VERIFY,
    check: ofEachReadable(config => [serverProblem(config), proxyProblem(config)]),
  },
  {
    code: 'IM138',
    severity: Severity.ERROR,
    title: 'the authority in a kubeconfig is a certificate in base64',
    symptom: 'istiod refuses the remote Secret, and looks at it again only when it changes',
    fix: 'write the base64 of the PEM text',
    see: REMOTE_SECRET,
    check: ofEachReadable(config => [authorityProblem(config)]),
  },
  {
    code: 'IM139',
    sameAs: 'IM036',
    severity: Severity.WARNING,
    title: 'a kubeconfig says which authority to trust',
    symptom: 'x509: certificate signed by unknown authority',
    fix: 'give certificate-authority-data',
    see: 'https://github.com/istio/istio/issues/38997',
    check: ofEachReadable(config => [trustProblem(config)]),
  },
  {
    code: 'IM140',
    sameAs: 'IM034',
    severity: Severity.WARNING,
    title: 'the server of a kubeconfig is not Rancher\'s proxy',
    symptom: 'the proxy has another authority than the cluster, and takes no token of a service account',
    fix: 'give the cluster\'s own endpoint',
    see: 'https://github.com/istio/istio.io/issues/15911',
    check: ofEachReadable(config => [rancherProblem(config)]),
  },
];

