import { sameAs } from './apply-rule';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { type Kubeconfig, currentContext, kubeconfigsOf, named } from './remote-secrets';
import { type Check, type MaybeProblem, type Rules, problem, problemThrown, Severity } from '../../core/rule';
import { apiServerProblem, certificateAuthorityData, proxyUrlProblem, rancherProblem } from '../../istio/kubeconfig';
import { pathText } from '../../util/path';
import { nearest } from '../../util/suggestions';
import { API_SERVER_RULES } from '../construct/api-server-rules';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';
const VERIFY = 'https://istio.io/latest/docs/setup/install/multicluster/verify/';

type Problems = (config: Kubeconfig, cluster: ClusterManifests) => readonly MaybeProblem[];

/** A check that evaluates each kubeconfig in the remote secrets; messages have the place of its key in the Secret. */
function checkEachKubeconfig(problems: Problems): Check<ClusterManifests> {
  return cluster => kubeconfigsOf(cluster).flatMap(config =>
    config.entry.found(...problems(config, cluster)));
}

/** A check that evaluates each kubeconfig that can be parsed. */
function checkEachReadable(problems: Problems): Check<ClusterManifests> {
  return checkEachKubeconfig((config, cluster) => config.problem === undefined ? problems(config, cluster) : []);
}

function namesIn(list: Part): string[] {
  return list.items.flatMap(item => item.at('name').text ?? []);
}

/** Message about a context, cluster or user that is not in the kubeconfig. */
function contextProblem({ data }: Kubeconfig): MaybeProblem {
  const current = data.at('current-context').text;
  if (current === undefined) {
    return problem('current-context is missing, so istiod knows neither the server nor the user',
      'set it to a context of the kubeconfig');
  }
  const context = named(data, 'contexts', current)?.at('context');
  if (!context) {
    return problem(`current-context '${current}' is not in contexts, and istiod rejects the kubeconfig`,
      nearest(current, namesIn(data.at('contexts'))));
  }
  const missing = ['cluster', 'user'].find(key => !named(data, `${key}s`, context.at(key).text));
  return missing && referenceProblem(context.at(missing), `${missing}s`, namesIn(data.at(`${missing}s`)));
}

function referenceProblem(reference: Part, list: string, names: string[]): MaybeProblem {
  const state = reference.text === undefined ? 'is missing' : `'${reference.text}' is not in ${list}`;
  return problem(`${pathText(reference.path)} ${state}, and istiod rejects the kubeconfig`,
    nearest(reference.text ?? '', names));
}

function serverProblem(config: Kubeconfig): MaybeProblem {
  const server = currentContext(config.data).cluster?.at('server');
  if (!server) {
    return undefined;
  }
  return server.text === undefined
    ? problem(`${pathText(server.path)} is missing`,
      'set it to the https URL at which this cluster reaches the other one')
    : apiServerProblem(pathText(server.path), server.text);
}

function proxyProblem(config: Kubeconfig): MaybeProblem {
  const proxy = currentContext(config.data).cluster?.at('proxy-url');
  return proxy?.text && proxyUrlProblem(pathText(proxy.path), proxy.text);
}

function caProblem(config: Kubeconfig, { memo }: ClusterManifests): MaybeProblem {
  const { cluster } = currentContext(config.data);
  const ca = cluster?.at('certificate-authority-data');
  if (!cluster || !ca?.isPresent) {
    return undefined;
  }
  if (cluster.at('insecure-skip-tls-verify').value === true) {
    return problem(`${pathText(ca.path)} is set together with insecure-skip-tls-verify, and istiod rejects the `
      + 'combination', 'remove insecure-skip-tls-verify');
  }
  const text = ca.text ?? '';
  return !memo.once(isEncodedCertificate, text) // many clusters have the same kubeconfig
    && problem(`${pathText(ca.path)} is not a base64-encoded certificate, and istiod rejects the kubeconfig`,
      'set it to the base64 of the PEM text of the API server\'s CA certificate');
}

function isEncodedCertificate(text: string): boolean {
  return !text.includes('-----BEGIN ') && !problemThrown(() => certificateAuthorityData(text));
}

function missingCa(config: Kubeconfig): MaybeProblem {
  const { cluster } = currentContext(config.data);
  if (!cluster || ['certificate-authority-data', 'certificate-authority'].some(key => cluster.at(key).isPresent)) {
    return undefined;
  }
  const insecure = cluster.at('insecure-skip-tls-verify');
  return insecure.value === true
    ? problem(`${pathText(insecure.path)} makes istiod send its credentials to any server that answers`,
      'set certificate-authority-data instead')
    : problem(`${pathText(cluster.path)} has no certificate-authority-data, so istiod trusts this API server only if a `
      + 'public CA signed its certificate', 'add its CA certificate');
}

function proxiedServer(config: Kubeconfig): MaybeProblem {
  const server = currentContext(config.data).cluster?.at('server');
  return server?.text && rancherProblem(pathText(server.path), server.text);
}

/** Rules for the kubeconfigs in remote secrets: server, names and CA. */
export const KUBECONFIG_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM136',
    severity: Severity.ERROR,
    title: 'a kubeconfig can be read, and contains its current context, cluster and user',
    symptom: 'istiod logs "kubeconfig is not valid" once, and tries again only after the Secret changes',
    fix: 'create the Secret with istioctl create-remote-secret',
    see: REMOTE_SECRET,
    check: checkEachKubeconfig(config => [config.problem ?? contextProblem(config)]),
  },
  {
    code: 'IM137',
    severity: Severity.ERROR,
    title: 'the server of a kubeconfig is an https URL that other clusters can reach',
    symptom: '\'istioctl remote-clusters\' shows timeout, and traffic stays local',
    fix: 'use the URL at which this cluster reaches the other one',
    see: VERIFY,
    check: checkEachReadable(config => [serverProblem(config), proxyProblem(config)]),
  },
  {
    code: 'IM138',
    severity: Severity.ERROR,
    title: 'the CA in a kubeconfig is a base64-encoded certificate',
    symptom: 'istiod rejects the remote secret, and reads it again only after it changes',
    fix: 'write the base64 of the PEM text',
    see: REMOTE_SECRET,
    check: checkEachReadable((config, cluster) => [caProblem(config, cluster)]),
  },
  {
    code: 'IM139',
    sameAs: 'IM036',
    severity: Severity.WARNING,
    title: 'a kubeconfig in a manifest contains the CA of its API server',
    symptom: 'x509: certificate signed by unknown authority',
    fix: 'set certificate-authority-data',
    see: 'https://github.com/istio/istio/issues/38997',
    check: checkEachReadable(config => [missingCa(config)]),
  },
  {
    ...sameAs(API_SERVER_RULES, 'IM034'),
    code: 'IM140',
    title: 'the server of a kubeconfig is not Rancher\'s proxy',
    check: checkEachReadable(config => [proxiedServer(config)]),
  },
];
