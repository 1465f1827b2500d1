import type { Command } from '../../core/command';
import { Step } from '../../core/step';
import { shellWord } from '../../util/shell-word';

/** How shell commands name a cluster: literally, or with the variables of a loop over several clusters. */
export interface ClusterPlaceholders {
  /** In a sentence. */
  readonly name: string;
  /** As part of an environment variable: in upper case, with `_` for `-`. */
  readonly upperName: string;
  /** Context in the user's kubeconfig. */
  readonly context: string;
  /** The cluster's directory in the output directory. */
  readonly directory: string;
  /** The directory of the cluster's remote secrets in files. */
  readonly links: string;
}

/** The generated files of a cluster, by their paths in its directory. */
export interface ClusterFiles {
  /** Paths of the files that are input for a program. */
  readonly inputs: readonly string[];
  /** Content of a file; undefined if it does not exist. */
  textOf(path: string): string | undefined;
}

/** A file that is input for a program. */
interface InputFile {
  readonly name: string;
  /** As a shell word. */
  readonly path: string;
  readonly text: string;
}

/** The directory of a cluster, as the commands see it that apply it step by step. */
export class AppliedTree {
  /**
   * @param meshID name of the mesh
   * @param placeholders how the cluster is named in commands
   * @param files the generated files of the cluster
   * @param flags flags of `kubectl apply`, e.g. `--server-side`
   */
  constructor(
    readonly meshID: string,
    readonly placeholders: ClusterPlaceholders,
    private readonly files: ClusterFiles,
    private readonly flags: string,
  ) {}

  /** A kubectl command with the context of the cluster. */
  kubectl(command: string): string {
    return `kubectl --context ${this.placeholders.context} ${command}`;
  }

  /** Applies a step, or the whole directory. */
  apply(step?: Step): Command {
    return { line: this.kubectl(`apply${this.flags && ` ${this.flags}`} -k ${this.path(step)}`) };
  }

  /** Whether a step has objects. */
  has(step: Step): boolean {
    return this.files.textOf(`${step}/kustomization.yaml`) !== undefined;
  }

  /** The files of a step that are input for a program. */
  input(step: Step): InputFile[] {
    return this.files.inputs.filter(path => path.startsWith(`${step}/`)).map(path =>
      ({ name: path.slice(step.length + 1), path: this.path(path), text: this.files.textOf(path)! }));
  }

  /**
   * Commands for control planes and gateways, with the revision tags in between: the webhook of a tag injects gateways.
   */
  withTags(controlPlanes: readonly Command[], gateways: readonly Command[]): Command[] {
    const needsTags = gateways.length > 0 && this.has(Step.CONTROL_PLANE);
    return [...controlPlanes, ...needsTags ? [this.apply(Step.CONTROL_PLANE)] : [], ...gateways];
  }

  private path(path = ''): string {
    return this.placeholders.directory + (path && shellWord(`/${path}`));
  }
}
