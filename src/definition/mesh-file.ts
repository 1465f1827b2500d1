import { type YAMLError, Document, isScalar, LineCounter } from 'yaml';
import type { Definition } from './definition';
import { MeshNodeReader, unsupportedTag } from './mesh-nodes';
import { type Place, errorDiagnostic } from '../core/diagnostic';
import { MeshError, throwErrors } from '../core/mesh-error';
import { problem } from '../core/rule';
import { meshSchema, withoutAbsent } from '../core/schema';
import { directoryOf, errorCode, fileSize, readBytes } from '../util/host/files';
import { parsed, withDigits } from '../util/kubernetes-yaml';
import { isMap } from '../util/map';
import type { Path } from '../util/path';
import { type Mistake, tooDeep } from '../util/yaml-nodes';

/** The size limit of a mesh file: 100 times a mesh of 1,000 clusters, each with its own settings. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads the definition in a file, with the place of each key for diagnostics.
 *
 * Reads YAML 1.1, like the tools that read the output, so that `no`, `007` and `1.30` are recognized as values that are
 * not strings.
 *
 * @throws when the file does not exist, or is not a YAML document with a map
 */
export function readMeshFile(path: string): Definition {
  return meshDefinition(readText(path), path, directoryOf(path));
}

/**
 * Reads the definition in a text.
 *
 * @param path name of the file in messages
 * @param directory where relative paths start
 * @throws when it is not a YAML document with a map
 */
export function meshDefinition(content: string, path: string, directory: string): Definition {
  const lines = new LineCounter();
  const [document = new Document(), second] = parsed(content, {
    version: '1.1', lineCounter: lines, uniqueKeys: false, prettyErrors: false, customTags: withDigits,
  });
  const at = (position: number): Place => {
    const { line, col } = lines.linePos(position);
    return { file: path, line, column: col };
  };
  const throwMistakes = (mistakes: readonly Mistake[]) => throwErrors(`file '${path}'`, mistakes.slice(0, MAX_MISTAKES)
    .map(([position, message]) => errorDiagnostic(problem(message), at(position))));
  throwMistakes(characterMistakes(content));
  throwMistakes([...syntaxMistakes(document, content), ...second ? [secondDocument(second)] : []]);
  const reader = new MeshNodeReader(document);
  const data = reader.read();
  throwMistakes(reader.mistakes);
  if (!isMap(data)) {
    const message = data === null ? 'the file is empty' : 'the file does not contain a map';
    throw new MeshError(`file '${path}'`, [errorDiagnostic(problem(message, 'start with meshID and clusters'), at(0))]);
  }
  return {
    data: withoutAbsent(meshSchema(), data),
    directory,
    place: keys => ({ ...at(reader.offset(keys)), path: keys }),
    source: keys => scalarText(document, keys),
  };
}

/** The most mistakes that are reported: later ones are mostly consequences of earlier ones. */
const MAX_MISTAKES = 20;

/** Characters that YAML does not allow in a file, but the parser accepts. */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function characterMistakes(content: string): Mistake[] {
  const found = UNPRINTABLE.exec(content);
  const code = found?.[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return found ? [[found.index, `the character U+${code} is not allowed in YAML; remove it, or write "\\u${code}" in `
    + 'double quotes']] : [];
}

function secondDocument({ range }: Document): Mistake {
  return [range![0], 'a second document starts here; write each mesh to its own file'];
}

function syntaxMistakes({ errors, warnings }: Document, content: string): Mistake[] {
  const all = [...errors, ...warnings];
  const stray = all.findIndex(({ message }) => STRAY_TOKEN.test(message)); // every token after it is stray, too
  return all.slice(0, stray < 0 ? MAX_MISTAKES : Math.max(stray, 1))
    .map(error => [error.pos[0], syntaxMessage(error, content)]);
}

/** The end of a parser's message that shows the token, which may be a secret. */
const STRAY_TOKEN = / token in YAML .*$/s;

function syntaxMessage({ code, pos: [start], message }: YAMLError, content: string): string {
  const tag = /^![^\s,[\]{}]*/.exec(content.slice(start, start + 100))?.[0];
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return tooDeep('mesh');
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return unsupportedTag(tag ?? '!');
    default: {
      const reason = (message[0].toLowerCase() + message.slice(1)).replace(STRAY_TOKEN, '');
      return `invalid YAML: ${reason}; ${FIXES[code] ?? 'quote text, and indent everything else like its neighbors'}`;
    }
  }
}

const FIXES: { readonly [code in YAMLError['code']]?: string } = {
  BAD_DIRECTIVE: 'remove it',
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash',
  BAD_INDENT: 'indent it like its neighbors',
  MISSING_CHAR: 'add the missing character',
  MULTIPLE_ANCHORS: 'remove one',
  MULTIPLE_TAGS: 'remove one',
  TAB_AS_INDENT: 'use spaces',
};

/** @throws when the file is missing, too large, or not UTF-8 text */
function readText(path: string): string {
  let bytes;
  try {
    if (fileSize(path) > MAX_BYTES) {
      throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    }
    bytes = readBytes(path);
  } catch (error) {
    const code = errorCode(error);
    const reasons: { readonly [code: string]: string } = { ENOENT: 'it does not exist', EISDIR: 'it is a directory' };
    const reason = reasons[code ?? ''] ?? (error as Error).message;
    throw fileError(path, reason, 'name a mesh file, e.g. mesh.yaml');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fileError(path, 'it is not UTF-8 text', 'save it as UTF-8');
  }
}

function fileError(path: string, message: string, suggestion: string): MeshError {
  return new MeshError(`file '${path}'`, [errorDiagnostic(problem(message, suggestion), { file: path })]);
}

function scalarText(document: Document, path: Path): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.source !== '' ? node.source : undefined;
}
