import {
  type Alias, type Document, type Node, type Pair, type Scalar, type YAMLMap, isAlias, isMap as isYamlMap, isScalar,
  isSeq, visit,
} from 'yaml';
import { MAX_DEPTH, TOO_DEEP } from './kubernetes-yaml';
import { isMap } from './map';
import type { Path } from './path';

/** What is wrong with a file itself, and where. */
export type Mistake = readonly [offset: number, message: string];

/** A mesh of 1,000 clusters with 100 settings of their own is a fifth of this, and all of Istio's custom resource definitions are a tenth. */
const MAX_VALUES = 500_000;

/** In a map, a key may stand beside nothing. */
type Value = Node | null;

/**
 * Makes plain data of the nodes of a document in one walk, and collects what is wrong with them.
 *
 * The parser's own way there takes the square of what aliases there are, and cannot tell many of them from some that grow without end.
 */
export class NodeReader {
  /** Where the walk is. */
  protected readonly path: Array<string | number> = [];
  /** By their offsets: what stands at an alias is read again. */
  private readonly found = new Map<number, string>();
  /** Nothing after this is read. */
  private end?: Mistake;
  private count = 0;
  private targets?: ReadonlyMap<Alias, Node>;
  private readonly around = new Set<Node>();
  private readonly pairs = new Map<Node, ReadonlyMap<string, Pair<Node, Value>>>();

  /** @param kind what the document is, e.g. `mesh` */
  constructor(private readonly document: Document, private readonly kind: string) {}

  /** The data; without mistakes it is what the document says. */
  read(): unknown {
    return this.value(this.document.contents);
  }

  get mistakes(): Mistake[] {
    return this.end ? [this.end] : [...this.found];
  }

  /** Whether the tag of a node, if it has one, changes nothing of what it is. */
  protected hasMeaning(_: Node): boolean {
    return true;
  }

  protected scalar(node: Scalar): unknown {
    return node.value;
  }

  /** A key as text. */
  protected key(node: Node): string | undefined {
    const target = isAlias(node) ? this.target(node) : node;
    return isScalar(target) && target.value !== null ? String(target.value)
      : this.mistake(node, `${isScalar(target) ? 'nothing (null)' : 'a list or a map'} stands where a key belongs; write a string`);
  }

  protected mistake(node: Node, message: string): undefined {
    const offset = node.range![0];
    this.found.set(offset, this.found.get(offset) ?? message);
  }

  /** Offsets of what a path leads through, as far as it is there. */
  protected said(path: Path): number[] {
    const offsets: number[] = [];
    let node: Value | undefined = this.document.contents;
    for (const key of path) {
      const pair: Pair<Node, Value> | undefined = node ? this.pairs.get(node)?.get(String(key)) : undefined;
      node = pair ? pair.value : isSeq<Node>(node) ? node.items[Number(key)] : undefined;
      const shown = pair?.key ?? node;
      if (!shown) {
        break;
      }
      offsets.push(shown.range![0]);
    }
    return offsets;
  }

  private value(node: Value): unknown {
    if (!node || this.end || !this.hasMeaning(node)) {
      return null;
    }
    if (isAlias(node)) {
      return this.aliased(node);
    }
    this.count++;
    if (this.count > MAX_VALUES || (this.around.size >= MAX_DEPTH && !isScalar(node))) {
      this.end = [node.range![0], this.count > MAX_VALUES
        ? `here the file comes to more than ${MAX_VALUES} values, those of an alias counted each time, which no ${this.kind} has; use fewer aliases`
        : tooDeep(this.kind)];
      return null;
    }
    if (isScalar(node)) {
      return this.scalar(node);
    }
    this.around.add(node);
    const value = isYamlMap<Node, Value>(node) ? this.map(node) : isSeq<Node>(node) ? node.items.map((item, i) => this.below(i, item)) : null;
    this.around.delete(node);
    return value;
  }

  private below(key: string | number, node: Value): unknown {
    this.path.push(key);
    const value = this.value(node);
    this.path.pop();
    return value;
  }

  private aliased(alias: Alias): unknown {
    const target = this.target(alias);
    if (target && !this.around.has(target)) {
      const value = this.value(target);
      this.end &&= [alias.range![0], this.end[1]]; // in the end the outermost of aliases in one another
      return value;
    }
    this.mistake(alias, target ? `the alias '*${alias.source}' stands inside of what it stands for; write the value out`
      : `the alias '*${alias.source}' has no anchor before it; write the value out, or set '&${alias.source}' above`);
    return null;
  }

  private target(alias: Alias): Node | undefined {
    this.targets ??= targetsIn(this.document);
    return this.targets.get(alias);
  }

  private map(node: YAMLMap<Node, Value>): object {
    const own = new Map<string, Pair<Node, Value>>();
    this.pairs.set(node, own);
    const entries = new Map<string, unknown>();
    for (const pair of node.items) {
      const { key, value } = pair;
      if (isScalar(key) && typeof key.value === 'symbol') { // the merge key
        this.merge(entries, value ?? key);
        continue;
      }
      const name = this.key(key);
      if (name !== undefined && own.has(name)) {
        this.mistake(key, `'${name}' stands here a second time; remove one of the two`);
      } else if (name !== undefined) {
        own.set(name, pair);
        entries.set(name, this.below(name, value));
      }
    }
    return Object.fromEntries(entries);
  }

  /** What stands beside a merge key goes before what it merges, and an earlier map before a later one. */
  private merge(entries: Map<string, unknown>, node: Node): void {
    const before = this.found.size;
    const sources = [this.value(node)].flat();
    if (!sources.every(isMap) && this.found.size === before) {
      this.mistake(node, 'what is no map stands where one is merged; write an alias of a map after <<');
    }
    for (const [name, value] of sources.filter(isMap).flatMap(source => Object.entries(source))) {
      if (!entries.has(name)) {
        entries.set(name, value);
      }
    }
  }
}

/** That something is too deep for what it is. */
export function tooDeep(kind: string): string {
  return `${TOO_DEEP}; no ${kind} is that deep`;
}

/** What each alias stands for: the last node before it with its anchor, wherever it is read again. */
function targetsIn(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_, node) {
      const target = isAlias(node) && anchors.get(node.source);
      if (target) {
        targets.set(node, target);
      } else if (!isAlias(node) && node.anchor) {
        anchors.set(node.anchor, node);
      }
    },
  });
  return targets;
}
