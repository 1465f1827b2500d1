import { execFile } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { program } from '../../src/cli/program';

const CLI = [require.resolve('tsx/cli'), join(__dirname, '..', '..', 'src', 'cli.ts')];

/** What somebody sees who runs the command line. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => execFile(process.execPath, [...CLI, ...args], (error, stdout, stderr) =>
    resolve({ code: error ? Number(error.code) : 0, stdout, stderr })));
}

/** Help with all that is added to it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: some => text += some });
  command.outputHelp();
  return text;
}

/** Every `istio-mesh` at the begin of a line of help, as the shell gives its arguments. */
function examples(help: string): string[][] {
  return [...help.matchAll(/^ {2}istio-mesh (\S.*?)(?: {3}.*)?$/gm)].map(([, line]) => line.replace(/ >.*/, '').split(/\s+/));
}

/** Commands that only judge their arguments. */
function judging(command: Command): Command {
  command.commands.forEach(judging);
  command.exitOverride().configureOutput({ writeErr: () => {} });
  return command.commands.length > 0 ? command : command.action(() => {});
}

const COMMANDS = program.createHelp().visibleCommands(program).filter(command => command.name() !== 'help');

test.each(COMMANDS.map(command => [command.name(), command] as const))('help of %s has examples that it takes, its page and its exit codes', (name, command) => {
  const help = helpOf(command);
  const lines = examples(help);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line[0]).toBe(name);
    expect(() => judging(program).parse(line, { from: 'user' })).not.toThrow(CommanderError);
  }
  expect(help).toMatch(/^Exit codes: 0 /m);
  const [, page] = /^More: \S+\/(docs\/\S+)$/m.exec(help)!;
  expect([page, existsSync(join(__dirname, '..', '..', page))]).toEqual([page, true]);
});

test('an example that the command line does not take is seen', () => {
  const [line] = examples('  istio-mesh synth --outptu x   writes x\n');
  expect(() => judging(program).parse(line, { from: 'user' })).toThrow("unknown option '--outptu'");
});

test('the help of all has each command in a group, and the first steps', () => {
  const help = helpOf(program);
  const groups = help.split('\n').filter(line => /^\S.*:$/.test(line));
  expect(groups).toEqual(['Options:', 'Make a mesh:', 'Look at a mesh:', 'Run a mesh:', 'In your shell:', 'Commands:', 'First steps:']);
  expect(help.slice(help.indexOf('\nCommands:'), help.indexOf('\nFirst steps:')).trim().split('\n')).toHaveLength(2); // help alone
  expect(help).not.toContain('completion-server');
  examples(help).forEach(line => expect(() => judging(program).parse(line, { from: 'user' })).not.toThrow());
});

test('whoever asks for nothing is told the first steps, and a misspelt command the right one', async () => {
  const [nothing, misspelt] = await Promise.all([run(), run('verfiy')]);
  expect([nothing.code, nothing.stderr, nothing.stdout.split('\n').slice(0, 4)]).toEqual([0, '', [
    'One mesh definition in, one directory of manifests for every cluster out.', '', 'First steps:', '  istio-mesh init              asks for a first mesh, and writes mesh.yaml',
  ]]);
  expect([misspelt.code, misspelt.stdout, misspelt.stderr.split('\n').slice(0, 2)]).toEqual([1, '', ["error: unknown command 'verfiy'", '(Did you mean verify?)']]);
}, 60_000);
