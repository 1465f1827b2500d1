import { type YAMLError, Document, isScalar, LineCounter } from 'yaml';
import type { Definition } from './definition';
import { MeshReader, tagSentence } from './mesh-nodes';
import { type Place, errorDiagnostic } from '../core/diagnostic';
import { MeshError, throwErrors } from '../core/mesh-error';
import { problem } from '../core/rule';
import { meshSchema, withoutAbsent } from '../core/schema';
import { directoryOf, errorCode, fileSize, readBytes } from '../util/host/files';
import { parsed, withDigits } from '../util/kubernetes-yaml';
import { isMap } from '../util/map';
import type { Path } from '../util/path';
import { type Mistake, tooDeep } from '../util/yaml-nodes';

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
  return meshDefinition(text(path), path, directoryOf(path));
}

/**
 * The definition that some text holds, from wherever it is.
 *
 * @param content the text
 * @param path what stands before the places in messages
 * @param directory where relative paths start
 * @throws when it is no YAML document with a map
 */
export function meshDefinition(content: string, path: string, directory: string): Definition {
  const lines = new LineCounter();
  const [document = new Document(), second] = parsed(content, { version: '1.1', lineCounter: lines, uniqueKeys: false, prettyErrors: false, customTags: withDigits });
  const at = (position: number): Place => {
    const { line, col } = lines.linePos(position);
    return { file: path, line, column: col };
  };
  const throwMistakes = (mistakes: readonly Mistake[]) =>
    throwErrors(`file '${path}'`, mistakes.slice(0, MAX_MISTAKES).map(([position, message]) => errorDiagnostic(problem(message), at(position))));
  throwMistakes(characterMistakes(content));
  throwMistakes([...syntaxMistakes(document, content), ...second ? [secondDocument(second)] : []]);
  const reader = new MeshReader(document);
  const data = reader.read();
  throwMistakes(reader.mistakes);
  if (!isMap(data)) {
    const held = data === null ? 'nothing' : 'no map';
    throw new MeshError(`file '${path}'`, [errorDiagnostic(problem(`the file holds ${held}`, 'start with meshID and clusters'), at(0))]);
  }
  return {
    data: withoutAbsent(meshSchema(), data),
    directory,
    place: keys => ({ ...at(reader.offset(keys)), path: keys }),
    source: keys => scalarText(document, keys),
  };
}

/** After this many the rest is mostly their consequence. */
const MAX_MISTAKES = 20;

/** What YAML takes in no file, and the parser would. */
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function characterMistakes(content: string): Mistake[] {
  const found = UNPRINTABLE.exec(content);
  const code = found?.[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return found ? [[found.index, `the character U+${code} may not stand in YAML; remove it, or write "\\u${code}" in double quotes`]] : [];
}

function secondDocument({ range }: Document): Mistake {
  return [range![0], 'a second document starts here; give each mesh a file of its own'];
}

function syntaxMistakes({ errors, warnings }: Document, content: string): Mistake[] {
  const all = [...errors, ...warnings];
  const lost = all.findIndex(({ message }) => STRAY_TOKEN.test(message)); // from there on every token is one
  return all.slice(0, lost < 0 ? MAX_MISTAKES : Math.max(lost, 1)).map(error => [error.pos[0], syntaxSentence(error, content)]);
}

/** It says the token, which may be a secret. */
const STRAY_TOKEN = / token in YAML .*$/s;

function syntaxSentence({ code, pos: [start], message }: YAMLError, content: string): string {
  const tag = /^![^\s,[\]{}]*/.exec(content.slice(start, start + 100))?.[0];
  switch (code) {
    case 'RESOURCE_EXHAUSTION':
      return tooDeep('mesh');
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

function text(path: string): string {
  let bytes;
  try {
    if (fileSize(path) > MAX_BYTES) {
      throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    }
    bytes = readBytes(path);
  } catch (error) {
    const code = errorCode(error);
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a directory' : (error as Error).message;
    throw new MeshError(`file '${path}'`, [errorDiagnostic(problem(reason, 'name a mesh file, e.g. mesh.yaml'), { file: path })]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MeshError(`file '${path}'`, [errorDiagnostic(problem('it is not UTF-8 text', 'save it as UTF-8'), { file: path })]);
  }
}

function scalarText(document: Document, path: Path): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.source !== '' ? node.source : undefined;
}
