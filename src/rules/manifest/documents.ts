import { Document, Lexer, visit, YAMLError } from 'yaml';
import { Place, placeOf, Places } from './places';
import { documentsIn } from '../../kubernetes-yaml';
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
  const documents = documentsIn(text, { prettyErrors: false });
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error) {
    return unreadable(syntaxMessage(error, text), placeOf(text, error.pos[0]));
  }
  const alias = documents.map(impossibleAlias).find(position => position !== undefined);
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
  return DEEP_BLOCK.test(text) || (isDeepIn(text) && isDeepIn(new Lexer().lex(text)));
}

/** Whether brackets stand too deep in one another; text may have any of them, which only the lexer knows. */
function isDeepIn(lexemes: Iterable<string>): boolean {
  let depth = 0;
  for (const lexeme of lexemes) {
    depth += lexeme === '[' || lexeme === '{' ? 1 : lexeme === ']' || lexeme === '}' ? -1 : 0;
    if (depth > MAX_DEPTH) {
      return true;
    }
  }
  return false;
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
  let position: number | undefined;
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (!target || ancestors.includes(target)) {
        position ??= alias.range![0];
      }
    },
  });
  return position;
}
