/** What somebody does to install a mesh, and what there is to see after it. */
export interface Command {
  /** What is run: a line of a shell; without one, `task` is done by other means. */
  readonly line?: string;
  /** Said behind the line, e.g. of which version the program is. */
  readonly remark?: string;
  /** What is done where no line does it, or where the line is run. */
  readonly task?: string;
  /** What the line prints, in the program's own words; `…` stands for what nobody can know before, or for more of the same. */
  readonly prints?: () => readonly string[];
  /** What is true afterwards, and how to see it. */
  readonly then?: string;
  /** Whether it is run once, for all clusters. */
  readonly isForAll?: boolean;
}

/** A command as one line. */
export function commandText({ line, remark, task }: Command): string {
  return line === undefined ? task! : `${task ? `${task}: ` : ''}${line}${remark ? `    # ${remark}` : ''}`;
}

/** Commands that belong together: when all clusters have run them, the next turn begins. */
export interface Turn {
  /** What they bring. */
  readonly title: string;
  readonly commands: readonly Command[];
}
