import { type ScalarTag, Document } from 'yaml';
import { GO_NUMBER } from './words';

/**
 * Writes a YAML document that readers of YAML 1.1 and 1.2 read alike.
 *
 * @param change changes the document before it is written, e.g. adds comments
 */
export function toYaml(value: unknown, change: (document: Document) => void = () => undefined): string {
  const document = new Document(value, {
    version: '1.1', // of Kubernetes' readers, to which no, on, 0777 and 1:30 are not strings
    customTags: tags => [...tags, GO_NUMBER_TAG],
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
