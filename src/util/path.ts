/** Keys from the top of a definition to something in it. */
export type Path = ReadonlyArray<string | number>;

/** A path as it is written in messages: `clusters[1].eastWestGateway.network`. */
export function pathText(path: Path): string {
  return path.map((key, i) =>
    typeof key === 'number' ? `[${key}]` : /^[A-Za-z_][\w-]*$/.test(key) ? `${i > 0 ? '.' : ''}${key}` : `['${key}']`)
    .join('');
}
