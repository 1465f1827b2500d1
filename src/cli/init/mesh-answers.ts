import type { AskedCluster, Remarks } from './cluster-answers';
import { askedClusters } from './cluster-answers';
import type { InitOptions } from './init-options';
import type { InitialMesh } from './initial-mesh';
import type { Choice, Interview } from './interview';
import { kubeContexts } from './kubeconfig-contexts';
import { namedValue } from './name-value';
import { labelValueProblem } from '../../istio/names';
import { NEWEST_ISTIO } from '../../istio/versions';
import { ageProblem, versionProblem } from '../../rules/mesh/name-rules';
import { output } from '../../util/host/child-process';
import { nearest } from '../../util/suggestions';

/** The mesh that options and answers make; what is wrong with the options, and what its author should know, is added to the remarks. */
export async function askedMesh(options: InitOptions, interview: Interview, remarks: Remarks): Promise<InitialMesh> {
  const clusters = await askedClusters(options, await kubeContexts(), interview, remarks);
  const networks = await askedNetworks(options, clusters, interview, remarks);
  const trust = await askedTrust(options, interview, remarks);
  const gitOps = await askedGitOps(options, interview, remarks);
  const installer = await askedInstaller(options, gitOps !== undefined, interview);
  const istioVersion = await askedVersion(options, installer, interview);
  const meshID = options.meshId ?? await interview.text({
    message: 'Name of the mesh',
    why: 'The meshID, the same in every cluster.',
    initial: 'mesh1',
    missing: '',
    problem: name => labelValueProblem('meshID', name),
  });
  const shared = { istioVersion, trust, ...installer !== 'istioctl' && { installer } };
  return {
    mesh: { meshID, ...gitOps !== undefined && { gitOps } },
    clusters: clusters.map(({ name, settings }, i) => ({ name, settings: { ...shared, network: networks[i], ...settings } })),
    notes: remarks.notes,
  };
}

/** The network of each cluster. */
async function askedNetworks(
  { network }: InitOptions, clusters: readonly AskedCluster[], interview: Interview, { problems }: Remarks,
): Promise<string[]> {
  const names = clusters.map(({ name }) => name);
  const said = (network ?? []).map(namedValue);
  const [one, ...more] = said.filter(([, own]) => own === undefined);
  const own = new Map(said.filter(([, of]) => of !== undefined));
  problems.push(
    ...more.map(([name]) => `--network has '${name}' beside '${one[0]}'; name one for all clusters, and others as CLUSTER=NETWORK`),
    ...[...own.keys()].filter(name => !names.includes(name)).map(name => `--network names '${name}', which is no cluster of this mesh; ${nearest(name, names)}`),
  );
  const isShared = one === undefined && own.size === 0 && names.length > 1 && await interview.choice({
    message: 'Networks of the clusters',
    why: 'Do pods of one cluster reach those of another directly, by the addresses of pods? Where they do not, traffic goes through gateways.',
    choices: [
      { value: 'own', title: 'one for each cluster', description: 'right wherever you are not sure: each cluster gets an east-west gateway with a load balancer' },
      { value: 'one', title: 'one for all', description: 'no gateways: the addresses of pods differ in all clusters, and are routed and let through between them' },
    ],
    initial: 'own',
    missing: '',
  }) === 'one';
  return names.map(name => own.get(name) ?? one?.[0] ?? (isShared ? 'network1' : name));
}

const TRUST: readonly Choice[] = [
  { value: 'pem', title: 'istio-mesh certs', description: 'makes a root and an authority for each cluster, as files in certs/, and brings them' },
  { value: 'external', title: 'somebody else', description: 'a Secret cacerts is there in every cluster, or will be' },
  { value: 'cert-manager', title: 'cert-manager', description: 'from an issuer that signs under one root in every cluster' },
  { value: 'external-secrets', title: 'External Secrets', description: 'from a store that has them' },
];

