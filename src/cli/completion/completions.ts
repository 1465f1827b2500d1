import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import type { Argument, Command } from 'commander';
import { Option } from 'commander';
import { yaml } from '../../util/libraries';
import { isMap } from '../../util/map';

/** One way to go on. */
export interface Completion { readonly name: string; readonly description?: string }

/** That the shell completes the name of a file itself. */
export const FILES = 'files';

type Completions = Completion[] | typeof FILES;

/** What is asked for where, by the name that help gives it; anything else is the user's own. */
const VALUES: { readonly [placeholder: string]: (line: Line) => Completions } = {
  file: meshFiles,
  path: meshFiles,
  after: meshFiles,
  directory: () => FILES,
  code: ruleCodes,
  cluster: clusterNames,
  revision: revisions,
};

/** A command line up to the cursor. */
interface Line {
  readonly command: Command;
  /** The arguments before the last word that belong to no option. */
  readonly given: readonly string[];
  /** The last word, which may be empty. */
  readonly last: string;
}

/**
 * What may stand at the end of a command line.
 *
 * @param program the commands
 * @param text the line up to the cursor
 */
export function completions(program: Command, text: string): Completions {
  const words = text.split(/\s+/);
  const before = words.slice(words.findIndex(word => /(^|\/)istio-mesh$/.test(word)) + 1, -1);
  const line = lineOf(program, before, words[words.length - 1]);
  const found = candidates(line, before);
  return found === FILES ? FILES : found.filter(({ name }) => name.startsWith(line.last));
}

/** Completions as the scripts of tabtab read them, of which loading all takes as long as everything else here. */
export function completionText(found: Completions, shell: string | undefined): string {
  return found === FILES ? '__tabtab_complete_files__\n' : found.map(({ name, description }) => `${
    !description || !['zsh', 'fish'].includes(shell!) ? name
      : shell === 'fish' ? `${name}\t${description}` : [name, description].map(text => text.replace(/:/g, '\\:')).join(':')}\n`).join('');
}

function lineOf(program: Command, before: readonly string[], last: string): Line {
  const place = before.findIndex(word => program.commands.some(command => command.name() === word));
  const command = program.commands.find(one => one.name() === before[place]);
  if (!command) {
    return { command: program, given: [], last };
  }
  const rest = before.slice(place + 1);
  const given = rest.filter((word, i) => !word.startsWith('-') && !takesValue(optionBefore(command, rest.slice(0, i))));
  return { command, given, last };
}

function candidates(line: Line, before: readonly string[]): Completions {
  const { command, given, last } = line;
  const option = optionBefore(command, before);
  if (last.startsWith('-')) {
    return options(command, before);
  }
  if (takesValue(option)) {
    return valuesOf(option!, line);
  }
  if (command.parent === null) {
    return subcommands(command);
  }
  const { registeredArguments } = command;
  const argument = registeredArguments[given.length] ?? registeredArguments.find(({ variadic }) => variadic);
  return command.name() === 'help' ? subcommands(command.parent) : argument ? valuesOf(argument, line) : options(command, before);
}

/** The option whose value the next word would be; one that takes several goes on until the next option. */
function optionBefore(command: Command, before: readonly string[]): Option | undefined {
  const place = before.reduce((last, word, i) => word.startsWith('-') ? i : last, -1);
  const option = place < 0 ? undefined : command.options.find(({ long, short }) => [long, short].includes(before[place]));
  return option && (option.variadic || place === before.length - 1) ? option : undefined;
}

function takesValue(option: Option | undefined): boolean {
  return option !== undefined && (option.required || option.optional);
}

function subcommands(program: Command): Completion[] {
  return program.createHelp().visibleCommands(program).map(command => ({ name: command.name(), description: command.description() }));
}

function options(command: Command, before: readonly string[]): Completion[] {
  return command.createHelp().visibleOptions(command).filter(({ long, variadic }) => long && (variadic || !before.includes(long)))
    .map(({ long, description }) => ({ name: long!, description }));
}

function valuesOf(asked: Argument | Option, line: Line): Completions {
  const [, placeholder] = asked instanceof Option ? /[<[](\w+)/.exec(asked.flags)! : [, asked.name()];
  return asked.argChoices?.map(name => ({ name })) ?? VALUES[placeholder!]?.(line) ?? [];
}

/** A mesh file begins like one. */
const MESH_FILE = /^(meshID|clusters):/m;

/** The mesh files of the directory and of `dist`; any file where none fits. */
function meshFiles({ last }: Line): Completions {
  const found = ['', 'dist'].flatMap(directory => filesIn(directory).filter(path => /\.ya?ml$/.test(path) && MESH_FILE.test(textOf(path))));
  const fitting = found.filter(path => path.startsWith(last));
  return fitting.length > 0 ? fitting.map(name => ({ name })) : FILES;
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory || '.', { withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => join(directory, name));
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf-8');
  } catch {
    return '';
  }
}

function ruleCodes(): Completion[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only to complete a code
  const { ALL_RULES } = require('../../rules/all-rules') as typeof import('../../rules/all-rules');
  return ALL_RULES.map(({ code, title }) => ({ name: code, description: title }));
}

/** The clusters of the mesh file that the line names, or would take. */
function clusterNames({ command, given: [path = command.registeredArguments[0]?.defaultValue] }: Line): Completion[] {
  const mesh: unknown = yaml().parseDocument(textOf(path)).toJS();
  const clusters = isMap(mesh) && Array.isArray(mesh.clusters) ? mesh.clusters : [];
  return clusters.flatMap(cluster => typeof cluster?.name === 'string' ? [{ name: cluster.name }] : []);
}

function revisions(): Completion[] {
  try {
    const names = execFileSync('git', ['for-each-ref', '--format=%(refname:short)'], { encoding: 'utf-8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 1000 });
    return ['HEAD', ...names.split('\n').filter(Boolean)].map(name => ({ name }));
  } catch {
    return [];
  }
}
