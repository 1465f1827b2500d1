import { execFileSync } from 'child_process';
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { type Argument, type Command, Option } from 'commander';
import { yaml } from '../../util/libraries';
import { isMap } from '../../util/map';

/** A candidate for the word at the cursor. */
export interface Completion {
  readonly name: string;
  readonly description?: string;
}

/** Instead of candidates: the shell itself completes file names. */
export const FILES = 'files';

type Completions = Completion[] | typeof FILES;

/** Completes values by the placeholder in help, e.g. `<file>`; other placeholders have no completions. */
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
  /** The arguments before the last word, without options and their values. */
  readonly given: readonly string[];
  /** The last word, which may be empty. */
  readonly last: string;
}

/**
 * The completions of the last word of a command line.
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

/** Completions in the format of tabtab's scripts; formatting them here avoids the time to load tabtab. */
export function completionText(found: Completions, shell: string | undefined): string {
  if (found === FILES) {
    return '__tabtab_complete_files__\n';
  }
  return found.map(completion => `${completionLine(completion, shell)}\n`).join('');
}

function completionLine({ name, description }: Completion, shell: string | undefined): string {
  if (description && shell === 'fish') {
    return `${name}\t${description}`;
  }
  if (description && shell === 'zsh') {
    return [name, description].map(text => text.replace(/:/g, '\\:')).join(':');
  }
  return name;
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
  if (command.name() === 'help') {
    return subcommands(command.parent);
  }
  return argument ? valuesOf(argument, line) : options(command, before);
}

/** The option whose value the next word is; a variadic option continues until the next option. */
function optionBefore(command: Command, before: readonly string[]): Option | undefined {
  const place = before.reduce((last, word, i) => word.startsWith('-') ? i : last, -1);
  const flag = before[place];
  const option = place < 0 ? undefined : command.options.find(({ long, short }) => [long, short].includes(flag));
  return option && (option.variadic || place === before.length - 1) ? option : undefined;
}

function takesValue(option: Option | undefined): boolean {
  return option !== undefined && (option.required || option.optional);
}

function subcommands(program: Command): Completion[] {
  return program.createHelp().visibleCommands(program)
    .map(command => ({ name: command.name(), description: command.description() }));
}

function options(command: Command, before: readonly string[]): Completion[] {
  return command.createHelp().visibleOptions(command)
    .filter(({ long, variadic }) => long && (variadic || !before.includes(long)))
    .map(({ long, description }) => ({ name: long!, description }));
}

function valuesOf(parameter: Argument | Option, line: Line): Completions {
  const [, placeholder] = parameter instanceof Option ? /[<[](\w+)/.exec(parameter.flags)! : [, parameter.name()];
  return parameter.argChoices?.map(name => ({ name })) ?? VALUES[placeholder!]?.(line) ?? [];
}

/** A top-level key of a mesh file. */
const MESH_FILE = /^(meshID|clusters):/m;

/** The mesh files in the working directory and in `dist`; if none matches the word, any file. */
function meshFiles({ last }: Line): Completions {
  const files = ['', 'dist'].flatMap(filesIn).filter(path => path.startsWith(last) && /\.ya?ml$/.test(path));
  const meshes = files.filter(path => MESH_FILE.test(textOf(path)));
  return meshes.length > 0 ? meshes.map(name => ({ name })) : FILES;
}

function filesIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory || '.', { withFileTypes: true });
    return entries.filter(entry => entry.isFile()).map(({ name }) => join(directory, name));
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
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only to complete rule codes
  const { ALL_RULES } = require('../../rules/all-rules') as typeof import('../../rules/all-rules');
  return ALL_RULES.map(({ code, title }) => ({ name: code, description: title }));
}

/** The clusters in the mesh file of the command line, or in the default one. */
function clusterNames({ command, given: [path = command.registeredArguments[0]?.defaultValue] }: Line): Completion[] {
  const mesh: unknown = yaml().parseDocument(textOf(path)).toJS();
  const clusters = isMap(mesh) && Array.isArray(mesh.clusters) ? mesh.clusters : [];
  return clusters.flatMap(cluster => typeof cluster?.name === 'string' ? [{ name: cluster.name }] : []);
}

function revisions(): Completion[] {
  try {
    const names = execFileSync('git', ['for-each-ref', '--format=%(refname:short)'], {
      encoding: 'utf-8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 1000,
    });
    return ['HEAD', ...names.split('\n').filter(Boolean)].map(name => ({ name }));
  } catch {
    return [];
  }
}
