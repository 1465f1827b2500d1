import { spawnSync } from 'child_process';
import { chmodSync, writeFileSync } from 'fs';
import { join } from 'path';
import { completions, FILES } from '../../../src/cli/completion/completions';
import { program } from '../../../src/cli/program';
import { ALL_RULES } from '../../../src/rules/all-rules';
import { directoryWith } from '../../support/mesh-util';
import { temporaryDirectory } from '../../support/util';

const MESH = 'meshID: mesh1\nclusters: [{name: cluster1}, {name: west}]\n';
const start = process.cwd();
beforeAll(() => process.chdir(directoryWith({ 'mesh.yaml': MESH, 'values.yaml': 'a: 1\n', 'dist/mesh.yaml': 'clusters: [{name: built}]\n' })));
afterAll(() => process.chdir(start));

/** The words with which a line may go on. */
function after(line: string): string[] | typeof FILES {
  const found = completions(program, line);
  return found === FILES ? FILES : found.map(({ name }) => name);
}

test('commands are completed, but for the one that completes', () => {
  expect(after('istio-mesh ')).toEqual([...program.commands.map(command => command.name()).filter(name => name !== 'completion-server'), 'help']);
  expect(after('LANG=C ./node_modules/.bin/istio-mesh ver')).toEqual(['verify']);
  expect(after('istio-mesh help di')).toEqual(['diff']);
});

test('options are completed once, and only those that take several again', () => {
  expect(after('istio-mesh link --')).toEqual(['--output', '--dry-run', '--prune', '--links', '--timeout', '--help']);
  expect(after('istio-mesh link --prune --p')).toEqual([]);
  expect(after('istio-mesh rotate --cluster west --c')).toEqual(['--cluster']);
  expect(after('istio-mesh --v')).toEqual(['--version']);
});

test.each([
  ['istio-mesh check --format ', ['text', 'json', 'github']],
  ['istio-mesh verify -o j', ['json']],
  ['istio-mesh completion ', ['bash', 'zsh', 'fish']],
  ['istio-mesh synth ', ['mesh.yaml', 'dist/mesh.yaml']],
  ['istio-mesh diff mesh.yaml dist', ['dist/mesh.yaml']],
  ['istio-mesh link --output json m', ['mesh.yaml']],
  ['istio-mesh synth val', FILES],
  ['istio-mesh synth mesh.yaml --output ', FILES],
  ['istio-mesh verify --timeout ', []],
  ['istio-mesh rotate mesh.yaml --cluster ', ['cluster1', 'west']],
  ['istio-mesh rotate mesh.yaml --cluster cluster1 w', ['west']],
  ['istio-mesh rotate --cluster ', ['built']],
  ['istio-mesh synth mesh.yaml ', ['--output', '--quiet', '--help']],
])('%s is followed by what fits', (line, expected) => {
  expect(after(line)).toEqual(expected);
});

test('the codes of all rules are completed', () => {
  expect(after('istio-mesh explain ')).toEqual(ALL_RULES.map(({ code }) => code));
  expect(after('istio-mesh explain IM04')).toContain('IM049');
});

/** What a shell offers at the end of a line, with the printed script, where that shell is installed. */
const SHELLS: { readonly [shell: string]: (line: string) => string } = {
  bash: line => `eval "$(istio-mesh completion bash)"; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=($COMP_LINE); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _istio-mesh_completion; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: line => `istio-mesh completion fish | source; complete --do-complete '${line}'`,
  zsh: line => `autoload -U compinit && compinit -u -D; eval "$(istio-mesh completion zsh)"
    _describe() { print -l -- $reply }; BUFFER='${line}'; CURSOR=\${#BUFFER}; words=(\${=BUFFER}); CURRENT=\${#words}; _istio-mesh_completion`,
};

test.each(Object.keys(SHELLS).filter(shell => spawnSync(shell, ['--version']).status === 0))('%s completes with the printed script', shell => {
  const bin = temporaryDirectory();
  const cli = [process.execPath, require.resolve('tsx/cli'), join(__dirname, '..', '..', '..', 'src', 'cli.ts')].map(word => `'${word}'`).join(' ');
  writeFileSync(join(bin, 'istio-mesh'), `#!/bin/sh\nexec ${cli} "$@"\n`);
  chmodSync(join(bin, 'istio-mesh'), 0o755);
  const offered = (line: string) => spawnSync(shell, ['-c', SHELLS[shell](line)], { encoding: 'utf-8', env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, HOME: bin } }).stdout.trimEnd().split('\n');
  expect(offered('istio-mesh ver').map(line => line.split(/[\t:]/)[0])).toEqual(['verify']);
  expect(offered('istio-mesh check mesh.yaml --format g').map(line => line.split(/[\t:]/)[0])).toEqual(['github']);
}, 60_000);
