/** Which ends are linked. */
export class Ends {
  private readonly all = new Map<string, Set<string>>();

  constructor(pairs: ReadonlyArray<readonly [string, string]>) {
    for (const [a, b] of pairs) {
      this.of(a).add(b);
      this.of(b).add(a);
    }
  }

  has(a: string, b: string): boolean {
    return this.of(a).has(b);
  }

  of(end: string): Set<string> {
    const others = this.all.get(end) ?? new Set();
    this.all.set(end, others);
    return others;
  }

  remove(a: string, b: string): void {
    this.of(a).delete(b);
    this.of(b).delete(a);
  }
}

/**
 * Links as arrows, and where each of several ends is linked with each, and no more lines say so, as one junction that each of them leads to.
 *
 * @param isPossible whether two ends would be linked here, where each is linked with each
 */
export function withJunctions(ends: readonly string[], links: Ends, isPossible: (a: string, b: string) => boolean = () => true): {
  arrows: Array<[string, string]>;
  junctions: string[][];
} {
  const junctions: string[][] = [];
  for (let found = largest(ends, links, isPossible); found; found = largest(ends, links, isPossible)) {
    junctions.push(found);
    found.forEach((a, i) => found!.slice(i + 1).forEach(b => links.remove(a, b)));
  }
  const arrows = ends.flatMap((a, i) => ends.slice(i + 1).filter(b => links.has(a, b)).map((b): [string, string] => [a, b]));
  return { arrows, junctions };
}

/** A large set of ends of which each is linked with each: all without those that lack the most links, one after the other. */
function largest(ends: readonly string[], links: Ends, isPossible: (a: string, b: string) => boolean): string[] | undefined {
  const left = new Set(ends.filter(end => links.of(end).size > 0));
  const lacks = (a: string, b: string) => a !== b && isPossible(a, b) && !links.has(a, b);
  const lacking = new Map([...left].map(a => [a, [...left].filter(b => lacks(a, b)).length]));
  for (;;) {
    const [worst, most] = [...left].reduce(([end, max], one) => lacking.get(one)! >= max ? [one, lacking.get(one)!] : [end, max], ['', 0] as [string, number]);
    if (most === 0) {
      break;
    }
    left.delete(worst);
    left.forEach(one => lacks(one, worst) && lacking.set(one, lacking.get(one)! - 1));
  }
  const found = [...left];
  const pairs = found.flatMap((a, i) => found.slice(i + 1).filter(b => links.has(a, b))).length;
  return found.length > 2 && pairs >= found.length ? found : undefined;
}
