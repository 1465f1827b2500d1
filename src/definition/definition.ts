import type { MeshProps } from './mesh-props';
import type { Place } from '../core/diagnostic';
import { serialize } from '../core/provider';
import { inOwnSpelling, meshSchema } from '../core/schema';
import { workingDirectory } from '../util/host/environment';
import type { Path } from '../util/path';

/**
 * What the user said, as plain data in the spelling of mesh.yaml, wherever it was said.
 */
export interface Definition {
  readonly data: unknown;

  /** Settings below the mesh's own. */
  readonly defaults?: unknown;

  /** Directory that relative paths start from. */
  readonly directory: string;

  /** The place of some keys. */
  place(path: Path): Place;

  /** A scalar as its author wrote it, where that is known. */
  source(path: Path): string | undefined;
}

/** The definition that properties of a mesh hold. */
export function definitionOf(props: MeshProps): Definition {
  const { defaults, ...own } = props;
  return {
    data: inOwnSpelling(meshSchema(), serialize(own)),
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
