import { readFileSync, statSync } from 'fs';
import { dirname, resolve } from 'path';
import { Document, isMap as isYamlMap, isNode, isPair, isScalar, isSeq, LineCounter, Node, Pair, parseDocument, visit, YAMLError } from 'yaml';
import { Definition } from './definition';
import { withoutDot } from './kubernetes-yaml';
import { isMap } from './map';
import { MeshError, Path, pathText } from './problems';
import { meshSchema, withoutAbsent } from './schema';

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
  refuseNesting(path, content);
  const document = parseDocument(content, { version: '1.1', lineCounter: lines, uniqueKeys: true, prettyErrors: false, customTags: withoutDot });
  const at = (position: number) => {
    const { line, col } = lines.linePos(position);
    return `${path}:${line}:${col}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(error => syntaxMistake(error, content));
  const mistakes = syntax.length > 0 ? syntax : nodeMistakes(document);
  if (mistakes.length > 0) {
    throw new MeshError(`file '${path}'`, mistakes.slice(0, MAX_MISTAKES).map(([position, message]) => `${at(position)}: ${message}`));
  }
  const data = plain(path, document);
  if (!isMap(data)) {
    throw new MeshError(`file '${path}'`, [`${path}:1:1: the file holds ${data === null ? 'nothing' : 'no map'}; start with meshID and clusters`]);
  }
  return {
    data: withoutAbsent(meshSchema(), data),
    directory: dirname(resolve(path)),
    place: place => [at(offset(document, place)), ...place.length > 0 ? [pathText(place)] : []].join(': '),
    source: place => scalarText(document, place),
  };
}

/** After this many the rest is mostly their consequence. */
const MAX_MISTAKES = 20;

/** A mesh is a tenth as deep; the parser would run out of stack, or of more. */
const MAX_DEPTH = 100;

function refuseNesting(path: string, content: string): void {
  let depth = 0;
  for (const [character] of content.matchAll(/[[\]{}]/g)) {
    depth += '[{'.includes(character) ? 1 : -1;
    if (depth > MAX_DEPTH) {
      break;
    }
  }
  if (depth > MAX_DEPTH || new RegExp(`^( *[-?] +){${MAX_DEPTH},}| {${10 * MAX_DEPTH}}`, 'm').test(content)) {
    throw new MeshError(`file '${path}'`, [`${path}: lists and maps stand more than ${MAX_DEPTH} deep in one another; no mesh is that deep`]);
  }
}

/** What is wrong with the file itself, and where. */
type Mistake = readonly [offset: number, message: string];

function syntaxMistake({ code, pos: [start], message }: YAMLError, content: string): Mistake {
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = /^[\w.$/-]+(?=\s*:)/.exec(content.slice(start))?.[0];
      return [start, `${key ? `'${key}'` : 'a key'} stands here a second time; remove one of the two`];
    }
    case 'MULTIPLE_DOCS':
      return [start, 'a second document starts here; give each mesh a file of its own'];
    default:
      return [start, message];
  }
}

/** Keys that YAML 1.1 takes for something else than text, and aliases of nothing. */
function nodeMistakes(document: Document): Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (target && ancestors.includes(target)) {
        mistakes.push([alias.range![0], `the alias '*${alias.source}' stands inside of what it stands for; write the value out`]);
      } else if (!target) {
        mistakes.push([alias.range![0], `the alias '*${alias.source}' has no anchor before it; write the value out, or set '&${alias.source}' above`]);
      }
    },
    Pair(_, { key }, ancestors) {
      if (isScalar(key) && !['string', 'symbol'].includes(typeof key.value)) { // the symbol is the merge key
        const path = pathText(pathOf(ancestors));
        mistakes.push([key.range![0], `${path && `${path}: `}the key ${key.source} is a ${typeof key.value}; write it in quotes: '${key.source}'`]);
      } else if (!isScalar(key)) {
        mistakes.push([(key as Node).range![0], 'a list or a map stands where a key belongs; write a string']);
      }
    },
  });
  return mistakes;
}

/** Keys from the top of the document to the innermost of the nodes around something. */
function pathOf(ancestors: readonly unknown[]): Path {
  return ancestors.flatMap<string | number>((node, i) => {
    if (isPair(node)) {
      return [isScalar(node.key) ? String(node.key.value) : ''];
    }
    return isSeq(node) && i + 1 < ancestors.length ? [node.items.indexOf(ancestors[i + 1])] : [];
  });
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

function plain(path: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new MeshError(`file '${path}'`, [`${path}: ${(error as Error).message}; write the values out instead of so many aliases`]);
  }
}

/** Where something was said: at its key if it has one, and otherwise at what it is missing from. */
function offset(document: Document, path: Path): number {
  if (path[0] === 'clusters' && path.length > 2 && !document.hasIn(path) && document.has(path[2])) {
    return offset(document, path.slice(2)); // said for all clusters
  }
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const name = String(path[length - 1]);
    const pair = isYamlMap(parent) ? (parent.items as Pair[]).find(({ key }) => String(isScalar(key) ? key.value : key) === name) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return 0;
}

function scalarText(document: Document, path: Path): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.source !== '' ? node.source : undefined;
}
