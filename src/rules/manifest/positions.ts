import { type Document, type Pair, isAlias, isMap as isYamlMap, isNode, isScalar, LineCounter } from 'yaml';
import { documentsIn } from '../../util/kubernetes-yaml';
import type { Memo } from '../../util/memo';
import type { Path } from '../../util/path';

/** A position in a file, counted from 1, and the text of the scalar there, if there is one. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly source?: string;
}

/** The places of paths in a file, which are determined on demand and cached, as many clusters have the same file. */
export class Positions {
  private readonly known = new Map<string, Position>();

  constructor(private readonly text: string, private readonly memo: Memo) {}

  of(document: number, path: Path): Position {
    const key = JSON.stringify([document, path]);
    let place = this.known.get(key);
    if (!place) {
      // the violations of a file follow each other
      place = positionIn(this.memo.latestOf(parseWithPositions, this.text), document, path);
      this.known.set(key, place);
    }
    return place;
  }
}

function positionIn({ documents, lines }: ParsedText, number: number, path: Path): Position {
  const document = documents[number];
  const node = document.getIn(path, true);
  const { line, col } = lines.linePos(offset(document, path));
  return { line, column: col, ...isScalar(node) && node.source !== '' && { source: node.source } };
}

/** The place of an offset in a file. */
export function positionOf(text: string, position: number): Position {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}

interface ParsedText { readonly documents: Document[]; readonly lines: LineCounter }

function parseWithPositions(text: string): ParsedText {
  const lines = new LineCounter();
  return { documents: documentsIn(text, { lineCounter: lines }), lines };
}

/** The offset of the key at a path, or of its nearest parent if the key is missing. */
function offset(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const target = document.getIn(path.slice(0, length - 1), true);
    const parent = isAlias(target) ? target.resolve(document) : target;
    const pairs = isYamlMap(parent) ? parent.items as Pair[] : [];
    const name = String(path[length - 1]);
    const pair = pairs.find(({ key }) => String(isScalar(key) ? key.value : key) === name);
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
