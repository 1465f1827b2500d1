import { type ScalarTag, Document } from 'yaml';
import { GO_NUMBER } from './words';

/**
 * One YAML document that readers of YAML 1.1 and 1.2 understand alike: a string that either would take for something else is quoted.
 *
 * @param change what is done to the document before it is written, e.g. comments
 */
export function toYaml(value: unknown, change: (document: Document) => void = () => undefined): string {
  const document = new Document(value, {
    version: '1.1', // readers of Kubernetes manifests: no, on, 0777 and 1:30 are not strings to them
    customTags: tags => [...tags, GO_NUMBER_TAG],
    compat: 'core', // readers of YAML 1.2: 0o17 is not a string to them
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
 * The text of a manifest as Go writes it, with more annotations; those that it has stay.
 */
export function withAnnotations(text: string, annotations: { readonly [name: string]: string }): string {
  const [metadata] = METADATA.exec(text) ?? [''];
  const [, own = ''] = ANNOTATIONS.exec(metadata) ?? [];
  const missing = Object.entries(annotations).filter(([name]) => !own.includes(`    ${name}:`));
  if (missing.length === 0) {
    return text;
  }
  const lines = toYaml(Object.fromEntries(missing)).replace(/^(?=.)/gm, '    ');
  const rest = metadata.replace(ANNOTATIONS, '').slice('metadata:\n'.length);
  return text.replace(METADATA, () => `metadata:\n  annotations:\n${lines}${own}${rest}`);
}

const METADATA = /^metadata:\n(?: .*\n)*/m;
const ANNOTATIONS = /^ {2}annotations:.*\n((?: {4,}.*\n)*)/m;