/** Who brings the Secret cacerts, in the spelling of mesh.yaml. */
async function askedTrust({ trust }: InitOptions, interview: Interview, { problems }: Remarks): Promise<unknown> {
  const chosen = trust ?? await interview.choice({
    message: 'Who brings the Secret cacerts',
    why: 'The clusters trust each other when their istiods sign under one root, which must be there before istiod starts for the first time.',
    choices: TRUST,
    initial: 'pem',
    missing: '',
  });
  const [kind, said] = namedValue(chosen);
  const name = (what: string) => said ?? interview.text({
    message: `Name of ${what}`,
    missing: `--trust ${kind} needs the name of ${what}: --trust ${kind}=NAME`,
    problem: text => text === '' ? 'write a name' : undefined,
  });
  switch (kind) {
    case 'pem':
      return { pem: said ?? 'certs' };
    case 'cert-manager':
      return { certManager: { issuerRef: { name: await name('the issuer') } } };
    case 'external-secrets':
      return { externalSecrets: { secretStoreRef: { name: await name('the store') } } };
    default:
      problems.push(...kind === 'external' ? [] : [`--trust has '${kind}'; ${nearest(kind, TRUST.map(({ value }) => value))}`]);
      return 'external';
  }
}

/** The tool that applies the tree, in the spelling of mesh.yaml. */
async function askedGitOps({ gitOps, repoUrl }: InitOptions, interview: Interview, { problems }: Remarks): Promise<unknown> {
  const tool = gitOps ?? await interview.choice({
    message: 'Who applies what is synthesized',
    why: 'Synth writes a directory of manifests for each cluster, and beside them what a GitOps tool needs.',
    choices: [
      { value: 'none', title: 'you', description: 'with kubectl, and the commands that synth prints' },
      { value: 'argo-cd', title: 'Argo CD' },
      { value: 'flux', title: 'Flux' },
    ],
    initial: 'none',
    missing: '',
  });
  problems.push(...repoUrl !== undefined && tool !== 'argo-cd' ? ['--repo-url is for --git-ops argo-cd alone; remove it'] : []);
  switch (tool) {
    case 'argo-cd': {
      const repoURL = repoUrl ?? await interview.text({
        message: 'URL of the Git repository that the output is committed to',
        missing: '--git-ops argo-cd needs the Git repository that the output is committed to: --repo-url URL',
        problem: text => text === '' ? 'write its URL' : undefined,
      });
      return { argoCd: { repoURL } };
    }
    case 'flux': return 'flux';
    default: return undefined;
  }
}

const INSTALLERS: readonly Choice[] = [
  { value: 'istioctl', title: 'istioctl', description: 'you run istioctl install with the files that synth writes' },
  { value: 'helm', title: 'Helm', description: 'Istio\'s own charts, with values that synth writes' },
  { value: 'rendered', title: 'kubectl or the GitOps tool, from plain objects', description: 'synth runs the istioctl of your version for them' },
  { value: 'sail', title: 'the Sail operator', description: 'which is in the clusters already' },
  { value: 'external', title: 'somebody else', description: 'istiod is there already' },
];

async function askedInstaller({ installer }: InitOptions, isGitOps: boolean, interview: Interview): Promise<string> {
  return installer ?? interview.choice({
    message: 'Who installs Istio',
    why: 'istiod and the gateways of each cluster. The tree has what each of these needs; it is one line to change.',
    choices: INSTALLERS.filter(({ value }) => !isGitOps || value !== 'istioctl'),
    initial: isGitOps ? 'helm' : 'istioctl',
    missing: '',
  });
}

/** The version: where an istioctl will be used, that of the one that is there. */
async function askedVersion({ istioVersion }: InitOptions, installer: string, interview: Interview): Promise<string> {
  const initial = istioVersion ?? (['istioctl', 'rendered'].includes(installer) ? await istioctlVersion() : undefined) ?? NEWEST_ISTIO;
  return istioVersion ?? interview.text({
    message: 'Istio version',
    why: 'Of the control planes. It must be that of the program that installs them.',
    initial,
    missing: '',
    problem: version => versionProblem('istioVersion', version) ?? ageProblem('istioVersion', version),
  });
}

/** The version of the istioctl on the PATH, if there is one of a release that a mesh can have. */
async function istioctlVersion(): Promise<string | undefined> {
  try {
    const { clientVersion: { version } } = JSON.parse(await output('istioctl', ['version', '--remote=false', '--output=json']));
    return (versionProblem('istioVersion', version) ?? ageProblem('istioVersion', version)) === undefined ? version : undefined;
  } catch {
    return undefined;
  }
}
