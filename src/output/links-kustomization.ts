import { normalize } from 'path-browserify';
import { type Document, isScalar, isSeq, parseDocument, YAMLSeq } from 'yaml';

/** The kustomization of a cluster's links while it has none; kubectl and Flux accept an empty list. */
export function newKustomization(cluster: string): string {
  return `# The remote secrets of ${cluster}. This file is generated only once, and you can edit it:
# istio-mesh link adds and removes its own files, and keeps everything else.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: []
`;
}

/** A kustomization that belongs to the user, except some entries of its resources. */
export class LinksKustomization {
  private readonly document: Document;
  private readonly entries: YAMLSeq;
  private readonly listed: ReadonlySet<string | undefined>;

  /**
   * @param text content of the file
   * @throws when the text is not a kustomization with a list of resources
   */
  constructor(private readonly text: string) {
    // In the failsafe schema all scalars are strings, so the user's values are written back unchanged.
    this.document = parseDocument(text, { schema: 'failsafe', prettyErrors: false }) as Document;
    const resources = this.document.get('resources', true) ?? undefined;
    const isEmpty = resources === undefined || isScalar(resources) && resources.value === '';
    if (this.document.errors.length > 0 || !this.document.has('kind') || !isSeq(resources) && !isEmpty) {
      throw new Error('is not a kustomization with a list of resources; fix it, or remove it to generate a new one');
    }
    this.entries = isSeq(resources) ? resources : new YAMLSeq();
    this.listed = new Set(this.entries.items.map(fileOf));
  }

  /** Whether a file in the same directory is one of the resources. */
  lists(file: string): boolean {
    return this.listed.has(file);
  }

  /** The text with files added to its resources, and others removed from them. */
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

  /** Whether the list is indented more than its key. */
  private isIndented(): boolean {
    const [first] = this.entries.items;
    const start = isScalar(first) && !this.entries.flow ? first.range![0] : 0;
    return start - this.text.lastIndexOf('\n', start) - 1 > '- '.length;
  }
}

function fileOf(item: unknown): string | undefined {
  return isScalar(item) && typeof item.value === 'string' ? normalize(item.value) : undefined;
}
