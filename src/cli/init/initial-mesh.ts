import { isDeepStrictEqual } from 'util';
import { type Schema, meshSchema, resolved, schemaAt } from '../../core/schema';
import { type Fields, isMap } from '../../util/map';

/** A new mesh, before it is written as a mesh definition; keys are spelled as in mesh.yaml. */
export interface InitialMesh {
  readonly meshID: string;
  readonly gitOps?: unknown;
  readonly clusters: readonly InitialCluster[];

  /** What the user should know or do, one sentence each. */
  readonly notes: readonly string[];
}

/** A cluster of a new mesh. */
export interface InitialCluster {
  readonly name: string;

  /** All settings of the cluster, including those that all clusters share. */
  readonly settings: Fields;
}

/** The mesh definition as a user would write it: settings that all clusters share are set once, on the mesh. */
export function meshDefinition({ meshID, gitOps, clusters }: InitialMesh): Fields {
  const sorted = clusters.map(({ name, settings }) => ({ name, settings: inDeclaredOrder(settings) }));
  const { shared, remaining } = clusters.length > 1
    ? extractShared(CLUSTER, sorted)
    : { shared: {}, remaining: sorted.map(({ settings }) => settings) };
  return {
    meshID,
    ...inDeclaredOrder(shared),
    ...gitOps !== undefined && { gitOps },
    clusters: clusters.map(({ name }, i) => ({ name, ...remaining[i] })),
  };
}

const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };

/** Settings in the order in which the properties of a mesh are declared, which puts the most common ones first. */
function inDeclaredOrder(settings: Fields): Fields {
  const order = Object.keys(meshSchema().properties!);
  const position = (key: string) => order.includes(key) ? order.indexOf(key) : order.length;
  return Object.fromEntries(Object.entries(settings).sort(([one], [other]) => position(one) - position(other)));
}

interface ExtractedSettings { readonly shared: Fields; readonly remaining: Fields[] }

/** Separates the settings that all clusters share from the rest; maps are separated key by key, because they merge. */
function extractShared(schema: Schema | undefined, clusters: readonly InitialCluster[]): ExtractedSettings {
  const shared: Array<[string, unknown]> = [];
  const remaining = clusters.map((): Array<[string, unknown]> => []);
  const keys = new Set(clusters.flatMap(({ settings }) => Object.keys(settings)));
  for (const key of keys) {
    const values = clusters.map(({ name, settings }) => ({ name, value: settings[key] }));
    const common = commonValue(values);
    const nested = common === undefined ? extractNested(schemaAt(schema, key), values) : undefined;
    if (common !== undefined) {
      shared.push([key, common]);
    } else if (nested) {
      shared.push([key, nested.shared]);
      nested.remaining.forEach((rest, i) => isEmpty(rest) || remaining[i].push([key, rest]));
    } else {
      values.forEach(({ value }, i) => value === undefined || remaining[i].push([key, value]));
    }
  }
  return { shared: Object.fromEntries(shared), remaining: remaining.map(entries => Object.fromEntries(entries)) };
}

interface NamedValue { readonly name: string; readonly value: unknown }

/** The same inside maps; undefined if the values do not merge, or share nothing. */
function extractNested(schema: Schema | undefined, values: readonly NamedValue[]): ExtractedSettings | undefined {
  const isProvider = schema !== undefined && resolved(schema)['x-provider'] !== undefined; // replaced as a whole
  if (isProvider || !values.every(({ value }) => isMap(value))) {
    return undefined;
  }
  const nested = extractShared(schema, values.map(({ name, value }) => ({ name, settings: value as Fields })));
  return isEmpty(nested.shared) ? undefined : nested;
}

/** One value that is right for every cluster, possibly with `$(cluster)` in it; undefined if there is none. */
function commonValue(values: readonly NamedValue[]): unknown {
  const [{ name, value: first }] = values;
  if (first === undefined) {
    return undefined;
  }
  if (values.every(({ value }) => isDeepStrictEqual(value, first))) {
    return first;
  }
  const template = typeof first === 'string' ? withPlaceholder(first, name) : undefined;
  const hasTemplate = ({ name: other, value }: NamedValue) =>
    typeof value === 'string' && withPlaceholder(value, other) === template;
  return template !== undefined && values.every(hasTemplate) ? template : undefined;
}

/** Replaces a cluster's name with `$(cluster)` where it is a whole word. */
function withPlaceholder(text: string, name: string): string {
  const word = name.replace(/[^a-z0-9]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${word}(?![A-Za-z0-9])`, 'g'), () => '$(cluster)');
}

function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0;
}
