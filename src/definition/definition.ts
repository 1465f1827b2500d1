import type { MeshProps } from './mesh-props';
import { serialize } from '../core/provider';
import { inOwnSpelling, meshSchema } from '../core/schema';
import type { Path } from '../util/path';
import { pathText } from '../util/path';

/**
 * What the user said, as plain data in the spelling of mesh.yaml, wherever it was said.
 */
export interface Definition {
  readonly data: unknown;

  /** Settings below the mesh's own. */
  readonly defaults?: unknown;

  /** Directory that relative paths start from. */
  readonly directory: string;

  /** Where something was said, for the front of a message. */
  place(path: Path): string;

  /** A scalar as its author wrote it, where that is known. */
  source(path: Path): string | undefined;
}

const READ_FROM_FILE = Symbol('cdk8s-istio-mesh.Definition');

/** Properties of a mesh whose definition was read from a file. */
export function propsOf(definition: Definition): MeshProps {
  return { meshID: '', clusters: [], [READ_FROM_FILE]: definition } as MeshProps;
}

/** The definition that properties of a mesh hold. */
export function definitionOf(props: MeshProps): Definition {
  const { defaults, ...own } = props;
  return (props as { [READ_FROM_FILE]?: Definition })[READ_FROM_FILE] ?? {
    data: inOwnSpelling(meshSchema(), serialize(own)),
    defaults: plainSettings(defaults),
    directory: process.cwd(),
    place: pathText,
    source: () => undefined,
  };
}

/** Settings that are written in code, as plain data. */
export function plainSettings(settings: object | undefined): unknown {
  return settings && inOwnSpelling(meshSchema(), serialize(settings));
}
