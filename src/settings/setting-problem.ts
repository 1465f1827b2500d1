import type { Path } from '../util/path';

/** A setting that a provider does not support, by its path. */
export interface SettingProblem {
  readonly path: Path;
  readonly message: string;
}
