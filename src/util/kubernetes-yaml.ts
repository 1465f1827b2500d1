import {
  type CST, type DocumentOptions, type ParseOptions, type ScalarTag, type SchemaOptions, type Tags, Composer, Document,
  Parser, YAMLParseError,
} from 'yaml';

type Tag = Tags[number];

/** YAML 1.1 in which a number has a digit before its exponent, and one at all: `exportTo: [.]` and `name: e1` are text. */
export function withDigits(tags: Tags): Tags {
  return tags.map(tag => {
    const test = typeof tag === 'string' ? undefined : (tag as ScalarTag).test;
    const digits = test?.test('.') ? FLOAT : test?.test('e1') ? EXPONENTIAL : undefined;
    return digits ? { ...tag as ScalarTag, test: digits } : tag;
  });
}

const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/;
const EXPONENTIAL = /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/;

/** What Kubernetes has is a tenth as deep, and what works with it calls itself. */
export const MAX_DEPTH = 100;

/** What is said of something deeper. */
export const TOO_DEEP = `lists and maps stand more than ${MAX_DEPTH} deep in one another`;

interface Options extends ParseOptions, DocumentOptions, SchemaOptions {}

/** The documents of a text; of one that is too deep there is nothing but an error, since to read it might end the program. */
export function parsed(text: string, options: Options): Document[] {
  const documents = [];
  try {
    for (const document of new Composer(options).compose(new ShallowParser(options.lineCounter?.addNewLine).parse(text))) {
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

/** What it parses it keeps in a list, and what comes after it calls itself for each list and map in another. */
class ShallowParser extends Parser {
  override* next(source: string): Generator<CST.Token, void> {
    yield* super.next(source);
    if (this.stack.length > MAX_DEPTH + 2) { // a document, those that may be, and a scalar
      const { offset } = this.stack[MAX_DEPTH + 1];
      throw new YAMLParseError([offset, offset + 1], 'RESOURCE_EXHAUSTION', TOO_DEEP);
    }
  }
}

/** The documents of a file as Kubernetes reads it: `no` and `007` are not text; a date, a time of day, a lone dot and `e1` are. */
export function documentsIn(text: string, options: Options = {}): Document[] {
  return parsed(text, { version: '1.1', uniqueKeys: false, prettyErrors: false, customTags: tags => withDigits(tags.filter(isKept)), ...options });
}

function isKept(tag: Tag): boolean {
  return typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || (tag as ScalarTag).format === 'TIME');
}
