import { Document, parseAllDocuments, ParseOptions, ScalarTag, Tags } from 'yaml';

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

/** The documents of a file as Kubernetes reads it: `no` and `007` are not text; a date, a time of day, a lone dot and `e1` are. */
export function documentsIn(text: string, options: ParseOptions & { readonly prettyErrors?: boolean } = {}): Document[] {
  return parseAllDocuments(text, { version: '1.1', uniqueKeys: true, customTags: tags => withDigits(tags.filter(isKept)), ...options }) as Document[];
}

function isKept(tag: Tag): boolean {
  return typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || (tag as ScalarTag).format === 'TIME');
}
