import { readFileSync, statSync } from 'fs';
import { dirname, resolve } from 'path';
import {
  Alias, Document, isAlias, isMap as isYamlMap, isScalar, isSeq, LineCounter, Node, Pair, parseDocument, Scalar, visit, YAMLError, YAMLMap,
} from 'yaml';
import { Definition } from './definition';
import { withDigits } from './kubernetes-yaml';
import { isMap } from './map';
import { MeshError, Path, pathText, refuse } from './problems';
import { meshSchema, resolved, Schema, schemaAt, withoutAbsent } from './schema';

/** A mesh of 1,000 clusters with settings of their own is a hundredth of this. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * The definition that a file holds; the places of what it says are kept for messages.
 *
 * Read by YAML 1.1, as the tools that read the output do, so that `no`, `007` and `1.30` are seen not to be strings.
 *
 * @throws when there is no such file, or it is no YAML document with a map
 */
export function readMeshFile(path: string): Definition {
  const lines = new LineCounter();
  const content = text(path);
  const document = parseDocument(content, { version: '1.1', lineCounter: lines, uniqueKeys: false, prettyErrors: false, customTags: withDigits });
  const at = (position: number) => {
    const { line, col } = lines.linePos(position);
    return `${path}:${line}:${col}`;
  };
  const refuseFor = (mistakes: readonly Mistake[]) =>
    refuse(`file '${path}'`, mistakes.slice(0, MAX_MISTAKES).map(([position, message]) => `${at(position)}: ${message}`));
  refuseFor(characterMistakes(content));
  refuseFor(syntaxMistakes(document, content));
  const reader = new NodeReader(document);
  const data = reader.value(document.contents, [], meshSchema());
  refuseFor(reader.mistakes);
  if (!isMap(data)) {
    throw new MeshError(`file '${path}'`, [`${path}:1:1: the file holds ${data === null ? 'nothing' : 'no map'}; start with meshID and clusters`]);
  }
  return {
    data: withoutAbsent(meshSchema(), data),
    directory: dirname(resolve(path)),
    place: place => [at(reader.offset(place)), ...place.length > 0 ? [pathText(place)] : []].join(': '),
    source: place => scalarText(document, place),
  };
}

/** After this many the rest is mostly their consequence. */
const MAX_MISTAKES = 20;

/** What is wrong with the file itself, and where. */
type Mistake = readonly [offset: number, message: string];

/** What YAML takes in no file, and the parser would. */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function characterMistakes(content: string): Mistake[] {
  const found = UNPRINTABLE.exec(content);
  const code = found?.[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return found ? [[found.index, `the character U+${code} may not stand in YAML; remove it, or write "\\u${code}" in double quotes`]] : [];
}

/** A mesh is a tenth as deep, and what works with it calls itself. */
const MAX_DEPTH = 100;
const TOO_DEEP = `lists and maps stand more than ${MAX_DEPTH} deep in one another; no mesh is that deep`;

/** A mesh of 1,000 clusters with 100 settings of their own is a fifth of this. */
const MAX_VALUES = 500_000;
const TOO_MANY = `here the file comes to more than ${MAX_VALUES} values, those of an alias counted each time, which no mesh has; use fewer aliases`;

function syntaxMistakes({ errors, warnings }: Document, content: string): Mistake[] {
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    return [[0, TOO_DEEP]]; // where, depends on the size of the stack
  }
  const all = [...errors, ...warnings];
  const lost = all.findIndex(({ message }) => STRAY_TOKEN.test(message)); // from there on every token is one
  return all.slice(0, lost < 0 ? MAX_MISTAKES : Math.max(lost, 1)).map(error => [error.pos[0], syntaxSentence(error, content)]);
}

/** It says the token, which may be a secret. */
const STRAY_TOKEN = / token in YAML .*$/s;

function syntaxSentence({ code, pos: [start], message }: YAMLError, content: string): string {
  const tag = /^![^\s,[\]{}]*/.exec(content.slice(start, start + 100))?.[0];
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document starts here; give each mesh a file of its own';
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return tagSentence(tag ?? '!');
    default: {
      const reason = (message[0].toLowerCase() + message.slice(1)).replace(STRAY_TOKEN, '');
      return `this is no YAML: ${reason}; ${FIXES[code] ?? 'write text in quotes, and indent all else like its neighbours'}`;
    }
  }
}

