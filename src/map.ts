/** Whether a value is plain data with keys, as a map of a YAML file is. */
export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A list or a map with every entry changed; any other value as it is. */
export function withEntries(value: unknown, change: (entry: unknown, key: string | number) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(change);
  }
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry, key)])) : value;
}
