import {
  type Alias, type Document, type Node, type Pair, type Scalar, type YAMLMap, isAlias, isMap as isYamlMap, isScalar,
  isSeq, visit,
} from 'yaml';
import { MAX_DEPTH, TOO_DEEP } from './kubernetes-yaml';
import { isMap } from './map';
import type { Path } from './path';

/** A mistake in the syntax of a file. */
export type Mistake = readonly [offset: number, message: string];

/** Five times a mesh of 1,000 clusters with 100 settings each, and ten times all of Istio's CRDs. */
const MAX_VALUES = 500_000;

/** A node; null for a key without a value. */
type Value = Node | null;

/**
 * Converts the nodes of a document to plain data in one pass, and collects mistakes.
 *
 * The parser's own conversion takes quadratic time for aliases, and rejects many harmless aliases like a few that
 * expand
 * without limit.
 */
export class NodeReader {
  /** The path of the current node. */
  protected readonly path: Array<string | number> = [];
  /** Messages by offset, because the target of an alias is read several times. */
  private readonly messages = new Map<number, string>();
  /** The mistake after which nothing is read. */
  private fatal?: Mistake;
  private count = 0;
  private targets?: ReadonlyMap<Alias, Node>;
  private readonly ancestors = new Set<Node>();
  private readonly pairs = new Map<Node, ReadonlyMap<string, Pair<Node, Value>>>();

  /** @param kind what the document is, e.g. `mesh` */
  constructor(private readonly document: Document, private readonly kind: string) {}

  /** The data; complete if there are no mistakes. */
  read(): unknown {
    return this.value(this.document.contents);
  }

  get mistakes(): Mistake[] {
    return this.fatal ? [this.fatal] : [...this.messages];
  }

  /** Whether a node can be read without interpreting its tag. */
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
      : this.mistake(node, `${isScalar(target) ? 'nothing (null)' : 'a list or a map'} is not a valid key; write a `
        + 'string');
  }

  protected mistake(node: Node, message: string): undefined {
    const offset = node.range![0];
    this.messages.set(offset, this.messages.get(offset) ?? message);
  }

  /** The offsets of the keys and items along a path, up to the first missing one. */
  protected offsetsAlong(path: Path): number[] {
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
    if (!node || this.fatal || !this.hasMeaning(node)) {
      return null;
    }
    if (isAlias(node)) {
      return this.aliased(node);
    }
    this.count++;
    if (this.count > MAX_VALUES || (this.ancestors.size >= MAX_DEPTH && !isScalar(node))) {
      this.fatal = [node.range![0], this.count > MAX_VALUES
        ? `the file has more than ${MAX_VALUES} values up to here, including those of aliases, which is too many for a `
          + `${this.kind}; use fewer aliases`
        : tooDeep(this.kind)];
      return null;
    }
    if (isScalar(node)) {
      return this.scalar(node);
    }
    this.ancestors.add(node);
    const list = isSeq<Node>(node) ? node.items.map((item, i) => this.entry(i, item)) : null;
    const value = isYamlMap<Node, Value>(node) ? this.map(node) : list;
    this.ancestors.delete(node);
    return value;
  }

  private entry(key: string | number, node: Value): unknown {
    this.path.push(key);
    const value = this.value(node);
    this.path.pop();
    return value;
  }

  private aliased(alias: Alias): unknown {
    const target = this.target(alias);
    if (target && !this.ancestors.has(target)) {
      const value = this.value(target);
      this.fatal &&= [alias.range![0], this.fatal[1]]; // the place of the outermost alias
      return value;
    }
    this.mistake(alias, target ? `the alias '*${alias.source}' is inside its own anchor; write the value out`
      : `the alias '*${alias.source}' has no anchor before it; write the value out, or set '&${alias.source}' above`);
    return null;
  }

  private target(alias: Alias): Node | undefined {
    this.targets ??= targetsIn(this.document);
    return this.targets.get(alias);
  }

  private map(node: YAMLMap<Node, Value>): object {
    const pairs = new Map<string, Pair<Node, Value>>();
    this.pairs.set(node, pairs);
    const entries = new Map<string, unknown>();
    for (const pair of node.items) {
      const { key, value } = pair;
      if (isScalar(key) && typeof key.value === 'symbol') { // the merge key
        this.merge(entries, value ?? key);
        continue;
      }
      const name = this.key(key);
      if (name !== undefined && pairs.has(name)) {
        this.mistake(key, `'${name}' is a duplicate key; remove one of the two`);
      } else if (name !== undefined) {
        pairs.set(name, pair);
        entries.set(name, this.entry(name, value));
      }
    }
    return Object.fromEntries(entries);
  }

  /** Adds the entries of merged maps; those of the map itself and of earlier maps take precedence. */
  private merge(entries: Map<string, unknown>, node: Node): void {
    const before = this.messages.size;
    const sources = [this.value(node)].flat();
    if (!sources.every(isMap) && this.messages.size === before) {
      this.mistake(node, 'the merge key << needs a map; write an alias of a map after it');
    }
    for (const [name, value] of sources.filter(isMap).flatMap(source => Object.entries(source))) {
      if (!entries.has(name)) {
        entries.set(name, value);
      }
    }
  }
}

/** The message for a document that is nested too deeply. */
export function tooDeep(kind: string): string {
  return `${TOO_DEEP}; use fewer levels in this ${kind}`;
}

/** The target of each alias: the last node before it that has its anchor. */
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
