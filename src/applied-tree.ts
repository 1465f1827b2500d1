import { shellWord } from './shell-word';
import { Step } from './step';

/** The tree of a cluster, for whoever applies it by hand: each method gives a line of a shell. */
export class AppliedTree {
  /**
   * @param meshID name of the mesh
   * @param context the cluster's, in the user's kubeconfig
   * @param directory path of the cluster's directory
   * @param files texts of its files, by their paths below that
   * @param flags how its objects are applied, e.g. `--server-side`
   */
  constructor(
    readonly meshID: string,
    readonly context: string,
    private readonly directory: string,
    private readonly files: ReadonlyMap<string, string>,
    private readonly flags: string,
  ) {}

  /** kubectl, with the context of the cluster. */
  kubectl(command: string): string {
    return `kubectl --context ${shellWord(this.context)} ${command}`;
  }

  /** Applies a step, or everything. */
  apply(step?: Step): string {
    return this.kubectl(`apply${this.flags && ` ${this.flags}`} -k ${this.path(step ?? '')}`);
  }

  /** Whether there is something to apply in a step. */
  has(step: Step): boolean {
    return this.files.has(`${step}/kustomization.yaml`);
  }

  /** Files that are input for a program, by their names, each with its path as a word of the shell, and its text. */
  input(step: Step): Array<{ readonly name: string; readonly path: string; readonly text: string }> {
    return [...this.files].filter(([path]) => path.startsWith(`${step}/`))
      .map(([path, text]) => ({ name: path.slice(step.length + 1), path: this.path(path), text }));
  }

  /** What installs control planes, and what installs gateways, with the tags between: the webhook of its tag injects a gateway. */
  withTags(planes: readonly string[], gateways: readonly string[]): string[] {
    return [...planes, ...gateways.length > 0 && this.has(Step.CONTROL_PLANE) ? [this.apply(Step.CONTROL_PLANE)] : [], ...gateways];
  }

  private path(below: string): string {
    return shellWord(`${this.directory}${below && `/${below}`}`);
  }
}
