import { spawnSync } from 'child_process';
import { chmodSync, writeFileSync } from 'fs';
import { join } from 'path';
import { completions, FILES } from '../../../src/cli/completion/completions';
import { program } from '../../../src/cli/program';
import { ALL_RULES } from '../../../src/rules/all-rules';
import { directoryWith } from '../../support/mesh-util';
import { CLI, temporaryDirectory } from '../../support/util';

const MESH = 'meshID: mesh1\nclusters: [{name: cluster1}, {name: west}]\n';
const start = process.cwd();
beforeAll(() => process.chdir(directoryWith({
  'mesh.yaml': MESH, 'values.yaml': 'a: 1\n', 'dist/mesh.yaml': 'clusters: [{name: built}]\n',
})));
afterAll(() => process.chdir(start));

/** The completions at the end of a line. */
function after(line: string): string[] | typeof FILES {
  const found = completions(program, line);
  return found === FILES ? FILES : found.map(({ name }) => name);
}

test('commands are completed, except the hidden one', () => {
  const visible = program.commands.map(command => command.name()).filter(name => name !== 'completion-server');
  expect(after('istio-mesh ')).toEqual([...visible, 'help']);
  expect(after('LANG=C ./node_modules/.bin/istio-mesh ver')).toEqual(['verify']);
  expect(after('istio-mesh help di')).toEqual(['diff']);
});

test('an option is completed once, unless it accepts several values', () => {
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
])('the completions of %j are %j', (line, expected) => {
  expect(after(line)).toEqual(expected);
});

test('the codes of all rules are completed', () => {
  expect(after('istio-mesh explain ')).toEqual(ALL_RULES.map(({ code }) => code));
  expect(after('istio-mesh explain IM04')).toContain('IM049');
});

/** Commands of each shell that load the printed script, and print the completions of a line. */
const SHELLS: { readonly [shell: string]: (line: string) => string } = {
  bash: line => `eval "$(istio-mesh completion bash)"
    COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=($COMP_LINE)
    [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _istio-mesh_completion; printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: line => `istio-mesh completion fish | source; complete --do-complete '${line}'`,
  zsh: line => `autoload -U compinit && compinit -u -D; eval "$(istio-mesh completion zsh)"
    _describe() { print -l -- $reply }
    BUFFER='${line}'; CURSOR=\${#BUFFER}; words=(\${=BUFFER}); CURRENT=\${#words}; _istio-mesh_completion`,
};

const INSTALLED_SHELLS = Object.keys(SHELLS).filter(shell => spawnSync(shell, ['--version']).status === 0);

test.each(INSTALLED_SHELLS)('%s completes with the printed script', shell => {
  const bin = temporaryDirectory();
  writeFileSync(join(bin, 'istio-mesh'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(join(bin, 'istio-mesh'), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, HOME: bin };
  const completed = (line: string) => {
    const { stdout } = spawnSync(shell, ['-c', SHELLS[shell](line)], { encoding: 'utf-8', env });
    return stdout.trimEnd().split('\n').map(candidate => candidate.split(/[\t:]/)[0]);
  };
  expect(completed('istio-mesh ver')).toEqual(['verify']);
  expect(completed('istio-mesh check mesh.yaml --format g')).toEqual(['github']);
}, 60_000);
