import { spawnSync } from 'child_process';
import { type Command, CommanderError } from 'commander';
import { program } from '../../src/cli/program';
import { disagreements, outputOf } from '../support/docs-run';
import { type Block, type Page, blocksOf, page, pages, place, prose } from '../support/markdown';
import { CLI, temporaryDirectory } from '../support/util';

/** Commands that need no cluster. */
const OFFLINE = /^npx istio-mesh (synth|check|diff|explain|graph|--help|--version)\b/;

/**
 * Pages whose outputs are shown elsewhere: the README's by the end-to-end suite, since only clusters give them, and the
 * tutorial's with the
 * package; those of init follow from the reader's own kubeconfig.
 */
const OF_OTHERS = ['README.md', 'docs/tutorial.md', 'docs/how-to/create-a-mesh-definition.md'];

/** The arguments of each `istio-mesh` in a script, as the shell gives them. */
function calls(script: string): string[][] {
  const lines = script.replace(/\\\n/g, ' ').replace(/(^|\s)#.*$/gm, '');
  return [...lines.matchAll(/(?:^|[;&|(`]|\bdo)\s*(?:npx )?istio-mesh\b([^\n;&|)`>]*)/gm)]
    .map(([, words]) =>
      [...words.matchAll(/'[^']*'|"[^"]*"|[^\s'"]+/g)].map(([word]) => word.replace(/^['"]|['"]$/g, '')));
}

/** The command line, which does nothing but to judge its arguments. */
function judge(command: Command): Command {
  command.commands.forEach(judge);
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  return command.commands.length > 0 ? command : command.action(() => {});
}

/** What the command line says of arguments that it refuses. */
function complaint(words: readonly string[]): string | undefined {
  try {
    judge(program).parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? undefined
      : (error as Error).message.split('\n')[0];
  }
}

function refusedCalls(block: Block): string[] {
  return calls(block.text).map(words => complaint(words)).filter(why => why !== undefined)
    .map(why => `${place(block)}: ${why}`);
}

/** Commands in a text that leave out their arguments, and have options that there are not. */
function refusedMentions(one: Page): string[] {
  const mentions = [...prose(one).matchAll(/`((?:npx )?istio-mesh [^`]*)`/g)].flatMap(([, text]) => calls(text));
  return mentions.map(words => complaint(words))
    .filter(why => why !== undefined && !why.includes('missing required argument')).map(why => `${one.path}: ${why}`);
}

/** Runs a script in a directory, where `npx istio-mesh` are the sources; what it says on both channels. */
function output(script: string, directory: string): string {
  const npx = `npx() { shift; '${process.execPath}' '${CLI}' "$@"; }`;
  const { stdout } = spawnSync('bash', ['-c', `exec 2>&1; ${npx}; ${script}`], { cwd: directory, encoding: 'utf-8' });
  return stdout;
}

/**
 * The outputs of a page that are not what its commands say, when they are run one after the other in a directory with
 * its files.
 */
function wrongOutputs(one: Page): string[] {
  const directory = temporaryDirectory();
  const hasOutputs = one.blocks.some((_, i) => outputOf(one, i));
  const isOffline = (script: string) => script.trim().split('\n').every(line => OFFLINE.test(line));
  return !hasOutputs || OF_OTHERS.includes(one.path) ? []
    : disagreements(one, directory, script => isOffline(script) ? output(script, directory) : undefined);
}

test('the first two commands are all that a fresh machine needs: one line for the main job and one for the tests',
  () => {
    const commands = blocksOf(pages().filter(({ path }) => path === 'README.md'), 'sh').map(({ text }) => text);
    expect(commands.slice(0, 2))
      .toEqual(['npm ci && CDK8S_CHECK_UPGRADE=false npx cdk8s synth\n', 'npm ci && npm test\n']);
  });

test('every istio-mesh is one that the command line takes', () => {
  const [broken] =
    page('docs/x.md', '```sh\nfor c in a b; do npx istio-mesh link --prnue; done   # all\nistio-mesh '
      + 'synth\n```\n').blocks;
  expect(refusedCalls(broken))
    .toEqual(["docs/x.md:1: error: unknown option '--prnue'", "docs/x.md:1: error: missing required argument 'file'"]);
  const scripts = blocksOf(pages(), 'sh');
  expect(scripts.flatMap(({ text }) => calls(text)).length).toBeGreaterThan(30);
  expect(scripts.flatMap(refusedCalls)).toEqual([]);
});

test('every istio-mesh in a sentence has commands and options that there are', () => {
  expect(refusedMentions(page('docs/x.md', 'Run `npx istio-mesh check`, or `istio-mesh chekc`.')))
    .toEqual(["docs/x.md: error: unknown command 'chekc'"]);
  expect(pages().flatMap(refusedMentions)).toEqual([]);
});

test('every output that needs no cluster is what the commands of its page say', () => {
  const broken =
    page('docs/x.md', '```sh\nnpx istio-mesh explain IM999\n```\n\n```text\nIM999: all is well\n```\n\n```sh\nkubectl '
      + 'get pods\n```\n\n```\nnone\n```\n');
  expect(wrongOutputs(broken)).toEqual([
    expect.stringMatching(/^docs\/x\.md:5: unknown rule code 'IM999'/),
    'docs/x.md:13: nobody knows what is said by kubectl get pods\n',
  ]);
  expect(pages().flatMap(wrongOutputs)).toEqual([]);
}, 300_000);
