import { isDeepStrictEqual } from 'util';
import { documentsIn } from '../../src/util/kubernetes-yaml';

/** A Kubernetes object as plain data. */
export interface Rendered { [field: string]: any }

/** Something that differs: where, and both values. */
export interface Difference {
  readonly path: string;
  readonly values: readonly [unknown, unknown];
}

const SEPARATOR = /^---\n/m;

/** What a program renders, each object read once however many meshes have it: most of it are CRDs. */
export class Renderings {
  private readonly read = new Map<string, Rendered | undefined>();

  public of(text: string): Rendered[] {
    return text.split(SEPARATOR).flatMap(part => {
      const source = part.replace(/^#.*\n/gm, '').trim();
      if (!this.read.has(source)) {
        this.read.set(source, documentsIn(source)[0]?.toJS() ?? undefined);
      }
      return this.read.get(source) ?? [];
    });
  }
}

/** Kind and name of an object, which nothing else in its rendering has. */
export function identity({ kind, metadata }: Rendered): string {
  return `${kind} ${metadata.name}`;
}

/** Every place in which two values differ. */
export function differences(one: unknown, other: unknown, path = ''): Difference[] {
  if (isDeepStrictEqual(one, other)) {
    return [];
  }
  if (!isFields(one) || !isFields(other)) {
    return [{ path, values: [one, other] }];
  }
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
    .flatMap(key => differences(one[key], other[key], `${path}/${key}`));
}

function isFields(value: unknown): value is Rendered {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
