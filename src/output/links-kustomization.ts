import type { Document } from 'yaml';
import { isScalar, isSeq, parseDocument, YAMLSeq } from 'yaml';
import { normalize } from '../util/posix-path';

/** The kustomization of a cluster's links before there are any; kubectl and Flux take an empty list. */
export function newKustomization(cluster: string): string {
  return `# The links of ${cluster}. Made once, and yours from then on: istio-mesh link adds and removes the files that it writes, and leaves the rest.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: []
`;
}

/** A kustomization that is the user's, but for some entries of its resources. */
export class LinksKustomization {
  private readonly document: Document;
  private readonly entries: YAMLSeq;
  private readonly listed: ReadonlySet<string | undefined>;

  /**
   * @param text what its file holds
   * @throws when it is no kustomization whose resources are a list
   */
  constructor(private readonly text: string) {
    this.document = parseDocument(text, { schema: 'failsafe', prettyErrors: false }) as Document; // text alone, which comes back as it stands
    const resources = this.document.errors.length === 0 && this.document.has('kind') ? this.document.get('resources', true) ?? NOTHING : undefined;
    if (!isSeq(resources) && !(isScalar(resources) && resources.value === '') && resources !== NOTHING) {
      throw new Error('is no kustomization whose resources are a list; correct it, or remove it to have it made anew');
    }
    this.entries = isSeq(resources) ? resources : new YAMLSeq();
    this.listed = new Set(this.entries.items.map(fileOf));
  }

  /** Whether a file beside it is among its resources. */
  lists(file: string): boolean {
    return this.listed.has(file);
  }

  /** Its text with more files among the resources, and without some. */
  with(added: readonly string[], removed: readonly string[]): string {
    const missing = added.filter(file => !this.lists(file));
    const kept = this.entries.items.filter(item => !removed.includes(fileOf(item)!));
    if (missing.length === 0 && kept.length === this.entries.items.length) {
      return this.text;
    }
    const document = this.document.clone() as Document;
    const entries = new YAMLSeq();
    Object.assign(entries, { ...this.entries, items: [...kept, ...missing.map(file => document.createNode(file))] });
    entries.flow = this.entries.flow && kept.length > 0;
    document.set('resources', entries);
    return document.toString({ lineWidth: 0, flowCollectionPadding: false, indentSeq: this.isIndented() });
  }

  /** Whether the list stands further to the right than its key. */
  private isIndented(): boolean {
    const [first] = this.entries.items;
    const start = isScalar(first) && !this.entries.flow ? first.range![0] : 0;
    return start - this.text.lastIndexOf('\n', start) - 1 > '- '.length;
  }
}

const NOTHING = Symbol('no resources');

function fileOf(item: unknown): string | undefined {
  return isScalar(item) && typeof item.value === 'string' ? normalize(item.value) : undefined;
}
