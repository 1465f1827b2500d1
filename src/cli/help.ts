import type { Command } from 'commander';

/** What the help of a command contains in addition to its arguments and options. */
export interface CommandHelp {
  /** Shell commands, each with its effect. */
  readonly examples: ReadonlyArray<readonly [line: string, effect: string]>;
  /** Path of the page in docs/ about the command. */
  readonly page: string;
  /** The exit codes, if they differ from those of the other commands. */
  readonly exitCodes?: string;
}

const DOCUMENTATION = 'https://github.com/cdk8s-istio-mesh/cdk8s-istio-mesh/blob/main/docs';

export const EXIT_CODES = '0 on success, also with warnings; 1 on errors and failed checks';

/** The additional help of each command, by its name; docs/reference/command-line.md contains it, too. */
export const COMMAND_HELP: { readonly [command: string]: CommandHelp } = {
  init: {
    examples: [
      ['istio-mesh init', 'asks for each value, and writes mesh.yaml'],
      ['istio-mesh init --cluster east=admin@east west=admin@west --yes', 'uses two contexts, and the defaults'],
    ],
    page: 'how-to/create-a-mesh-definition.md',
  },
  synth: {
    examples: [
      ['istio-mesh synth mesh.yaml', 'writes dist, and prints the next steps'],
      ['istio-mesh synth mesh.yaml --output build --quiet', 'writes build, and prints only warnings'],
    ],
    page: 'reference/output-directory.md',
  },
  check: {
    examples: [
      ['istio-mesh check mesh.yaml', 'validates the definition, and dist if it exists'],
      ['istio-mesh check manifests/', 'validates any directory of manifests'],
      ['istio-mesh check mesh.yaml --format github', 'prints annotations for GitHub Actions'],
    ],
    page: 'how-to/fix-validation-errors.md',
  },
  diff: {
    examples: [
      ['istio-mesh diff', 'compares dist/mesh.yaml with the last commit'],
      ['istio-mesh diff mesh.yaml --from main --format markdown', 'prints a comment for a pull request'],
      ['istio-mesh diff before.yaml after.yaml', 'compares two files, without Git'],
    ],
    page: 'how-to/review-a-change.md',
    exitCodes: '0 with or without changes; with --exit-code, 1 if there are changes, and 2 if the comparison fails',
  },
  explain: {
    examples: [
      ['istio-mesh explain IM049', 'describes a rule'],
      ['istio-mesh explain', 'lists all rules'],
    ],
    page: 'reference/rules.md',
  },
  graph: {
    examples: [
      ['istio-mesh graph --output mesh.svg', 'draws dist/mesh.yaml'],
      ['istio-mesh graph mesh.yaml --format mermaid', 'prints Mermaid, which Git hosts render'],
    ],
    page: 'reference/diagram.md',
  },
  link: {
    examples: [
      ['istio-mesh link', 'creates or updates the remote secrets of dist/mesh.yaml'],
      ['istio-mesh link --dry-run --prune', 'shows what it would write, and which old remote secrets it would remove'],
    ],
    page: 'how-to/link-clusters.md',
  },
  certs: {
    examples: [
      ['istio-mesh certs mesh.yaml', 'creates the missing certificate files'],
      ['istio-mesh certs dist/mesh.yaml --apply', 'also applies them to the clusters, before istiod starts'],
    ],
    page: 'how-to/provide-ca-certificates.md',
  },
  verify: {
    examples: [
      ['istio-mesh verify', 'checks the clusters of dist/mesh.yaml'],
      ['istio-mesh verify --traffic', 'also sends requests from each cluster to all others'],
      ['istio-mesh verify --output json', 'prints JSON'],
    ],
    page: 'how-to/verify-a-mesh.md',
  },
  rotate: {
    examples: [
      ['istio-mesh rotate --dry-run', 'shows what it would do'],
      ['istio-mesh rotate --cluster cluster1', 'rotates the tokens with which the peers read cluster1'],
    ],
    page: 'how-to/rotate-tokens.md',
  },
  completion: {
    examples: [
      ['istio-mesh completion bash >> ~/.bashrc', 'enables completion in new shells'],
      ['istio-mesh completion zsh >> ~/.zshrc', 'below the line with compinit'],
      ['istio-mesh completion fish > ~/.config/fish/completions/istio-mesh.fish', ''],
    ],
    page: 'reference/command-line.md',
  },
};

/** Adds the examples, the exit codes and the page to the help of a command. */
export function withHelp(command: Command): Command {
  const help = COMMAND_HELP[command.name()];
  return help ? command.addHelpText('after', `
Examples:
${table(help.examples)}

Exit codes: ${help.exitCodes ?? EXIT_CODES}
More: ${DOCUMENTATION}/${help.page}`) : command;
}

function table(lines: CommandHelp['examples']): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return lines.map(([line, effect]) => `  ${line.padEnd(width)}   ${effect}`.trimEnd()).join('\n');
}

const STEPS = table([
  ['istio-mesh init', 'asks for your clusters, and writes mesh.yaml'],
  ['istio-mesh synth mesh.yaml', 'writes a directory for each cluster to dist, and prints the next steps'],
  ['istio-mesh link', 'creates the remote secrets, so that the clusters discover each other'],
  ['istio-mesh verify', 'checks that the mesh works'],
]);

/** Text at the end of the program's help. */
export const GENERAL_HELP = `
First steps:
${STEPS}

istio-mesh <command> --help shows examples. Exit codes: ${EXIT_CODES}
More: ${DOCUMENTATION}/README.md`;

/** Printed by `istio-mesh` without arguments. */
export const FIRST_STEPS = `One mesh definition in, one directory of manifests for every cluster out.

First steps:
${STEPS}

All commands: istio-mesh --help
More: ${DOCUMENTATION}/tutorial.md
`;
