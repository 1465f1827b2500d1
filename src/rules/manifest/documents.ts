import type { YAMLError } from 'yaml';
import type { Position } from './positions';
import { positionOf, Positions } from './positions';
import { documentsIn } from '../../util/kubernetes-yaml';
import type { Path } from '../../util/path';
import type { Mistake as MistakeAt } from '../../util/yaml-nodes';
import { NodeReader, tooDeep } from '../../util/yaml-nodes';

/** The documents of one file as plain data, or what is wrong with the file. */
export interface Documents {
  readonly data: readonly unknown[];
  readonly mistake?: Mistake;
  /** The place of something in the file: its key if it has one, and otherwise what it is missing from. */
  place(document: number, path: Path): Position;
}

/** What is wrong with a file itself, and where. */
export interface Mistake extends Position {
  readonly message: string;
}

/** Files of many clusters, of which many are alike, each read once. */
export class DocumentTexts {
  private readonly read = new Map<string, Documents>();

  of(content: Uint8Array | string): Documents {
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

function decoded(bytes: Uint8Array): string | Documents {
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
export function unreadable(message: string, place: Position = TOP): Documents {
  return { data: [], mistake: { ...place, message }, place: () => place };
}

const TOP: Position = { line: 1, column: 1 };

function documentsOf(text: string): Documents {
  const documents = documentsIn(text);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) {
    return mistaken(text, [error.pos[0], syntaxMessage(error)]);
  }
  const readers = documents.map(document => new NodeReader(document, 'manifest'));
  const data = readers.map(reader => reader.read());
  const mistake = readers.flatMap(({ mistakes }) => mistakes)[0];
  if (mistake) {
    return mistaken(text, mistake);
  }
  const places = new Positions(text);
  return { data, place: (document, path) => places.of(document, path) };
}

function mistaken(text: string, [offset, message]: MistakeAt): Documents {
  return unreadable(/^(<<<<<<<|=======|>>>>>>>)/m.test(text)
    ? 'the file has lines of an unfinished merge (<<<<<<<, >>>>>>>), with which nobody can read it; finish the merge' : message, positionOf(text, offset));
}

function syntaxMessage({ code, message }: YAMLError): string {
  return code === 'RESOURCE_EXHAUSTION' ? tooDeep('manifest') : `the file is no YAML: ${message[0].toLowerCase()}${message.slice(1)}; kubectl and istioctl refuse it`;
}
