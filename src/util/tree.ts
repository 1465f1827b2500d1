/** Text of each generated file, by its path below the output directory, with `/` between directories. */
export type Tree = ReadonlyMap<string, string>;

/** The list of the files that are ours: only those are ever replaced or removed. */
export const OWNERSHIP_FILE = '.istio-mesh.json';

/** The text of that list. */
export function ownershipText(paths: Iterable<string>): string {
  return `${JSON.stringify({ files: [...paths].sort() }, undefined, 1)}\n`;
}
