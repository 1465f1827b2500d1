import { relative } from 'path';
import { ClusterModel, MeshModel } from './mesh-model';
import { Step } from './step';
import { Tree } from './tree-writer';

/** What was written, and what to run next. */
export function summary(outdir: string, tree: Tree, meshes: readonly MeshModel[]): string {
  const fromHere = relative('.', outdir) || '.';
  const where = fromHere.startsWith('..') ? outdir : fromHere;
  const directories = [...new Set([...tree.keys()].filter(path => path.includes('/')).map(path => path.split('/')[0]))];
  const lines = [`${where}: ${tree.size} files for ${plural(directories.length, 'cluster')} (${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''})`];
  for (const { clusters } of meshes.filter(mesh => mesh.clusters.length > 0)) {
    lines.push(`next, for each cluster, e.g. ${clusters[0].name}:`, ...commands(where, clusters[0], tree).map(command => `  ${command}`));
    const missing = clusters.reduce((sum, { peers }) => sum + peers.filter(peer => !peer.remoteCredentials._inTree).length, 0);
    if (missing > 0) {
      lines.push(`${plural(missing, 'link')} ${missing === 1 ? 'is' : 'are'} not in this tree: make them with istioctl create-remote-secret, or set remoteCredentials (README, "Links")`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function commands(where: string, { name, context, istioVersion, canary }: ClusterModel, tree: Tree): string[] {
  const directory = `${where}/${name}`;
  const operators = [...tree.keys()].filter(path => path.startsWith(`${name}/${Step.ISTIOCTL}/`));
  const version = (path: string) => canary && path.endsWith(`-${canary.revision}.yaml`) ? canary.istioVersion : istioVersion;
  return [
    `kubectl --context ${context} apply -k ${directory}/${Step.NAMESPACE}`,
    'create the Secret cacerts of a common root (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)',
    ...operators.map(path => `istioctl --context ${context} install -y -f ${where}/${path}    # istioctl ${version(path)}`),
    `kubectl --context ${context} apply -k ${directory}`,
  ];
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
