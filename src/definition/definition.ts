import type { MeshProps } from './mesh-props';
import type { Place } from '../core/diagnostic';
import { serialize } from '../core/provider';
import { inOwnSpelling, meshSchema } from '../core/schema';
import { workingDirectory } from '../util/host/environment';
import type { Path } from '../util/path';

/**
 * The user's input as plain data in the spelling of mesh.yaml, from a file or from code.
 */
export interface Definition {
  readonly data: unknown;

  /** Settings that those of the mesh override. */
  readonly defaults?: unknown;

  /** Directory that relative paths start from. */
  readonly directory: string;

  /** The place of some keys. */
  place(path: Path): Place;

  /** The text of a scalar in the file, if there is a file. */
  source(path: Path): string | undefined;
}

/** The definition in the properties of a `Mesh`. */
export function definitionOf(props: MeshProps): Definition {
  const { defaults, ...settings } = props;
  return {
    data: inOwnSpelling(meshSchema(), serialize(settings)),
    defaults: plainSettings(defaults),
    directory: workingDirectory(),
    place: path => ({ path }),
    source: () => undefined,
  };
}

/** Settings that are written in code, as plain data. */
export function plainSettings(settings: object | undefined): unknown {
  return settings && inOwnSpelling(meshSchema(), serialize(settings));
}
