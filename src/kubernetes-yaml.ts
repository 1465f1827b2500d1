import { Document, parseAllDocuments, ParseOptions, ScalarTag, Tags } from 'yaml';

type Tag = Tags[number];

/** YAML 1.1 without its mistake of reading a lone dot, as in `exportTo: [.]`, for a number. */
export function withoutDot(tags: Tags): Tags {
  return tags.map(tag => typeof tag !== 'string' && (tag as ScalarTag).test?.test('.') ? { ...tag, test: FLOAT } as ScalarTag : tag);
}

const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/;

/** The documents of a file as Kubernetes reads it: `no` and `007` are not text; a date, a time of day and a lone dot are. */
export function documentsIn(text: string, options: ParseOptions & { readonly prettyErrors?: boolean } = {}): Document[] {
  return parseAllDocuments(text, { version: '1.1', uniqueKeys: true, customTags: tags => withoutDot(tags.filter(isKept)), ...options }) as Document[];
}

function isKept(tag: Tag): boolean {
  return typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || (tag as ScalarTag).format === 'TIME');
}
