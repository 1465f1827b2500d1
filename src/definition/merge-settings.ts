import { type Schema, argumentSchema, resolved, schemaAt } from '../core/schema';
import { upperName } from '../istio/names';
import { type Fields, isMap, withEntries } from '../util/map';
import type { Path } from '../util/path';

export const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };

/**
 * The data without its invalid parts, so that the rules can evaluate the rest.
 *
 * A provider or an entry of a list is omitted as a whole. An invalid cluster keeps its index, because paths contain it.
 *
 * @param invalidPaths paths of the invalid values
 */
export function omitInvalid(schema: Schema | undefined, data: unknown, invalidPaths: readonly Path[]): unknown {
  if (invalidPaths.length === 0) {
    return data;
  }
  const known = schema && resolved(schema);
  if (known?.['x-provider'] || invalidPaths.some(path => path.length === 0)) {
    return undefined;
  }
  const validEntry = (entry: unknown, key: string | number) => {
    const pathsInEntry = invalidPaths.filter(path => path[0] === key).map(path => path.slice(1));
    return omitInvalid(schemaAt(known, key), entry, pathsInEntry);
  };
  if (Array.isArray(data)) {
    const entries = data.map(validEntry);
    return known?.items?.$ref === CLUSTER.$ref ? entries : entries.filter(entry => entry !== undefined);
  }
  if (!isMap(data)) {
    return undefined;
  }
  const entries = Object.entries(data).map(([key, entry]) => [key, validEntry(entry, key)]);
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

/** Merges maps key by key; lists, scalars and providers of `inherited` are replaced as a whole. */
export function mergeSettings(schema: Schema | undefined, inherited: Fields, settings: Fields): Fields {
  const merged = new Map(Object.entries(inherited));
  for (const [key, value] of Object.entries(settings)) {
    const known = schemaAt(schema, key);
    const isProvider = known !== undefined && resolved(known)['x-provider'] !== undefined;
    const inheritedValue = merged.get(key);
    const canMerge = isMap(inheritedValue) && isMap(value) && !isProvider;
    merged.set(key, canMerge ? mergeSettings(known, inheritedValue, value) : value);
  }
  return Object.fromEntries(merged);
}

const CLUSTER_NAME = /\$\(cluster\)/g;

/**
 * Replaces `$(cluster)` with the name of the cluster.
 *
 * In the name of an environment variable, the name is in upper case, with `_` instead of `-`.
 */
export function replaceClusterName(schema: Schema | undefined, value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    return value.replace(CLUSTER_NAME, () => name);
  }
  const known = schema && resolved(schema);
  const provider = known?.['x-provider'];
  return withEntries(value, (entry, key) => {
    const isVariable = provider === 'SecretValue' && key === 'env';
    const entrySchema = known && provider ? argumentSchema(known, String(key)) : schemaAt(known, key);
    return replaceClusterName(entrySchema, entry, isVariable ? upperName(name) : name);
  });
}
