import { type ScalarTag, Document } from 'yaml';
import { GO_NUMBER } from './words';

/**
 * Writes a YAML document that readers of YAML 1.1 and 1.2, in Go and in JavaScript, read alike.
 *
 * @param change changes the document before it is written, e.g. adds comments
 */
export function toYaml(value: unknown, change: (document: Document) => void = () => undefined): string {
  const document = new Document(value, {
    version: '1.1', // of Kubernetes' readers, to which no, on, 0777 and 1:30 are not strings
    customTags: tags => [ESCAPED_TAG, ...tags, GO_NUMBER_TAG],
    compat: 'core', // of YAML 1.2, in which 0o17 is not a string
    aliasDuplicateObjects: false,
  });
  change(document);
  return document.toString({
    lineWidth: 0,
    flowCollectionPadding: false, // {a: b}, as people write it
    indentSeq: false, // as istioctl and kubectl write lists
  });
}

/** Code points that Go's YAML readers reject unless they are escaped, or treat as line breaks or a byte order mark. */
const UNREADABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Lines whose first one with text starts with a tab, or has only spaces: as a block, Go rejects or changes them. */
const NO_BLOCK = /^\n*(?: *\t| +\n)|^[ \n]*\n[ \n]*$/;

/** As a plain key, an instruction to merge another map. */
const MERGE_KEY = /^<<$/;

/** A string that readers written in Go and in JavaScript read differently unless it is quoted and escaped. */
const ESCAPED_TAG: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: value => typeof value === 'string'
    && (value.search(UNREADABLE) !== -1 || (value.includes('\n') && NO_BLOCK.test(value)) || MERGE_KEY.test(value)),
  test: MERGE_KEY, // without it, the tag of merge keys takes precedence
  resolve: text => text,
  stringify: ({ value }) => JSON.stringify(value).replace(UNREADABLE, escaped),
};

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const GO_NUMBER_TAG: ScalarTag = {
  tag: '!go-number',
  default: true,
  test: GO_NUMBER,
  resolve: text => text,
};

/**
 * Adds annotations to the text of a manifest that Go wrote; existing annotations stay.
 */
export function withAnnotations(text: string, annotations: { readonly [name: string]: string }): string {
  const [metadata] = METADATA.exec(text) ?? [''];
  const [, existing = ''] = ANNOTATIONS.exec(metadata) ?? [];
  const missing = Object.entries(annotations).filter(([name]) => !existing.includes(`    ${name}:`));
  if (missing.length === 0) {
    return text;
  }
  const lines = toYaml(Object.fromEntries(missing)).replace(/^(?=.)/gm, '    ');
  const rest = metadata.replace(ANNOTATIONS, '').slice('metadata:\n'.length);
  return text.replace(METADATA, () => `metadata:\n  annotations:\n${lines}${existing}${rest}`);
}

const METADATA = /^metadata:\n(?: .*\n)*/m;
const ANNOTATIONS = /^ {2}annotations:.*\n((?: {4,}.*\n)*)/m;