const FIXES: { readonly [code in YAMLError['code']]?: string } = {
  BAD_DIRECTIVE: 'remove it',
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash',
  BAD_INDENT: 'indent it like its neighbours',
  MISSING_CHAR: 'add what is missing',
  MULTIPLE_ANCHORS: 'remove one',
  MULTIPLE_TAGS: 'remove one',
  TAB_AS_INDENT: 'use blanks',
};

function tagSentence(tag: string): string {
  return `the tag '${tag}' makes no sense here; remove it`;
}

const YAML_TAG = 'tag:yaml.org,2002:';

/** Of what JSON has; a set, an ordered map or bytes would be lost on the way. */
const TAGS = ['!', ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => YAML_TAG + name)];

/**
 * Makes plain data of nodes, and collects what is wrong with them.
 *
 * The parser's own way there takes the square of what aliases there are, and cannot tell many of them from some that grow without end.
 */
class NodeReader {
  /** By their offsets: what stands at an alias is read again. */
  private readonly found = new Map<number, string>();
  /** Nothing after this is read. */
  private end?: Mistake;
  private count = 0;
  private targets?: ReadonlyMap<Alias, Node>;
  private readonly around = new Set<Node>();
  private readonly pairs = new Map<Node, ReadonlyMap<string, Pair<Node, Node | null>>>();

  constructor(private readonly document: Document) {}

  get mistakes(): Mistake[] {
    return this.end ? [this.end] : [...this.found];
  }

  /** @param schema what may stand there */
  value(node: Node | null, path: Path, schema: Schema | undefined): unknown {
    if (!node || this.end || !this.hasMeaning(node)) {
      return null;
    }
    if (isAlias(node)) {
      return this.aliased(node, path, schema);
    }
    this.count++;
    if (this.count > MAX_VALUES || (this.around.size >= MAX_DEPTH && !isScalar(node))) {
      this.end = [node.range![0], this.count > MAX_VALUES ? TOO_MANY : TOO_DEEP];
      return null;
    }
    if (isScalar(node)) {
      return this.scalar(node, path, schema);
    }
    this.around.add(node);
    const value = isYamlMap<Node, Node | null>(node) ? this.map(node, path, schema)
      : isSeq<Node>(node) ? node.items.map((item, i) => this.value(item, [...path, i], below(schema, i))) : null;
    this.around.delete(node);
    return value;
  }

  /** Where something was said: at its key if it has one, and otherwise at what it is missing from. */
  offset(path: Path): number {
    const said = this.said(path);
    const isOfAll = path[0] === 'clusters' && path.length > 2 && said.length < path.length && this.said(path.slice(2, 3)).length > 0;
    return isOfAll ? this.offset(path.slice(2)) : said.at(-1) ?? 0;
  }

  /** Offsets of what a path leads through, as far as it is there. */
  private said(path: Path): number[] {
    const offsets: number[] = [];
    let node: Node | null | undefined = this.document.contents;
    for (const key of path) {
      const pair: Pair<Node, Node | null> | undefined = node ? this.pairs.get(node)?.get(String(key)) : undefined;
      node = pair ? pair.value : isSeq<Node>(node) ? node.items[Number(key)] : undefined;
      const shown = pair?.key ?? node;
      if (!shown) {
        break;
      }
      offsets.push(shown.range![0]);
    }
    return offsets;
  }

  private mistake(node: Node, message: string): undefined {
    const offset = node.range![0];
    this.found.set(offset, this.found.get(offset) ?? message);
  }

  private hasMeaning(node: Node): boolean {
    const hasMeaning = isAlias(node) || !node.tag || TAGS.includes(node.tag);
    if (!hasMeaning) {
      this.mistake(node, tagSentence(node.tag!.replace(YAML_TAG, '!!')));
    }
    return hasMeaning;
  }

