import { LineCounter } from 'yaml';
import { ProblemError } from '../core/rule';
import { filesMatching, readText, relativePath } from '../util/host/files';
import { documentsIn } from '../util/kubernetes-yaml';
import { isMap } from '../util/map';
import { NodeReader } from '../util/yaml-nodes';

/** The user's own manifests by glob; each file is read once for all clusters. */
export class ResourceFiles {
  private readonly objects = new Map<string, Manifest[]>();

  /** @param directory directory that relative globs start from */
  constructor(private readonly directory: string) {
  }

  /**
   * The objects of the files that a glob matches, in the order of their paths.
   *
   * @throws when the glob matches no file, or a file is not a manifest
   */
  matching(glob: string): Manifest[] {
    const files = filesMatching(glob, this.directory);
    if (files.length === 0) {
      throw new ProblemError(`resources has '${glob}', which matches no file below '${this.directory}'`,
        'correct it, or remove it');
    }
    return files.flatMap(file => this.read(file));
  }

  private read(file: string): Manifest[] {
    let objects = this.objects.get(file);
    if (!objects) {
      objects = manifests(file, relativePath(this.directory, file));
      this.objects.set(file, objects);
    }
    return objects;
  }
}

/** A Kubernetes object of the user. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function manifests(file: string, shown: string): Manifest[] {
  const lineCounter = new LineCounter();
  const values = documentsIn(readText(file), { lineCounter }).map(document => {
    const reader = new NodeReader(document, 'manifest');
    const value = reader.read();
    const [mistake] = [...document.errors.map(({ pos, message }) => [pos[0], message] as const), ...reader.mistakes];
    if (mistake) {
      const [offset, message] = mistake;
      const { line, col } = lineCounter.linePos(offset);
      const reason = message[0].toLowerCase() + message.slice(1);
      throw new Error(`resources: file '${shown}' is not valid YAML at line ${line}, column ${col}: ${reason}`);
    }
    return value;
  });
  return values.filter(value => value !== null).flatMap(items).map((value, i) => {
    if (!isManifest(value)) {
      throw new ProblemError(`resources: object ${i + 1} of file '${shown}' is not a Kubernetes manifest`,
        'add apiVersion, kind and metadata.name');
    }
    return value;
  });
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = isMap(value) ? value : {};
  return typeof apiVersion === 'string' && typeof kind === 'string' && isMap(metadata)
    && typeof metadata.name === 'string';
}

/** The objects in a `kind: List`, which kubectl accepts too. */
function items(value: unknown): unknown[] {
  return isMap(value) && value.kind === 'List' && Array.isArray(value.items) ? value.items : [value];
}
