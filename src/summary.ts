import { AppliedTree } from './applied-tree';
import { linksBeside, takesFiles } from './links-directory';
import { ClusterModel, MeshModel } from './mesh-model';
import { shellWord } from './shell-word';
import { shownPath } from './shown-path';
import { Step } from './step';
import { Tree } from './tree-writer';

/** What was written, and what to run next. */
export function summary(outdir: string, tree: Tree, meshes: readonly MeshModel[]): string {
  const where = shownPath(outdir);
  const files = byDirectory(tree);
  const directories = [...files.keys()];
  const named = `${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''}`;
  const lines = [`${where}: ${tree.size} files in ${plural(directories.length, 'directory', 'directories')} (${named})`];
  for (const mesh of meshes) {
    const { clusters, gitOps } = mesh;
    const all = clusters.map(cluster => ({ cluster, lines: commands(where, cluster, files.get(cluster.name)!, mesh) }));
    const longest = all.reduce((most, one) => one.lines.length > most.lines.length ? one : most);
    if (longest.lines.length > 0) {
      lines.push(`next, for each cluster, e.g. ${longest.cluster.name}:`, ...longest.lines.map(command => `  ${command}`));
    }
    if (gitOps) {
      const committed = [where, ...clusters.some(takesFiles) ? [shownPath(linksBeside(outdir))] : []].map(shellWord).join(' and ');
      lines.push(`then commit ${committed}, and ${gitOps._handOver(mesh, where)}`);
    }
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

/** What the user runs; a GitOps tool runs all but what brings the Secret cacerts, where nothing in the tree does. */
function commands(where: string, cluster: ClusterModel, files: ReadonlyMap<string, string>, { meshID, gitOps }: MeshModel): string[] {
  const { name, context, installer, trust } = cluster;
  const tree = new AppliedTree(meshID, context, `${where}/${name}`, files, installer._applyFlags);
  if (gitOps && trust._resource) {
    return [];
  }
  const first = [tree.apply(Step.NAMESPACE), ...trustCommands(where, cluster, tree)];
  return gitOps ? first : [
    ...first,
    ...installer._commands(cluster, tree),
    tree.apply(),
  ];
}

/** Texts of files by their paths below the directory that they are in. */
function byDirectory(tree: Tree): Map<string, Map<string, string>> {
  const directories = new Map<string, Map<string, string>>();
  for (const [path, text] of tree) {
    const end = path.indexOf('/');
    if (end > 0) {
      const directory = path.slice(0, end);
      const files = directories.get(directory) ?? new Map<string, string>();
      directories.set(directory, files.set(path.slice(end + 1), text));
    }
  }
  return directories;
}

/** Bring the Secret cacerts, which istiod looks for when it starts. */
function trustCommands(where: string, { namespace, trust, pemDirectory }: ClusterModel, tree: AppliedTree): string[] {
  if (pemDirectory) {
    return [`istio-mesh certs ${shellWord(`${where}/mesh.yaml`)} --apply    # all clusters at once, each after its step ${Step.NAMESPACE}`];
  }
  return trust._resource ? [
    tree.apply(Step.TRUST),
    tree.kubectl(`-n ${namespace} wait --for=condition=Ready --timeout=5m ${trust._resource}/cacerts`),
  ] : ['create the Secret cacerts of a common root (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)'];
}

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`;
}
