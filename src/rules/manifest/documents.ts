import { Document, isAlias, isMap as isYamlMap, isNode, isScalar, LineCounter, Pair, parseAllDocuments, ParseOptions, ScalarTag, SchemaOptions, Tags, visit, YAMLError } from 'yaml';
import { Path } from '../../problems';

/** The documents of one file as plain data, or what is wrong with the file. */
export interface Documents {
  readonly data: readonly unknown[];
  readonly mistake?: Mistake;
  /** The place of something in the file: its key if it has one, and otherwise what it is missing from. */
  place(document: number, path: Path): Place;
}

/** What is wrong with a file itself, and where. */
export interface Mistake extends Place {
  readonly message: string;
}

/** A place in a file, counted from 1, and the scalar that stands there as its author wrote it. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly source?: string;
}

/** Files of many clusters, of which many are alike, each read once. */
export class DocumentTexts {
  private readonly read = new Map<string, Documents>();

  of(content: Buffer | string): Documents {
    const text = typeof content === 'string' ? content : decoded(content);
    if (typeof text !== 'string') {
      return text;
    }
    let documents = this.read.get(text);
    if (!documents) {
      documents = documentsOf(text);
      this.read.set(text, documents);
    }
    return documents;
  }
}

/** All of Istio's custom resource definitions in one file are a tenth of this. */
const MAX_BYTES = 10 * 1024 * 1024;

function decoded(bytes: Buffer): string | Documents {
  if (bytes.length > MAX_BYTES) {
    return unreadable(`the file is larger than ${MAX_BYTES / 1024 / 1024} MiB, which no manifest is; move it out of the cluster's directory`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadable('the file is not UTF-8 text; save it as UTF-8');
  }
}

/** A file that holds nothing that can be judged. */
export function unreadable(message: string, place: Place = TOP): Documents {
  return { data: [], mistake: { ...place, message }, place: () => place };
}

const TOP: Place = { line: 1, column: 1 };

function documentsOf(text: string): Documents {
  if (isDeep(text)) {
    return unreadable(`lists and maps stand more than ${MAX_DEPTH} deep in one another; no manifest is that deep`);
  }
  const documents = parsed(text);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) {
    return unreadable(syntaxMessage(error, text), placeOf(text, error.pos[0]));
  }
  const alias = documents.map(impossibleAlias).find(offset => offset !== undefined);
  if (alias !== undefined) {
    return unreadable('an alias has no anchor before it, or stands inside of what it stands for; write the value out', placeOf(text, alias));
  }
  try {
    const places = new Places(text);
    return { data: documents.map(document => document.toJS({ maxAliasCount: 100 })), place: (document, path) => places.of(document, path) };
  } catch {
    return unreadable('the file has too many aliases; write the values out');
  }
}

/** The parser would run out of stack, or of more. */
const MAX_DEPTH = 100;

const DEEP_BLOCK = new RegExp(`^( *[-?] +){${MAX_DEPTH},}| {${10 * MAX_DEPTH}}`, 'm');

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [character] of text.matchAll(/[[\]{}]/g)) {
    depth += '[{'.includes(character) ? 1 : -1;
    if (depth > MAX_DEPTH) {
      return true;
    }
  }
  return DEEP_BLOCK.test(text);
}

/** YAML 1.1 as Kubernetes reads it: `no` and `007` are not text; a date, a time of day and a single dot are. */
const OPTIONS: ParseOptions & SchemaOptions & { version: '1.1' } = { version: '1.1', uniqueKeys: true, customTags: tags => tags.filter(isKept).map(withoutDot) };

type Tag = Tags[number];

function isKept(tag: Tag): boolean {
  return typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || (tag as ScalarTag).format === 'TIME');
}

function withoutDot(tag: Tag): Tag {
  return typeof tag !== 'string' && (tag as ScalarTag).test?.test('.') ? { ...tag, test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ } as ScalarTag : tag;
}

function parsed(text: string, lineCounter?: LineCounter): Document[] {
  return parseAllDocuments(text, { ...OPTIONS, lineCounter, prettyErrors: false }) as Document[];
}

function syntaxMessage({ code, pos: [start], message }: YAMLError, text: string): string {
  if (/^(<<<<<<<|=======|>>>>>>>)/m.test(text)) {
    return 'the file has lines of an unfinished merge (<<<<<<<, >>>>>>>), with which nobody can read it; finish the merge';
  }
  if (code === 'DUPLICATE_KEY') {
    const key = /^[\w.$/-]+(?=\s*:)/.exec(text.slice(start))?.[0];
    return `${key ? `'${key}'` : 'a key'} stands here a second time; remove one of the two`;
  }
  return `the file is no YAML: ${message[0].toLowerCase()}${message.slice(1)}; kubectl and istioctl refuse it`;
}

/** An alias of nothing, or of what it is part of. */
function impossibleAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (!target || ancestors.includes(target)) {
        offset ??= alias.range![0];
      }
    },
  });
  return offset;
}

/** Places in a file: found when they are asked for, and once where many clusters have the same file. */
class Places {
  private readonly known = new Map<string, Place>();

  constructor(private readonly text: string) {}

  of(document: number, path: Path): Place {
    const key = JSON.stringify([document, path]);
    let place = this.known.get(key);
    if (!place) {
      place = placeIn(this.text, document, path);
      this.known.set(key, place);
    }
    return place;
  }
}

function placeIn(text: string, number: number, path: Path): Place {
  const { documents: { [number]: document }, lines } = withPositions(text);
  const node = document.getIn(path, true);
  const { line, col } = lines.linePos(offset(document, path));
  return { line, column: col, ...isScalar(node) && node.source !== '' && { source: node.source } };
}

function placeOf(text: string, position: number): Place {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') };
}

interface Positions { readonly text: string; readonly documents: Document[]; readonly lines: LineCounter }

/** Of the file that was asked for last: its findings follow each other. */
let last: Positions | undefined;

function withPositions(text: string): Positions {
  if (last?.text !== text) {
    const lines = new LineCounter();
    last = { text, lines, documents: parsed(text, lines) };
  }
  return last;
}

function offset(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const found = document.getIn(path.slice(0, length - 1), true);
    const parent = isAlias(found) ? found.resolve(document) : found;
    const name = String(path[length - 1]);
    const pair = isYamlMap(parent) ? (parent.items as Pair[]).find(({ key }) => String(isScalar(key) ? key.value : key) === name) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
