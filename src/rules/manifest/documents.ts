import type { YAMLError } from 'yaml';
import { type Position, positionOf, Positions } from './positions';
import { type Problem, problem } from '../../core/rule';
import { documentsIn } from '../../util/kubernetes-yaml';
import type { Memo } from '../../util/memo';
import type { Path } from '../../util/path';
import { type Mistake as MistakeAt, NodeReader, tooDeep } from '../../util/yaml-nodes';

/** The documents of one file as plain data, or the reason why it cannot be read. */
export interface Documents {
  readonly data: readonly unknown[];
  readonly mistake?: Mistake;
  /** The place of a path in the file: that of its key, or of its nearest parent if the key is missing. */
  place(document: number, path: Path): Position;
}

/** Why a file cannot be read, and where. */
export interface Mistake {
  readonly problem: Problem;
  readonly position: Position;
}

/** The documents in a file; files with the same text, which many clusters have, are parsed once. */
export function readDocuments(content: Uint8Array | string, memo: Memo): Documents {
  const text = typeof content === 'string' ? content : decoded(content);
  return typeof text === 'string' ? memo.once(documentsOf, text, memo) : text;
}

/** Ten times the size of a file with all of Istio's custom resource definitions. */
const MAX_BYTES = 10 * 1024 * 1024;

function decoded(bytes: Uint8Array): string | Documents {
  if (bytes.length > MAX_BYTES) {
    return unreadable(problem(`the file is larger than ${MAX_BYTES / 1024 / 1024} MiB, which is too large for a `
      + 'manifest', 'move it out of the cluster\'s directory'));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadable(problem('the file is not UTF-8 text', 'save it as UTF-8'));
  }
}

/** The documents of a file that cannot be read. */
export function unreadable(reason: Problem, position: Position = TOP): Documents {
  return { data: [], mistake: { problem: reason, position }, place: () => position };
}

const TOP: Position = { line: 1, column: 1 };

function documentsOf(text: string, memo: Memo): Documents {
  const documents = documentsIn(text);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) {
    return invalid(text, [error.pos[0], syntaxMessage(error)]);
  }
  const readers = documents.map(document => new NodeReader(document, 'manifest'));
  const data = readers.map(reader => reader.read());
  const mistake = readers.flatMap(({ mistakes }) => mistakes)[0];
  if (mistake) {
    return invalid(text, mistake);
  }
  const places = new Positions(text, memo);
  return { data, place: (document, path) => places.of(document, path) };
}

const CONFLICT_MARKER = /^(<<<<<<<|=======|>>>>>>>)/m;

function invalid(text: string, [offset, message]: MistakeAt): Documents {
  const isConflict = CONFLICT_MARKER.test(text);
  return unreadable(isConflict
    ? problem('the file contains conflict markers (<<<<<<<, >>>>>>>) of an unfinished merge', 'finish the merge')
    : problem(message), positionOf(text, offset));
}

function syntaxMessage({ code, message }: YAMLError): string {
  return code === 'RESOURCE_EXHAUSTION' ? tooDeep('manifest')
    : `invalid YAML, which kubectl and istioctl reject: ${message[0].toLowerCase()}${message.slice(1)}`;
}
