import { Installation, linkedPeers } from './installation';
import { linksBeside } from './links-directory';
import { commandText } from '../core/command';
import { memberName } from '../core/family';
import type { MeshModel } from '../definition/mesh-model';
import { RUN_BOOK } from './runbook/runbook';
import { takesFiles } from '../settings/remote-credentials/links';
import { shownPath } from '../util/host/files';
import { shellWord } from '../util/shell-word';
import { counted, inOneLine } from '../util/text';
import type { Tree } from '../util/tree';

/** What was written, and what to run next. */
export function summary(outdir: string, tree: Tree, meshes: readonly MeshModel[]): string {
  const where = shownPath(outdir);
  const directories = directoriesIn(tree);
  const named = `${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''}`;
  return [
    `${where}: ${tree.size} files in ${counted(directories.length, 'directory', 'directories')} (${named})`,
    ...meshes.flatMap(mesh => whatNext(outdir, where, tree, mesh)),
    '',
  ].join('\n');
}

function whatNext(outdir: string, where: string, tree: Tree, mesh: MeshModel): string[] {
  const { clusters, gitOps } = mesh;
  const installation = new Installation(mesh, tree, where);
  const all = clusters.map(cluster => ({ cluster, commands: installation.turns(cluster).flatMap(({ commands }) => commands) }));
  const longest = all.reduce((most, one) => one.commands.length > most.commands.length ? one : most);
  const links = linkedPeers(clusters);
  const count = links.flatMap(([, peers]) => peers).length;
  const committed = [where, ...clusters.some(takesFiles) ? [shownPath(linksBeside(outdir))] : []].map(shellWord).join(' and ');
  return [
    ...longest.commands.length > 0 ? [`next, for each cluster, e.g. ${longest.cluster.name}${installersOf(clusters)}:`, ...longest.commands.map(command => `  ${commandText(command)}`)] : [],
    ...gitOps ? [`then commit ${committed}, and ${commandText(gitOps._handOver(mesh, where))}`] : [],
    ...installation.link ? [`${counted(count, 'link')} ${count === 1 ? 'is' : 'are'} not in this tree: run ${commandText(installation.link)}${links.some(([cluster]) => takesFiles(cluster)) ? `, and commit ${shellWord(shownPath(linksBeside(outdir)))}` : ''}`] : [],
    `the whole run book: ${shellWord(installation.path(RUN_BOOK))}`,
  ].map(inOneLine);
}

/** Which installers there are, where not all clusters have the same. */
function installersOf(clusters: MeshModel['clusters']): string {
  const names = [...new Set(clusters.map(({ installer }) => memberName(installer)))];
  return names.length > 1 ? ` (the installers differ: ${names.join(', ')})` : '';
}

function directoriesIn(tree: Tree): string[] {
  return [...new Set([...tree.keys()].filter(path => path.includes('/')).map(path => path.slice(0, path.indexOf('/'))))];
}
