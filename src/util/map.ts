/** Whether a value is plain data with keys, as a map of a YAML file is. */
export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A list or a map with every entry changed; any other value unchanged. */
export function withEntries(value: unknown, change: (entry: unknown, key: string | number) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(change);
  }
  return isMap(value)
    ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry, key)])) : value;
}

/** Groups values by a key, in the order in which the keys first occur. */
export function groupBy<Key, Value>(values: Iterable<Value>, keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    group ? group.push(value) : groups.set(key, [value]);
  }
  return groups;
}

/** Plain data by field name. */
export interface Fields { readonly [field: string]: unknown }

/** Merges maps key by key; everything else is replaced. */
export function overlay(base: Fields, over: Fields): Fields {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const inherited = merged.get(key);
    merged.set(key, isMap(inherited) && isMap(value) ? overlay(inherited, value) : value);
  }
  return Object.fromEntries(merged);
}

/** The fields with a value. */
export function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The fields with a value that meet a condition; undefined if there are none. */
export function filled(
  fields: Fields = {}, isKept: (key: string, value: unknown) => boolean = () => true,
): Fields | undefined {
  const some = Object.entries(present(fields)).filter(([key, value]) => isKept(key, value));
  return some.length === 0 ? undefined : Object.fromEntries(some);
}

/** The map at some keys; an empty map if there is none. */
export function fieldsAt(fields: Fields | undefined, ...keys: readonly string[]): Fields {
  return keys.reduce<Fields>((at, key) => isMap(at[key]) ? at[key] : {}, fields ?? {});
}
