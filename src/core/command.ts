/** Something that the user does to install a mesh, and its expected result. */
export interface Command {
  /** The shell command; without one, the user does the `task` in another way. */
  readonly line?: string;
  /** Comment after the line, e.g. the version of the program. */
  readonly remark?: string;
  /** What to do, or where to run the line. */
  readonly task?: string;
  /** Text in the output that shows success, if the exit code does not show it to the reader. */
  readonly success?: string;
  /** Sentences about the expected result, and how to verify it. */
  readonly then?: string;
  /** Whether the command runs once for all clusters. */
  readonly isForAll?: boolean;
}

/** A command as one line of text. */
export function commandText({ line, remark, task }: Command): string {
  if (line === undefined) {
    return task!;
  }
  return [task ? `${task}: ` : '', line, remark ? `    # ${remark}` : ''].join('');
}

/** A stage of the installation; it ends when its commands have run in all clusters. */
export interface InstallStage {
  /** Heading in the imperative, e.g. `Install Istio`. */
  readonly title: string;
  readonly commands: readonly Command[];
}
