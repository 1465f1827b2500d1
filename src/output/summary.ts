import { Installation, linkedPeers } from './installation';
import { linksNextTo } from './links-directory';
import { commandText } from '../core/command';
import type { MeshModel } from '../definition/mesh-model';
import { RUNBOOK } from './runbook/runbook';
import { writesLinkFiles } from '../settings/remote-credentials/links';
import { shownPath } from '../util/host/files';
import { shellWord } from '../util/shell-word';
import { counted, inOneLine } from '../util/text';
import type { Tree } from '../util/tree';

const MAX_DIRECTORIES = 5;

/** The summary of synth: which files it wrote, and the next steps. */
export function summary(outdir: string, tree: Tree, meshes: readonly MeshModel[]): string {
  const output = shownPath(outdir);
  const directories = topDirectories(tree);
  const more = directories.length > MAX_DIRECTORIES ? ['…'] : [];
  const shown = [...directories.slice(0, MAX_DIRECTORIES), ...more].join(', ');
  return [
    `${output}: ${tree.size} files in ${counted(directories.length, 'directory', 'directories')} (${shown})`,
    ...meshes.flatMap(mesh => nextSteps(output, shownPath(linksNextTo(outdir)), tree, mesh)),
    '',
  ].join('\n');
}

function nextSteps(output: string, links: string, tree: Tree, mesh: MeshModel): string[] {
  const { clusters, gitOps } = mesh;
  const installation = new Installation(mesh, tree, output);
  const committed = [output, ...clusters.some(writesLinkFiles) ? [links] : []].map(shellWord).join(' and ');
  return [
    ...clusterCommands(clusters, installation),
    ...gitOps ? [`then commit ${committed}, and ${commandText(gitOps._bootstrap(mesh, output))}`] : [],
    ...linkStep(clusters, links, installation),
    `runbook: ${shellWord(installation.path(RUNBOOK))}`,
  ].map(inOneLine);
}

/** The commands of the cluster that needs the most of them, as an example for all clusters. */
function clusterCommands(clusters: MeshModel['clusters'], installation: Installation): string[] {
  const all = clusters.map(cluster => {
    const commands = installation.stages(cluster).flatMap(stage => stage.commands);
    return { name: cluster.name, commands };
  });
  const example = all.reduce((longest, one) => one.commands.length > longest.commands.length ? one : longest);
  return example.commands.length === 0 ? [] : [
    `next steps for each cluster, e.g. ${example.name}${differingInstallers(clusters)}:`,
    ...example.commands.map(command => `  ${commandText(command)}`),
  ];
}

function differingInstallers(clusters: MeshModel['clusters']): string {
  const names = [...new Set(clusters.map(({ installer }) => installer._kind))];
  return names.length > 1 ? ` (the clusters have different installers: ${names.join(', ')})` : '';
}

function linkStep(clusters: MeshModel['clusters'], links: string, { link }: Installation): string[] {
  if (!link) {
    return [];
  }
  const linked = linkedPeers(clusters);
  const secrets = counted(linked.flatMap(([, peers]) => peers).length, 'remote secret');
  const hasFiles = linked.some(([cluster]) => writesLinkFiles(cluster));
  return [`then create ${secrets}: ${commandText(link)}${hasFiles ? `, and commit ${shellWord(links)}` : ''}`];
}

function topDirectories(tree: Tree): string[] {
  const paths = [...tree.keys()].filter(path => path.includes('/'));
  return [...new Set(paths.map(path => path.slice(0, path.indexOf('/'))))];
}
