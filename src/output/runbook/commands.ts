import { block, code, namesOf, plain } from './markdown';
import { stepsTable } from './steps';
import type { Command, Turn } from '../../core/command';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { ClusterPlaceholders } from '../../settings/installer/applied-tree';
import { shellWord, UNSEEN } from '../../util/shell-word';
import type { Installation } from '../installation';

/** What is run in some clusters alike. */
interface Group {
  readonly clusters: ClusterModel[];
  /** How a loop names the clusters. */
  readonly words: ClusterPlaceholders;
  readonly commands: readonly Command[];
}

/** Gives the turns of a cluster, with lines that name it so. */
type TurnsOf = (cluster: ClusterModel, words?: ClusterPlaceholders) => readonly Turn[];

/** What the commands of all clusters are, turn by turn: those that differ by name and context alone are told once, in a loop. */
function turnSections(clusters: readonly ClusterModel[], turnsOf: TurnsOf): Array<readonly [title: string, text: string]> {
  const sections = new Map<string, Map<string, Group>>();
  for (const cluster of clusters) {
    const words = loopWords(cluster);
    for (const { title, commands } of turnsOf(cluster, words)) {
      const groups = sections.get(title) ?? sections.set(title, new Map()).get(title)!;
      const key = JSON.stringify([words, commands]); // without what is printed, which functions tell
      const group = groups.get(key);
      group ? group.clusters.push(cluster) : groups.set(key, { clusters: [cluster], words, commands });
    }
  }
  return [...sections].map(([title, groups]) => [title, [...groups.values()].map(group => [
    ...groups.size > 1 ? [`For ${namesOf(group.clusters)}:`] : [],
    groupText(group, turnsOf(group.clusters[0]).find(turn => turn.title === title)!.commands),
  ].join('\n\n')).join('\n\n')] as const);
}

/** What is run, what that prints, and what is true afterwards. */
function groupText({ clusters, words, commands }: Group, ofFirst: readonly Command[]): string {
  const isLoop = clusters.length > 1 && commands.some(({ isForAll, line }) => line && !isForAll);
  const shown = isLoop ? commands : ofFirst;
  const lines = shown.flatMap(({ line, remark }) => line ? [`${line}${remark ? `    # ${remark}` : ''}`] : []);
  const first = isLoop ? `, e.g. for ${code(clusters[0].name)}` : '';
  return [
    ...(clusters.length > 1 ? commands : ofFirst).flatMap(({ line, task }) => task ? [`${sentence(task)}${line ? ':' : '.'}`] : []),
    ...lines.length > 0 ? [block('sh', isLoop ? loop(clusters, words, lines) : lines)] : [],
    ...printed(ofFirst, first),
    ...ofFirst.flatMap(({ then }) => then ? [then] : []),
  ].join('\n\n');
}

/** What is done once, one after the other. */
function commandTexts(commands: readonly Command[]): string {
  return commands.map(command => groupText({ clusters: [], words: LOOP, commands: [command] }, [command])).join('\n\n');
}

function printed(commands: readonly Command[], first: string): string[] {
  const told = commands.filter(({ line, prints }) => line && prints && prints().length > 0);
  const lines = told.flatMap(({ line, prints }) => [...told.length > 1 ? [`$ ${line}`] : [], ...prints!()]);
  return lines.length === 0 ? [] : [`It prints${first}:`, block('text', lines)];
}

const LOOP: ClusterPlaceholders = { name: 'the name of the cluster', upperName: '$(printf %s "$c" | tr a-z- A-Z_)', context: '"$context"', directory: '$c', links: '../links/$c' };

/** How a loop names a cluster: by its name alone, where its context has that in it. */
function loopWords({ name, context }: ClusterModel): ClusterPlaceholders {
  const at = context.lastIndexOf(name);
  if (context !== context.trim() || UNSEEN.test(context)) { // `read` would change it, or nobody see it
    return { ...LOOP, context: shellWord(context) };
  }
  return at < 0 || shellWord(context) !== context ? LOOP
    : { ...LOOP, context: `${context.slice(0, at)}${at + name.length < context.length ? `\${c}${context.slice(at + name.length)}` : '$c'}` };
}

const WIDTH = 100;

function loop(clusters: readonly ClusterModel[], { context }: ClusterPlaceholders, lines: readonly string[]): string[] {
  const body = lines.map(line => `  ${line}`);
  return context === LOOP.context
    ? ['while read -r c context <&3; do', ...body, "done 3<<'END'", ...clusters.map(cluster => `${cluster.name} ${cluster.context}`), 'END']
    : [...broken(`for c in ${clusters.map(({ name }) => name).join(' ')}; do`), ...body, 'done'];
}

/** A long line of a shell as several. */
function broken(line: string): string[] {
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines[lines.length - 1];
    last && last.length + word.length >= WIDTH ? lines.push(`  ${word}`) : lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((one, i) => i < lines.length - 1 ? `${one} \\` : one);
}

/** The task as a sentence begins. */
function sentence(task: string): string {
  const text = plain(task.replace(/^# /, ''));
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a person does to install the mesh, section by section. */
export function installationSections(mesh: MeshModel, installation: Installation): Array<readonly [title: string, text: string]> {
  const { clusters, gitOps } = mesh;
  return [
    ...turnSections(clusters, (cluster, words) => installation.turns(cluster, words)),
    ...gitOps ? [['Commit, and hand over', `${commandTexts(installation.handOver)}\n\n${stepsTable(mesh, gitOps, installation)}`] as const] : [],
    ...installation.link ? [['Link', commandTexts([installation.link])] as const] : [],
    ...turnSections(clusters, (cluster, words) => installation.lastTurns(cluster, words)),
    ['Look whether it works', `${commandTexts([installation.verify])}\n\nHelloWorld runs in every cluster meanwhile, and is removed again. A red cell has a line below it that says what to do.`],
  ];
}
