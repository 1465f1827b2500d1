/** A line of the table: what was asked, how often, and who answered. */
export interface Row {
  readonly what: string;
  readonly requests?: number;
  readonly answers: string;
}

/** Where a scenario runs. */
export interface Stage {
  /** A directory that ends with the scenario. */
  readonly directory: string;
  /** The directory with the programs of `tools.ts`. */
  readonly programs: string;
  /** Tells what is being done. */
  say(line: string): void;
}

/** One capability, shown on real programs from nothing to its end. */
export interface Scenario {
  readonly name: string;
  /** Gives what was seen; throws when that is not what is expected. */
  run(stage: Stage): Promise<readonly Row[]>;
}
