import type { Documents } from './documents';
import { DocumentTexts, unreadable } from './documents';
import { KUSTOMIZATION, Kustomizations, Use } from './kustomizations';
import type { Position } from './positions';
import type { Place } from '../../core/diagnostic';
import { errorCode, nameOf, pathsBelow, readBytes } from '../../util/host/files';
import { isMap } from '../../util/map';
import type { Path } from '../../util/path';
import { dirname } from '../../util/posix-path';

/** One Kubernetes object of a cluster's directory, or a document that should be one. */
export interface Manifest {
  /** Its file below the cluster's directory. */
  readonly file: string;
  readonly use: Use;
  /** Plain data; undefined for a file that cannot be read. */
  readonly object: any;
  /** Why its file cannot be read. */
  readonly mistake?: string;
  /** The place of some keys in it. */
  place(path: Path): Place;
  /** A scalar as its author wrote it. */
  source(path: Path): string | undefined;
}

/** What is in the directory of one cluster. */
export interface ClusterManifests {
  /** Name of the directory. */
  readonly name: string;
  /** Every file that a manifest or a kustomization may be in, below the directory. */
  readonly files: readonly string[];
  readonly kustomizations: Kustomizations;
  /** Every document of those files; the path of a finding starts with the index of one. */
  readonly manifests: readonly Manifest[];
}

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * Everything in the directory of a cluster, whoever wrote it.
 *
 * @param texts what was read already: clusters have many files that are alike
 * @throws when there is no such directory
 */
export function readClusterManifests(directory: string, texts = new DocumentTexts()): ClusterManifests {
  const files = new Map<string, Documents>();
  for (const path of pathsBelow(directory).filter(isManifestFile).sort()) {
    const content = contentOf(`${directory}/${path}`);
    if (content !== undefined) {
      files.set(path, typeof content === 'string' ? unreadable(content) : texts.of(content));
    }
  }
  return clusterManifests(directory, files);
}

/**
 * The same of files that are not on disk, or not yet.
 *
 * @param directory as messages show it
 * @param files text of each file, by its path below the directory
 */
export function manifestsOf(directory: string, files: ReadonlyMap<string, string>, texts = new DocumentTexts()): ClusterManifests {
  return clusterManifests(directory, new Map([...files].filter(([path]) => isManifestFile(path)).map(([path, text]) => [path, texts.of(text)])));
}

/** Files of editors and of git begin with a dot. */
function isManifestFile(path: string): boolean {
  return (MANIFEST.test(path) || KUSTOMIZATION.test(path)) && !path.split('/').some(name => name.startsWith('.'));
}

/** What a file holds, or why it cannot be read; undefined for a directory. */
function contentOf(file: string): Uint8Array | string | undefined {
  try {
    return readBytes(file);
  } catch (error) {
    const code = errorCode(error);
    return code === 'EISDIR' ? undefined : code === 'ENOENT' ? 'the file is a link to one that is not there; remove it, or repair the link' : `the file cannot be read: ${(error as Error).message}`;
  }
}

function clusterManifests(directory: string, files: ReadonlyMap<string, Documents>): ClusterManifests {
  const ofKustomize = [...files].filter(([file]) => KUSTOMIZATION.test(file));
  const kustomizations = new Kustomizations(new Map(ofKustomize.map(([file, { data }]) => [file, data[0]])));
  const shown = directory.replace(/(?<=.)\/+$/, '');
  const manifests = [...files].flatMap(([file, documents]) => manifestsIn(`${shown}/${file}`, file, documents, kustomizations));
  return { name: nameOf(directory), files: [...files.keys()], kustomizations, manifests: withOperatorsKept(manifests, kustomizations) };
}

function manifestsIn(shown: string, file: string, { data, mistake, place }: Documents, kustomizations: Kustomizations): Manifest[] {
  const use = kustomizations.use(file);
  const at = ({ line, column }: Position): Place => ({ file: shown, line, column });
  if (mistake) {
    return [{ file, use, object: undefined, mistake: mistake.message, place: () => at(mistake), source: () => undefined }];
  }
  const namespace = kustomizations.namespace(file);
  return data.flatMap((document, number) => unfolded(document).map(({ object, within }) => ({
    file,
    use,
    object: namespace === undefined ? object : inNamespace(object, namespace),
    place: (path: Path) => ({ ...at(place(number, [...within, ...path])), object: title(object), path }),
    source: (path: Path) => place(number, [...within, ...path]).source,
  })));
}

/** The objects of a document: those of a `List`, one by one. */
function unfolded(document: unknown): Array<{ object: unknown; within: Path }> {
  if (document === null || document === undefined) {
    return [];
  }
  return isMap(document) && typeof document.kind === 'string' && document.kind.endsWith('List') && Array.isArray(document.items)
    ? document.items.map((object, i) => ({ object, within: ['items', i] }))
    : [{ object: document, within: [] }];
}

function inNamespace(object: unknown, namespace: string): unknown {
  return isMap(object) ? { ...object, metadata: { ...isMap(object.metadata) && object.metadata, namespace } } : object;
}

/** Kind and name of an object. */
function title(object: unknown): string | undefined {
  const { kind, metadata } = isMap(object) ? object : {};
  const name = isMap(metadata) && typeof metadata.name === 'string' ? ` '${metadata.name}'` : '';
  return typeof kind === 'string' ? kind + name : undefined;
}

/** Whether some data is an IstioOperator: istioctl looks at its kind alone. */
export function isOperator(object: unknown): boolean {
  return isMap(object) && object.kind === 'IstioOperator';
}

/** An IstioOperator that nobody asked to apply is input of istioctl, wherever it lies. */
function withOperatorsKept(manifests: readonly Manifest[], kustomizations: Kustomizations): Manifest[] {
  const withObjects = new Set(manifests.filter(({ object }) => !isOperator(object)).map(({ file }) => dirname(file)));
  return manifests.map(manifest => {
    const { file, use, object } = manifest;
    const isKept = isOperator(object) && kustomizations.lister(file) === undefined && (use === Use.UNUSED || !withObjects.has(dirname(file)));
    return isKept ? { ...manifest, use: Use.INPUT } : manifest;
  });
}
