import { isDeepStrictEqual } from 'util';
import type { Schema } from '../../core/schema';
import { meshSchema, resolved, schemaAt } from '../../core/schema';
import type { Fields } from '../../util/map';
import { isMap } from '../../util/map';
import { inOneLine } from '../../util/text';

/**
 * A mesh that is about to be written for the first time, in the spelling of mesh.yaml.
 */
export interface InitialMesh {
  /** What is said of the mesh as a whole: `meshID`, and where there is some, `gitOps`, `acknowledge` and settings of all clusters. */
  readonly mesh: Fields & { readonly meshID: string };

  readonly clusters: readonly InitialCluster[];

  /** What its author should know or do, a sentence each. */
  readonly notes: readonly string[];
}

/** A cluster of it. */
export interface InitialCluster {
  readonly name: string;

  /** Every setting of the cluster, also one that all clusters have. */
  readonly settings: Fields;

  /** What the file says above the cluster, a line each. */
  readonly comments?: readonly string[];
}

/** Lines of comment that stay comments, whatever a cluster told. */
export function commentsOf({ comments = [] }: InitialCluster): string[] {
  return comments.map(inOneLine);
}

/** The definition as a user would write it: what is the same for all clusters stands at the mesh, with `$(cluster)` for a cluster's name. */
export function definitionOfInitial({ mesh, clusters }: InitialMesh): Fields {
  const all = clusters.map(({ name, settings }) => ({ name, settings: inOrder(settings) }));
  const { shared, rest } = clusters.length > 1 ? divided(CLUSTER, all) : { shared: {}, rest: all.map(({ settings }) => settings) };
  const { meshID, gitOps, acknowledge, ...settings } = mesh;
  return {
    meshID,
    ...inOrder({ ...settings, ...shared }),
    ...gitOps !== undefined && { gitOps },
    ...acknowledge !== undefined && { acknowledge },
    clusters: clusters.map(({ name }, i) => ({ name, ...rest[i] })),
  };
}

const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };

/** Settings in the order in which the properties of a mesh are declared: what everybody says comes first. */
function inOrder(settings: Fields): Fields {
  const order = Object.keys(meshSchema().properties!);
  const place = (key: string) => order.includes(key) ? order.indexOf(key) : order.length;
  return Object.fromEntries(Object.entries(settings).sort(([one], [other]) => place(one) - place(other)));
}

interface Said { readonly name: string; readonly settings: Fields }

/** What all clusters say alike, and what remains for each of them to say; maps are divided key by key, as they merge. */
function divided(schema: Schema | undefined, clusters: readonly Said[]): { shared: Fields; rest: Fields[] } {
  const shared: Array<[string, unknown]> = [];
  const rest = clusters.map((): Array<[string, unknown]> => []);
  const keys = new Set(clusters.flatMap(({ settings }) => Object.keys(settings)));
  for (const key of keys) {
    const at = schemaAt(schema, key);
    const values = clusters.map(({ settings }) => settings[key]);
    const common = commonValue(clusters.map(({ name }, i) => ({ name, value: values[i] })));
    if (common !== undefined) {
      shared.push([key, common]);
      continue;
    }
    const below = values.every(isMap) && !(at && resolved(at)['x-provider'])
      ? divided(at, clusters.map(({ name }, i) => ({ name, settings: values[i] as Fields }))) : undefined;
    if (below && !isEmpty(below.shared)) {
      shared.push([key, below.shared]);
      below.rest.forEach((own, i) => isEmpty(own) || rest[i].push([key, own]));
    } else {
      values.forEach((value, i) => value === undefined || rest[i].push([key, value]));
    }
  }
  return { shared: Object.fromEntries(shared), rest: rest.map(own => Object.fromEntries(own)) };
}

/** One value that says of each cluster what is said of it, if there is one. */
function commonValue(said: ReadonlyArray<{ readonly name: string; readonly value: unknown }>): unknown {
  const [{ name, value: first }] = said;
  if (first === undefined) {
    return undefined;
  }
  if (said.every(({ value }) => isDeepStrictEqual(value, first))) {
    return first;
  }
  const template = typeof first === 'string' ? withPlaceholder(first, name) : undefined;
  return template !== undefined && said.every(one => typeof one.value === 'string' && withPlaceholder(one.value, one.name) === template) ? template : undefined;
}

/** Text with `$(cluster)` for a cluster's name where that stands as a word. */
function withPlaceholder(text: string, name: string): string {
  const word = name.replace(/[^a-z0-9]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])`, 'g'), () => '$(cluster)');
}

function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0;
}
