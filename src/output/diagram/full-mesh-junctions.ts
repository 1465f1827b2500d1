/** The ends of arrows, and which of them are linked. */
export class LinkedEnds {
  private readonly neighbours = new Map<string, Set<string>>();

  constructor(pairs: ReadonlyArray<readonly [string, string]>) {
    for (const [a, b] of pairs) {
      this.of(a).add(b);
      this.of(b).add(a);
    }
  }

  has(a: string, b: string): boolean {
    return this.of(a).has(b);
  }

  /** The ends that an end is linked with. */
  of(end: string): Set<string> {
    const neighbours = this.neighbours.get(end) ?? new Set();
    this.neighbours.set(end, neighbours);
    return neighbours;
  }

  remove(a: string, b: string): void {
    this.of(a).delete(b);
    this.of(b).delete(a);
  }
}

/** Whether two ends have a link in a full mesh; ends on the same network have none across networks. */
type BelongsToFullMesh = (a: string, b: string) => boolean;

/**
 * Draws links as arrows, and full meshes as junctions if that takes fewer lines.
 *
 * @param links the links; those of full meshes are removed
 */
export function replaceFullMeshes(
  ends: readonly string[], links: LinkedEnds, belongs: BelongsToFullMesh = () => true,
): { arrows: Array<[string, string]>; fullMeshes: string[][] } {
  const fullMeshes: string[][] = [];
  for (let mesh = findFullMesh(ends, links, belongs); mesh; mesh = findFullMesh(ends, links, belongs)) {
    fullMeshes.push(mesh);
    pairsOf(mesh).forEach(([a, b]) => links.remove(a, b));
  }
  return { arrows: pairsOf(ends).filter(([a, b]) => links.has(a, b)), fullMeshes };
}

/**
 * Finds a large full mesh, not necessarily the largest.
 *
 * Starts with all ends, and drops the one that lacks the most links until no link is missing.
 */
function findFullMesh(ends: readonly string[], links: LinkedEnds, belongs: BelongsToFullMesh): string[] | undefined {
  const remaining = new Set(ends.filter(end => links.of(end).size > 0));
  const isMissing = (a: string, b: string) => a !== b && belongs(a, b) && !links.has(a, b);
  const missing = new Map([...remaining].map(a => [a, [...remaining].filter(b => isMissing(a, b)).length]));
  for (let worst = findWorst(remaining, missing); worst !== undefined; worst = findWorst(remaining, missing)) {
    remaining.delete(worst);
    for (const end of remaining) {
      missing.set(end, missing.get(end)! - Number(isMissing(end, worst)));
    }
  }
  const mesh = [...remaining];
  const savedArrows = pairsOf(mesh).filter(([a, b]) => links.has(a, b)).length;
  return mesh.length > 2 && savedArrows >= mesh.length ? mesh : undefined;
}

/** The last of the ends that lack the most links; undefined if no link is missing. */
function findWorst(ends: ReadonlySet<string>, missing: ReadonlyMap<string, number>): string | undefined {
  let worst: string | undefined;
  let most = 1;
  for (const end of ends) {
    if (missing.get(end)! >= most) {
      [worst, most] = [end, missing.get(end)!];
    }
  }
  return worst;
}

function pairsOf(ends: readonly string[]): Array<[string, string]> {
  return ends.flatMap((a, i) => ends.slice(i + 1).map((b): [string, string] => [a, b]));
}
