import type { Command } from '../../core/command';
import { APPLIED_STEPS, Step } from '../../core/step';
import { shellWord } from '../../util/shell-word';

/** How lines of a shell name a cluster: in its own words, or in those of a loop over several. */
export interface ClusterPlaceholders {
  /** In a sentence. */
  readonly name: string;
  /** As the names of variables have it: in upper case, with `_` for `-`. */
  readonly upperName: string;
  /** In the user's kubeconfig. */
  readonly context: string;
  /** The cluster's directory in the tree. */
  readonly directory: string;
  /** The directory of the links that it gets in files. */
  readonly links: string;
}

/** The files of a cluster in the tree, by their paths below its directory. */
export interface ClusterFiles {
  /** Those that are input for a program. */
  readonly inputs: readonly string[];
  /** The text of a file; undefined where there is none. */
  textOf(path: string): string | undefined;
}

/** The tree of a cluster, for whoever applies it by hand. */
export class AppliedTree {
  private readonly applied = new Set<Step>();

  /**
   * @param meshID name of the mesh
   * @param words how the cluster is named
   * @param files its files
   * @param flags how its objects are applied, e.g. `--server-side`
   */
  constructor(
    readonly meshID: string,
    readonly words: ClusterPlaceholders,
    private readonly files: ClusterFiles,
    private readonly flags: string,
  ) {}

  /** A line of kubectl, with the context of the cluster. */
  kubectl(command: string): string {
    return `kubectl --context ${this.words.context} ${command}`;
  }

  /** Applies a step, or everything: what is printed then of steps that were applied before nobody need read. */
  apply(step?: Step): Command {
    const steps = step ? [step] : APPLIED_STEPS.filter(one => !this.applied.has(one));
    steps.forEach(one => this.applied.add(one));
    const prints = () => steps.flatMap(one => this.printed(one));
    return { line: this.kubectl(`apply${this.flags && ` ${this.flags}`} -k ${this.path(step)}`), prints: step ? prints : () => ['…', ...prints()] };
  }

  /** Whether there is something to apply in a step. */
  has(step: Step): boolean {
    return this.files.textOf(`${step}/kustomization.yaml`) !== undefined;
  }

  /** Files that are input for a program, by their names, each with its path as a word of the shell, and its text. */
  input(step: Step): Array<{ readonly name: string; readonly path: string; readonly text: string }> {
    return this.files.inputs.filter(path => path.startsWith(`${step}/`))
      .map(path => ({ name: path.slice(step.length + 1), path: this.path(path), text: this.files.textOf(path)! }));
  }

  /** What installs control planes, and what installs gateways, with the tags between: the webhook of its tag injects a gateway. */
  withTags(planes: readonly Command[], gateways: readonly Command[]): Command[] {
    return [...planes, ...gateways.length > 0 && this.has(Step.CONTROL_PLANE) ? [this.apply(Step.CONTROL_PLANE)] : [], ...gateways];
  }

  private path(below = ''): string {
    return this.words.directory + (below && shellWord(`/${below}`));
  }

  /** What kubectl prints of the objects of a step; of many of a kind, the first alone. */
  private printed(step: Step): string[] {
    const verb = this.flags.includes('--server-side') ? 'serverside-applied' : 'created';
    const kinds = new Map<string, string[]>();
    for (const [, file] of (this.files.textOf(`${step}/kustomization.yaml`) ?? '').matchAll(/^- (.*)$/gm)) {
      const text = this.files.textOf(`${step}/${file}`) ?? '';
      const [kind, name] = [kindOf(text), NAME.exec(text)?.[1]];
      if (kind && name) {
        const lines = kinds.get(kind) ?? kinds.set(kind, []).get(kind)!;
        lines.push(`${kind}/${name} ${verb}`);
      }
    }
    return [...kinds.values()].flatMap(lines => lines.length > MOST_OF_A_KIND ? [lines[0], '…'] : lines);
  }
}

const MOST_OF_A_KIND = 2;

const NAME = /^metadata:\n(?:  .*\n)*?  name: "?([^"\n]+)"?$/m;

/** Kind and group of an object, as kubectl prints them. */
function kindOf(text: string): string | undefined {
  const [, version] = /^apiVersion: "?([^"\n]+)"?$/m.exec(text) ?? [];
  const [, kind] = /^kind: "?([^"\n]+)"?$/m.exec(text) ?? [];
  const [group, isOfGroup] = (version ?? '').split('/');
  return version && kind ? `${kind.toLowerCase()}${isOfGroup ? `.${group}` : ''}` : undefined;
}