  /** Where the schema takes any value, nobody after it would see a date, or a number that is another one in the output. */
  private scalar(node: Scalar, path: Path, schema: Schema | undefined): unknown {
    const { value, source } = node;
    const isDate = value instanceof Date;
    if (isOpen(schema) && (isDate || (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)))) {
      const shown = `${isDate ? 'date' : 'number'} ${source}`;
      this.mistake(node, `${pathText(path)}: ${shown} would not reach Istio as it stands here; write it in quotes: '${source}'`);
    }
    return value;
  }

  private aliased(alias: Alias, path: Path, schema: Schema | undefined): unknown {
    this.targets ??= targetsIn(this.document);
    const target = this.targets.get(alias);
    if (target && !this.around.has(target)) {
      const value = this.value(target, path, schema);
      this.end &&= [alias.range![0], this.end[1]]; // in the end the outermost of aliases in one another
      return value;
    }
    this.mistake(alias, target ? `the alias '*${alias.source}' stands inside of what it stands for; write the value out`
      : `the alias '*${alias.source}' has no anchor before it; write the value out, or set '&${alias.source}' above`);
    return null;
  }

  private map(node: YAMLMap<Node, Node | null>, path: Path, schema: Schema | undefined): object {
    const own = new Map<string, Pair<Node, Node | null>>();
    this.pairs.set(node, own);
    const entries = new Map<string, unknown>();
    for (const pair of node.items) {
      const { key, value } = pair;
      if (isScalar(key) && typeof key.value === 'symbol') { // the merge key
        this.merge(entries, value ?? key, path, schema);
        continue;
      }
      const name = this.key(key, path);
      if (name !== undefined && own.has(name)) {
        this.mistake(key, `'${name}' stands here a second time; remove one of the two`);
      } else if (name !== undefined) {
        own.set(name, pair);
        entries.set(name, this.value(value, [...path, name], below(schema, name)));
      }
    }
    return Object.fromEntries(entries);
  }

  /** What stands beside a merge key goes before what it merges, and an earlier map before a later one. */
  private merge(entries: Map<string, unknown>, node: Node, path: Path, schema: Schema | undefined): void {
    const before = this.found.size;
    const sources = [this.value(node, path, schema)].flat();
    if (!sources.every(isMap) && this.found.size === before) {
      this.mistake(node, 'what is no map stands where one is merged; write an alias of a map after <<');
    }
    for (const [name, value] of sources.filter(isMap).flatMap(source => Object.entries(source))) {
      if (!entries.has(name)) {
        entries.set(name, value);
      }
    }
  }

  /** YAML 1.1 takes some keys for something else than text. */
  private key(key: Node, path: Path): string | undefined {
    if (!this.hasMeaning(key)) {
      return undefined;
    }
    if (!isScalar(key)) {
      return this.mistake(key, `${isAlias(key) ? `the alias '*${key.source}'` : 'a list or a map'} stands where a key belongs; write a string`);
    }
    const { value, source } = key;
    if (typeof value === 'string') {
      return value;
    }
    const where = path.length > 0 ? `${pathText(path)}: ` : '';
    const type = value === null ? 'null' : value instanceof Date ? 'date' : typeof value;
    const wrong = source ? `the key ${source} is a ${type}; write it in quotes: '${source}'` : 'a key is missing here; write one before the colon';
    return this.mistake(key, where + wrong);
  }
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

/** Whether any value may stand there. */
function isOpen(schema: Schema | undefined): boolean {
  return schema !== undefined && Object.keys(resolved(schema)).length === 0;
}

function below(schema: Schema | undefined, key: string | number): Schema | undefined {
  return isOpen(schema) ? schema : schemaAt(schema, key);
}

function text(path: string): string {
  let bytes;
  try {
    if (statSync(path).size > MAX_BYTES) {
      throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    }
    bytes = readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : message;
    throw new MeshError(`file '${path}'`, [`${path}: ${reason}; name a mesh file, e.g. mesh.yaml`]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MeshError(`file '${path}'`, [`${path}: it is not UTF-8 text; save it as UTF-8`]);
  }
}

function scalarText(document: Document, path: Path): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.source !== '' ? node.source : undefined;
}
