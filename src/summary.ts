import { basename } from 'path';
import { memberName } from './family';
import { commandOf } from './installer/helm-command';
import { isControlPlaneRelease } from './installer/helm-problems';
import { linksBeside, takesFiles } from './links-directory';
import { ClusterModel, MeshModel } from './mesh-model';
import { CANARY_PREFIX } from './names';
import { shellWord } from './shell-word';
import { shownPath } from './shown-path';
import { Step } from './step';
import { Tree } from './tree-writer';

/** What was written, and what to run next. */
export function summary(outdir: string, tree: Tree, meshes: readonly MeshModel[]): string {
  const where = shownPath(outdir);
  const directories = [...new Set([...tree.keys()].filter(path => path.includes('/')).map(path => path.split('/')[0]))];
  const named = `${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''}`;
  const lines = [`${where}: ${tree.size} files in ${plural(directories.length, 'directory', 'directories')} (${named})`];
  for (const { meshID, clusters } of meshes) {
    const all = clusters.map(cluster => ({ cluster, lines: commands(where, cluster, tree, meshID) }));
    const longest = all.reduce((most, one) => one.lines.length > most.lines.length ? one : most);
    lines.push(`next, for each cluster, e.g. ${longest.cluster.name}:`, ...longest.lines.map(command => `  ${command}`));
    const linked = clusters.filter(({ peers }) => peers.some(peer => peer.remoteCredentials._isLinked));
    const links = linked.flatMap(({ peers }) => peers.filter(peer => peer.remoteCredentials._isLinked)).length;
    if (links > 0) {
      lines.push(`${plural(links, 'link')} ${links === 1 ? 'is' : 'are'} not in this tree: run istio-mesh link ${shellWord(`${where}/mesh.yaml`)}${linked.some(takesFiles) ? `, and commit ${shellWord(shownPath(linksBeside(outdir)))}` : ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A line for each rule that warns: the first warning, and how many more there are of its kind. */
export function warningText(warnings: ReadonlyArray<readonly [code: string, sentence: string]>): string {
  const byCode = new Map<string, string[]>();
  for (const [code, sentence] of warnings) {
    byCode.set(code, [...byCode.get(code) ?? [], sentence]);
  }
  return [...byCode.values()].map(([first, ...more]) => `warning: ${first}${more.length > 0 ? `, and ${more.length} more of its kind` : ''}\n`).join('');
}

function commands(where: string, cluster: ClusterModel, tree: Tree, meshID: string): string[] {
  const { name, context, istioVersion, canary, installer } = cluster;
  const directory = `${where}/${name}`;
  if (memberName(cluster.installer) === 'rendered') {
    return renderedCommands(where, cluster);
  }
  const releases = [...tree].filter(([path]) => path.startsWith(`${name}/${Step.HELM}/`));
  const [ofPlanes, ofOthers] = [true, false].map(isWanted => releases.filter(([path]) => isControlPlaneRelease(basename(path, '.yaml')) === isWanted)
    .map(([path, text]) => commandOf(text, context, `${where}/${path}`)));
  const operators = [...tree.keys()].filter(path => path.startsWith(`${name}/${Step.ISTIOCTL}/`));
  const ofGateways = operators.filter(path => !isControlPlane(path));
  const version = (path: string) => canary && path.endsWith(`-${canary.revision}.yaml`) ? canary.istioVersion : istioVersion;
  const install = (path: string) => `istioctl --context ${shellWord(context)} install -y -f ${shellWord(`${where}/${path}`)}    # istioctl ${version(path)}`;
  const kubectl = `kubectl --context ${shellWord(context)}`;
  const apply = (path: string) => `${kubectl} apply -k ${shellWord(path)}`;
  return [
    apply(`${directory}/${Step.NAMESPACE}`),
    ...trustCommands(where, cluster),
    ...installer._commands(cluster, { meshID, directory: shellWord(directory), kubectl }),
    ...operators.filter(isControlPlane).map(install),
    ...ofPlanes,
    // A gateway that follows a tag is injected by the webhook of the tag.
    ...ofGateways.length + ofOthers.length > 0 && tree.has(`${name}/${Step.CONTROL_PLANE}/kustomization.yaml`) ? [apply(`${directory}/${Step.CONTROL_PLANE}`)] : [],
    ...ofGateways.map(install),
    ...ofOthers,
    apply(directory),
  ];
}

/** Whether a file is the IstioOperator of a control plane of the mesh. */
function isControlPlane(path: string): boolean {
  return path.endsWith('/control-plane.yaml') || path.includes(`/${CANARY_PREFIX}`);
}

/**
 * All by the API server: a client's own annotation has no room for a CRD. What istiod changes in its webhooks is ours again with each apply,
 * and istiod changes it again.
 */
function renderedCommands(where: string, cluster: ClusterModel): string[] {
  const { name, context, namespace, revision, canary } = cluster;
  const kubectl = `kubectl --context ${shellWord(context)}`;
  const apply = (step = '') => `${kubectl} apply --server-side --force-conflicts -k ${shellWord(`${where}/${name}${step && `/${step}`}`)}`;
  const istiods = [revision, ...canary ? [canary.revision] : []].map(one => one === '' ? 'istiod' : `istiod-${one}`);
  return [
    apply(Step.NAMESPACE),
    ...trustCommands(where, cluster),
    apply(Step.CRDS),
    apply(Step.CONTROL_PLANE),
    ...istiods.map(istiod => `${kubectl} -n ${namespace} rollout status --timeout=5m deployment/${istiod}`),
    apply(),
  ];
}

/** Bring the Secret cacerts, which istiod looks for when it starts. */
function trustCommands(where: string, { name, context, namespace, trust, pemDirectory }: ClusterModel): string[] {
  if (pemDirectory) {
    return [`istio-mesh certs ${shellWord(`${where}/mesh.yaml`)} --apply    # all clusters at once, each after its step ${Step.NAMESPACE}`];
  }
  return trust._resource ? [
    `kubectl --context ${shellWord(context)} apply -k ${shellWord(`${where}/${name}/${Step.TRUST}`)}`,
    `kubectl --context ${shellWord(context)} -n ${namespace} wait --for=condition=Ready --timeout=5m ${trust._resource}/cacerts`,
  ] : ['create the Secret cacerts of a common root (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)'];
}

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`;
}
