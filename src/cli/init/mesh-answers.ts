import { type Remarks, clusterAnswers } from './cluster-answers';
import type { InitOptions } from './init-options';
import type { InitialCluster, InitialMesh } from './initial-mesh';
import type { Choice, Interview } from './interview';
import { kubeContexts } from './kubeconfig-contexts';
import { parseNameValue } from './name-value';
import type { MaybeProblem } from '../../core/rule';
import { labelValueProblem } from '../../istio/names';
import { NEWEST_ISTIO } from '../../istio/versions';
import { ageProblem, versionProblem } from '../../rules/mesh/name-rules';
import { output } from '../../util/host/child-process';
import { nearest } from '../../util/suggestions';

/** Asks for everything that the options do not set; adds errors in the options and notes to the remarks. */
export async function meshAnswers(options: InitOptions, interview: Interview, remarks: Remarks): Promise<InitialMesh> {
  const clusters = await clusterAnswers(options, await kubeContexts(), interview, remarks);
  const networks = await networkAnswers(options, clusters, interview, remarks);
  const trust = await trustAnswer(options, interview, remarks);
  const gitOps = await gitOpsAnswer(options, interview, remarks);
  const installer = await installerAnswer(options, gitOps !== undefined, interview);
  const istioVersion = await versionAnswer(options, installer, interview);
  const meshID = options.meshId ?? await interview.askText({
    message: 'Name of the mesh',
    why: 'The meshID, the same in every cluster.',
    initial: 'mesh1',
    problem: name => labelValueProblem('meshID', name),
  });
  const shared = { istioVersion, trust, ...installer !== 'istioctl' && { installer } };
  return {
    meshID,
    gitOps,
    clusters: clusters.map(({ name, settings }, i) =>
      ({ name, settings: { ...shared, network: networks[i], ...settings } })),
    notes: remarks.notes,
  };
}

/** The network of each cluster, in the order of the clusters. */
async function networkAnswers(
  { network = [] }: InitOptions, clusters: readonly InitialCluster[], interview: Interview, { problems }: Remarks,
): Promise<string[]> {
  const names = clusters.map(({ name }) => name);
  const values = network.map(parseNameValue);
  const byCluster = new Map(values.filter(([, ofCluster]) => ofCluster !== undefined));
  const [shared, ...others] = values.filter(([, ofCluster]) => ofCluster === undefined).map(([name]) => name);
  problems.push(
    ...others.map(other => `--network sets both '${shared}' and '${other}' for all clusters; `
      + 'set only one of them, and others as CLUSTER=NETWORK'),
    ...[...byCluster.keys()].filter(name => !names.includes(name)).map(name =>
      `--network names '${name}', which is not a cluster of this mesh; ${nearest(name, names)}`),
  );
  const isOneForAll = network.length === 0 && names.length > 1 && await askIfOneNetwork(interview);
  const defaultFor = (name: string) => isOneForAll ? 'network1' : name;
  return names.map(name => byCluster.get(name) ?? shared ?? defaultFor(name));
}

async function askIfOneNetwork(interview: Interview): Promise<boolean> {
  const answer = await interview.askChoice({
    message: 'Networks of the clusters',
    why: 'Can pods of one cluster reach pods of another directly, by pod IP? If not, traffic uses east-west gateways.',
    choices: [
      {
        value: 'separate',
        title: 'one for each cluster',
        description: 'if you are not sure: each cluster gets an east-west gateway with a load balancer',
      },
      {
        value: 'one',
        title: 'one for all clusters',
        description: 'no gateways: pod IPs are unique across all clusters, and routed and allowed between them',
      },
    ],
    initial: 'separate',
  });
  return answer === 'one';
}

const TRUST_PROVIDERS: readonly Choice[] = [
  {
    value: 'pem',
    title: 'istio-mesh certs',
    description: 'generates a root CA and an intermediate CA for each cluster as files in certs/, and applies them',
  },
  { value: 'external', title: 'outside this tool', description: 'the Secret cacerts exists in every cluster, or will' },
  { value: 'cert-manager', title: 'cert-manager', description: 'an issuer with the same root CA in every cluster' },
  { value: 'external-secrets', title: 'External Secrets', description: 'a secret store that contains the CAs' },
];

