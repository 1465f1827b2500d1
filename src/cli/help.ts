import type { Command } from 'commander';

/** What help tells of a command beside its arguments. */
export interface Lesson {
  /** Lines of a shell, each with what it does. */
  readonly examples: ReadonlyArray<readonly [line: string, what: string]>;
  /** The page about it. */
  readonly page: string;
  /** What its exit codes say, where that is not what the others' say. */
  readonly exitCodes?: string;
}

const DOCUMENTATION = 'https://github.com/cdk8s-istio-mesh/cdk8s-istio-mesh/blob/main/docs';

export const EXIT_CODES = '0 when all is well, also with warnings; 1 when something is refused, red or failed';

/** Of each command by its name; the page about the command line has them, too. */
export const LESSONS: { readonly [command: string]: Lesson } = {
  init: {
    examples: [
      ['istio-mesh init', 'asks, and writes mesh.yaml here'],
      ['istio-mesh init --cluster east=admin@east west=admin@west --yes', 'asks nothing, and takes the contexts behind the names'],
    ],
    page: 'how-to/create-a-mesh-definition.md',
  },
  synth: {
    examples: [
      ['istio-mesh synth mesh.yaml', 'writes dist, and tells what to run next'],
      ['istio-mesh synth mesh.yaml --output build --quiet', 'writes build, and tells nothing'],
    ],
    page: 'reference/output-directory.md',
  },
  check: {
    examples: [
      ['istio-mesh check mesh.yaml', 'judges the definition, and dist where it is there'],
      ['istio-mesh check manifests/', 'judges any directory of manifests'],
      ['istio-mesh check mesh.yaml --format github', 'for a workflow on GitHub'],
    ],
    page: 'how-to/fix-validation-errors.md',
  },
  diff: {
    examples: [
      ['istio-mesh diff', 'dist/mesh.yaml, against the last commit'],
      ['istio-mesh diff mesh.yaml --from main --format markdown', 'for a comment at a pull request'],
      ['istio-mesh diff before.yaml after.yaml', 'two files, without git'],
    ],
    page: 'how-to/review-a-change.md',
    exitCodes: '0 whatever changes; with --exit-code 1 when something does, and 2 when that cannot be told',
  },
  explain: {
    examples: [['istio-mesh explain IM049', 'what the code of a message stands for'], ['istio-mesh explain', 'all rules']],
    page: 'reference/rules.md',
  },
  graph: {
    examples: [
      ['istio-mesh graph --output mesh.svg', 'dist/mesh.yaml as a picture'],
      ['istio-mesh graph mesh.yaml --format mermaid', 'as text that Git hosts draw'],
    ],
    page: 'reference/diagram.md',
  },
  link: {
    examples: [
      ['istio-mesh link', 'for dist/mesh.yaml: writes what is missing or changed, and tells what is right'],
      ['istio-mesh link --dry-run --prune', 'what it would write, and which links of old clusters it would remove'],
    ],
    page: 'how-to/link-clusters.md',
  },
  certs: {
    examples: [
      ['istio-mesh certs mesh.yaml', 'makes the files that are missing'],
      ['istio-mesh certs dist/mesh.yaml --apply', 'and brings them to the clusters, before istiod starts'],
    ],
    page: 'how-to/provide-ca-certificates.md',
  },
  verify: {
    examples: [
      ['istio-mesh verify', 'judges the clusters of dist/mesh.yaml'],
      ['istio-mesh verify --traffic', 'with requests from each cluster to each other'],
      ['istio-mesh verify --output json', 'for a program'],
    ],
    page: 'how-to/verify-a-mesh.md',
  },
  rotate: {
    examples: [
      ['istio-mesh rotate --dry-run', 'what it would do'],
      ['istio-mesh rotate --cluster cluster1', 'the tokens by which cluster1 is read'],
    ],
    page: 'how-to/rotate-tokens.md',
  },
  completion: {
    examples: [
      ['istio-mesh completion bash >> ~/.bashrc', 'completes from the next shell on'],
      ['istio-mesh completion zsh >> ~/.zshrc', 'after compinit'],
      ['istio-mesh completion fish > ~/.config/fish/completions/istio-mesh.fish', ''],
    ],
    page: 'reference/command-line.md',
  },
};

/** A command whose help has examples, its page and its exit codes. */
export function taught(command: Command): Command {
  const lesson = LESSONS[command.name()];
  return lesson ? command.addHelpText('after', `
Examples:
${table(lesson.examples)}

Exit codes: ${lesson.exitCodes ?? EXIT_CODES}
More: ${DOCUMENTATION}/${lesson.page}`) : command;
}

function table(lines: ReadonlyArray<readonly [line: string, what: string]>): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, what]) => `  ${line.padEnd(width)}   ${what}`.trimEnd()).join('\n');
}

const STEPS = table([
  ['istio-mesh init', 'asks for a first mesh, and writes mesh.yaml'],
  ['istio-mesh synth mesh.yaml', 'writes dist, a directory for each cluster, and tells what to run next'],
  ['istio-mesh link', 'lets the clusters read each other'],
  ['istio-mesh verify', 'tells whether all of it works'],
]);

/** At the end of the help of all. */
export const GENERAL_HELP = `
First steps:
${STEPS}

istio-mesh <command> --help has examples. Exit codes: ${EXIT_CODES}
More: ${DOCUMENTATION}/README.md`;

/** For whoever asks for nothing yet. */
export const FIRST_STEPS = `One mesh definition in, one directory of manifests for every cluster out.

First steps:
${STEPS}

All commands: istio-mesh --help
More: ${DOCUMENTATION}/tutorial.md
`;
