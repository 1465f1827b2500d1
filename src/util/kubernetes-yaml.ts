import {
  type CST, type DocumentOptions, type ParseOptions, type ScalarTag, type SchemaOptions, type Tags, Composer, Document,
  Parser, YAMLParseError,
} from 'yaml';

type Tag = Tags[number];

/**
 * The tags of YAML 1.1, but a number must have a digit before its exponent: `exportTo: [.]` and `name: e1` are text.
 */
export function withDigits(tags: Tags): Tags {
  return tags.map(tag => {
    const test = typeof tag === 'string' ? undefined : (tag as ScalarTag).test;
    const digits = test?.test('.') ? FLOAT : test?.test('e1') ? EXPONENTIAL : undefined;
    return digits ? { ...tag as ScalarTag, test: digits } : tag;
  });
}

const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/;
const EXPONENTIAL = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/;

/** Ten times the depth of Kubernetes objects; recursive functions read the data. */
export const MAX_DEPTH = 100;

/** The message for deeper data. */
export const TOO_DEEP = `lists and maps are nested more than ${MAX_DEPTH} levels deep`;

interface Options extends ParseOptions, DocumentOptions, SchemaOptions {}

/** The documents of a text; only an error for a text that is nested too deeply, which could exhaust the stack. */
export function parsed(text: string, options: Options): Document[] {
  const documents = [];
  try {
    const tokens = new ShallowParser(options.lineCounter?.addNewLine).parse(text);
    for (const document of new Composer(options).compose(tokens)) {
      documents.push(document);
    }
    return documents as Document[];
  } catch (error) {
    if (!(error instanceof YAMLParseError)) {
      throw error;
    }
    const document = new Document();
    document.errors.push(error);
    return [document];
  }
}

/** A parser that stops at data that is nested too deeply, before recursive functions read it. */
class ShallowParser extends Parser {
  override* next(source: string): Generator<CST.Token, void> {
    yield* super.next(source);
    if (this.stack.length > MAX_DEPTH + 2) { // including the document and a scalar
      const { offset } = this.stack[MAX_DEPTH + 1];
      throw new YAMLParseError([offset, offset + 1], 'RESOURCE_EXHAUSTION', TOO_DEEP);
    }
  }
}

/**
 * The documents of a file as Kubernetes reads it.
 *
 * `no` and `007` are not text; a date, a time of day, a single dot and `e1` are.
 */
export function documentsIn(text: string, options: Options = {}): Document[] {
  const customTags = (tags: Tags) => withDigits(tags.filter(isKept));
  return parsed(text, { version: '1.1', uniqueKeys: false, prettyErrors: false, customTags, ...options });
}

function isKept(tag: Tag): boolean {
  return typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || (tag as ScalarTag).format === 'TIME');
}
