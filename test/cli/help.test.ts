import { execFile } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { type Command, CommanderError } from 'commander';
import { program } from '../../src/cli/program';
import { CLI } from '../support/util';


/** Runs the command line in a process of its own. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) => {
    resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
  }));
}

/** The help of a command, with the added text. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: some => text += some });
  command.outputHelp();
  return text;
}

/** The arguments of every `istio-mesh` at the beginning of a line of help. */
function examples(help: string): string[][] {
  const lines = [...help.matchAll(/^ {2}istio-mesh (\S.*?)(?: {3}.*)?$/gm)].map(([, line]) => line);
  return lines.map(line => line.replace(/ >.*/, '').split(/\s+/));
}

/** Makes a command parse its arguments without doing anything. */
function parser(command: Command): Command {
  command.commands.forEach(parser);
  command.exitOverride().configureOutput({ writeErr: () => {} });
  return command.commands.length > 0 ? command : command.action(() => {});
}

const COMMANDS = program.createHelp().visibleCommands(program).filter(command => command.name() !== 'help');

const NAMED_COMMANDS = COMMANDS.map(command => [command.name(), command] as const);

test.each(NAMED_COMMANDS)('the help of %s has valid examples, exit codes and an existing page', (name, command) => {
  const help = helpOf(command);
  const lines = examples(help);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line[0]).toBe(name);
    expect(() => parser(program).parse(line, { from: 'user' })).not.toThrow(CommanderError);
  }
  expect(help).toMatch(/^Exit codes: 0 /m);
  const [, page] = /^More: \S+\/(docs\/\S+)$/m.exec(help)!;
  expect([page, existsSync(join(__dirname, '..', '..', page))]).toEqual([page, true]);
});

test('an invalid example is detected', () => {
  const [line] = examples('  istio-mesh synth --outptu x   writes x\n');
  expect(() => parser(program).parse(line, { from: 'user' })).toThrow("unknown option '--outptu'");
});

test('the general help has each command in a group, and the first steps', () => {
  const help = helpOf(program);
  const groups = help.split('\n').filter(line => /^\S.*:$/.test(line));
  expect(groups).toEqual([
    'Options:', 'Create a mesh:', 'Inspect a mesh:', 'Operate a mesh:', 'Shell completion:',
    'Commands:', 'First steps:',
  ]);
  const ungrouped = help.slice(help.indexOf('\nCommands:'), help.indexOf('\nFirst steps:')).trim().split('\n').slice(1);
  expect(ungrouped).toEqual([expect.stringMatching(/^ {2}help /)]);
  expect(help).not.toContain('completion-server');
  examples(help).forEach(line => expect(() => parser(program).parse(line, { from: 'user' })).not.toThrow());
});

test('without arguments the first steps are printed, and a misspelled command is corrected', async () => {
  const [nothing, misspelled] = await Promise.all([run(), run('verfiy')]);
  expect([nothing.code, nothing.stderr, nothing.stdout.split('\n').slice(0, 4)]).toEqual([0, '', [
    'One mesh definition in, one directory of manifests for every cluster out.',
    '',
    'First steps:',
    '  istio-mesh init              asks for your clusters, and writes mesh.yaml',
  ]]);
  expect([misspelled.code, misspelled.stdout, misspelled.stderr.split('\n').slice(0, 2)]).toEqual([
    1, '', ["error: unknown command 'verfiy'", '(Did you mean verify?)'],
  ]);
}, 60_000);