/** The provider of the Secret cacerts, as mesh.yaml spells it. */
async function trustAnswer({ trust }: InitOptions, interview: Interview, { problems }: Remarks): Promise<unknown> {
  const answer = trust ?? await interview.askChoice({
    message: 'Provider of the CA certificates (Secret cacerts)',
    why: 'Clusters trust each other only if their intermediate CAs have the same root CA. '
      + 'The Secret must exist before istiod starts for the first time.',
    choices: TRUST_PROVIDERS,
    initial: 'pem',
  });
  const [provider, value] = parseNameValue(answer);
  const nameOf = (object: string) => value ?? interview.askText({
    message: `Name of ${object}`,
    missing: `--trust ${provider} needs the name of ${object}: --trust ${provider}=NAME`,
    problem: text => text === '' ? 'write a name' : undefined,
  });
  switch (provider) {
    case 'pem':
      return { pem: value ?? 'certs' };
    case 'cert-manager':
      return { certManager: { issuerRef: { name: await nameOf('the issuer') } } };
    case 'external-secrets':
      return { externalSecrets: { secretStoreRef: { name: await nameOf('the secret store') } } };
    case 'external':
      return 'external';
    default:
      problems.push(`unknown provider '${provider}' in --trust; `
        + nearest(provider, TRUST_PROVIDERS.map(choice => choice.value)));
      return 'external';
  }
}

/** The GitOps tool, as mesh.yaml spells it; undefined if the user applies the manifests. */
async function gitOpsAnswer(
  { gitOps, repoUrl }: InitOptions, interview: Interview, { problems }: Remarks,
): Promise<unknown> {
  const tool = gitOps ?? await interview.askChoice({
    message: 'Tool that applies the generated manifests',
    why: 'synth writes a directory of manifests for each cluster, and the objects that a GitOps tool needs.',
    choices: [
      { value: 'none', title: 'kubectl', description: 'you run the commands that synth prints' },
      { value: 'argo-cd', title: 'Argo CD' },
      { value: 'flux', title: 'Flux' },
    ],
    initial: 'none',
  });
  if (repoUrl !== undefined && tool !== 'argo-cd') {
    problems.push('--repo-url can only be used with --git-ops argo-cd; remove it');
  }
  switch (tool) {
    case 'argo-cd': return { argoCd: { repoURL: repoUrl ?? await askRepoUrl(interview) } };
    case 'flux': return 'flux';
    default: return undefined;
  }
}

async function askRepoUrl(interview: Interview): Promise<string> {
  return interview.askText({
    message: 'URL of the Git repository that you commit the generated manifests to',
    missing: '--git-ops argo-cd needs the URL of the Git repository that you commit the generated manifests to; '
      + 'add --repo-url URL',
    problem: text => text === '' ? 'write the URL' : undefined,
  });
}

const INSTALLERS: readonly Choice[] = [
  { value: 'istioctl', title: 'istioctl', description: 'you run istioctl install with the files that synth writes' },
  { value: 'helm', title: 'Helm', description: 'Istio\'s own charts, with values that synth writes' },
  {
    value: 'rendered',
    title: 'kubectl or the GitOps tool, with plain manifests',
    description: 'synth renders them with the istioctl of your Istio version',
  },
  { value: 'sail', title: 'Sail operator', description: 'the operator is already installed in the clusters' },
  { value: 'external', title: 'outside this tool', description: 'istiod is already installed' },
];

async function installerAnswer({ installer }: InitOptions, hasGitOps: boolean, interview: Interview): Promise<string> {
  return installer ?? interview.askChoice({
    message: 'Tool that installs Istio',
    why: 'It installs istiod and the gateways of each cluster. You can change it later in one line.',
    choices: INSTALLERS.filter(({ value }) => !hasGitOps || value !== 'istioctl'),
    initial: hasGitOps ? 'helm' : 'istioctl',
  });
}

/** The Istio version; the default is that of the local istioctl if the installer uses it. */
async function versionAnswer({ istioVersion }: InitOptions, installer: string, interview: Interview): Promise<string> {
  if (istioVersion !== undefined) {
    return istioVersion;
  }
  const usesIstioctl = ['istioctl', 'rendered'].includes(installer);
  return interview.askText({
    message: 'Istio version',
    why: 'The version of the control planes. It must be the version of the tool that installs them.',
    initial: (usesIstioctl ? await istioctlVersion() : undefined) ?? NEWEST_ISTIO,
    problem: istioVersionProblem,
  });
}

function istioVersionProblem(version: string): MaybeProblem {
  return versionProblem('istioVersion', version) || ageProblem('istioVersion', version);
}

/** The version of the istioctl on the PATH; undefined if there is none, or its version is not supported. */
async function istioctlVersion(): Promise<string | undefined> {
  try {
    const text = await output('istioctl', ['version', '--remote=false', '--output=json']);
    const { clientVersion: { version } } = JSON.parse(text);
    return istioVersionProblem(version) ? undefined : version;
  } catch {
    return undefined;
  }
}
