import { type Section, block, code, namesOf, plain } from './markdown';
import { stepsTable } from './steps';
import type { Command, InstallStage } from '../../core/command';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { ClusterPlaceholders } from '../../settings/installer/applied-tree';
import { groupBy } from '../../util/map';
import { shellWord, INVISIBLE } from '../../util/shell-word';
import { joinInLines } from '../../util/text';
import type { Installation } from '../installation';

/** Clusters that run the same commands in a stage. */
interface CommandGroup {
  readonly clusters: readonly ClusterModel[];
  /** How the commands refer to a cluster in a loop. */
  readonly placeholders: ClusterPlaceholders;
  readonly commands: readonly Command[];
}

/** Returns the stages of a cluster; with placeholders, its commands refer to the cluster by them. */
type StagesOf = (cluster: ClusterModel, placeholders?: ClusterPlaceholders) => readonly InstallStage[];

/** A section for each stage; clusters whose commands differ only by name and context share a loop. */
function stageSections(clusters: readonly ClusterModel[], stagesOf: StagesOf): Section[] {
  const stages = clusters.flatMap(cluster => {
    const placeholders = loopPlaceholders(cluster);
    return stagesOf(cluster, placeholders).map(stage => ({ ...stage, placeholders, cluster }));
  });
  return [...groupBy(stages, ({ title }) => title)].map(([title, stage]) => {
    const equal = groupBy(stage, ({ placeholders, commands }) => JSON.stringify([placeholders, commands]));
    const groups = [...equal.values()].map(group => ({ ...group[0], clusters: group.map(({ cluster }) => cluster) }));
    return { title, text: stageText(title, groups, stagesOf) };
  });
}

function stageText(title: string, groups: readonly CommandGroup[], stagesOf: StagesOf): string {
  return groups.flatMap(group => {
    const { commands } = stagesOf(group.clusters[0]).find(stage => stage.title === title)!;
    return [
      ...groups.length > 1 ? [`For ${namesOf(group.clusters)}:`] : [],
      groupText(group, commands),
    ];
  }).join('\n\n');
}

/**
 * The commands of a group, and the notes below them.
 *
 * @param firstCommands the commands as the first cluster runs them, without a loop
 */
function groupText({ clusters, placeholders, commands }: CommandGroup, firstCommands: readonly Command[]): string {
  const isLoop = clusters.length > 1 && commands.some(({ isForAll, line }) => line && !isForAll);
  const lines = (isLoop ? commands : firstCommands).filter(({ line }) => line)
    .map(({ line, remark }) => `${line}${remark ? `    # ${remark}` : ''}`);
  const tasks = clusters.length > 1 ? commands : firstCommands;
  return [
    ...tasks.flatMap(({ line, task }) => task ? [`${sentence(task)}${line ? ':' : '.'}`] : []),
    ...lines.length > 0 ? [block('sh', isLoop ? loop(clusters, placeholders, lines) : lines)] : [],
    ...successSentences(commands),
    ...firstCommands.flatMap(({ then }) => then ? [then] : []),
  ].join('\n\n');
}

/** Commands that run once for the mesh. */
function commandTexts(commands: readonly Command[]): string {
  const group = { clusters: [], placeholders: LOOP, commands };
  return commands.map(command => groupText(group, [command])).join('\n\n');
}

function successSentences(commands: readonly Command[]): string[] {
  const outputs = new Set(commands.flatMap(({ success }) => success ?? []));
  return [...outputs].map(output => `Expected output: ${code(output)}.`);
}

/** Placeholders in a loop whose variables are the name and the context. */
const LOOP: ClusterPlaceholders = {
  name: 'the name of the cluster',
  upperName: '$(printf %s "$c" | tr a-z- A-Z_)',
  context: '"$context"',
  directory: '$c',
  links: '../links/$c',
};

/** Placeholders of a cluster in a loop; a context that contains the name needs no variable of its own. */
function loopPlaceholders({ name, context }: ClusterModel): ClusterPlaceholders {
  if (context !== context.trim() || INVISIBLE.test(context)) { // `read` would change it, or the reader could not see it
    return { ...LOOP, context: shellWord(context) };
  }
  const start = context.lastIndexOf(name);
  if (start < 0 || shellWord(context) !== context) {
    return LOOP;
  }
  const [before, after] = [context.slice(0, start), context.slice(start + name.length)];
  return { ...LOOP, context: after === '' ? `${before}$c` : `${before}\${c}${after}` };
}

function loop(clusters: readonly ClusterModel[], { context }: ClusterPlaceholders, lines: readonly string[]): string[] {
  const body = lines.map(line => `  ${line}`);
  if (context === LOOP.context) {
    const contexts = clusters.map(cluster => `${cluster.name} ${cluster.context}`);
    return ['while read -r c context <&3; do', ...body, "done 3<<'END'", ...contexts, 'END'];
  }
  return [...wrapped(`for c in ${clusters.map(({ name }) => name).join(' ')}; do`), ...body, 'done'];
}

const MAX_WIDTH = 100;

/** A shell command on several lines, if it is too long for one. */
function wrapped(command: string): string[] {
  return joinInLines(command.split(' '), ' ', MAX_WIDTH).join(' \\\n  ').split('\n');
}

/** A task with a capital letter, as Markdown. */
function sentence(task: string): string {
  const text = plain(task.replace(/^# /, ''));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The sections with which a person installs the mesh, in their order. */
export function installationSections(mesh: MeshModel, installation: Installation): Section[] {
  const { clusters, gitOps } = mesh;
  const { link, verify, gitOpsBootstrap } = installation;
  return [
    ...stageSections(clusters, (cluster, placeholders) => installation.stages(cluster, placeholders)),
    ...gitOps ? [{
      title: 'Commit and bootstrap GitOps',
      text: `${commandTexts(gitOpsBootstrap)}\n\n${stepsTable(mesh, gitOps, installation)}`,
    }] : [],
    ...link ? [{ title: 'Link the clusters', text: commandTexts([link]) }] : [],
    ...stageSections(clusters, (cluster, placeholders) => installation.stagesAfterLink(cluster, placeholders)),
    {
      title: 'Verify',
      text: `${commandTexts([verify])}\n\nThe command deploys HelloWorld to every cluster, and removes it at the end. `
        + 'Below the matrix, a line for each red cell describes the error and the fix.',
    },
  ];
}
