import { dirname } from 'path-browserify';
import { type Documents, readDocuments, unreadable } from './documents';
import { KUSTOMIZATION, Kustomizations, Use } from './kustomizations';
import type { Position } from './positions';
import type { Place } from '../../core/diagnostic';
import { type Problem, problem } from '../../core/rule';
import { errorCode, nameOf, pathsBelow, readBytes } from '../../util/host/files';
import { isMap } from '../../util/map';
import { Memo } from '../../util/memo';
import type { Path } from '../../util/path';

/** A Kubernetes object in the directory of a cluster, or a document that should be one. */
export interface Manifest {
  /** Its file, relative to the directory of the cluster. */
  readonly file: string;
  readonly use: Use;
  /** The object as plain data; undefined if its file cannot be read. */
  readonly object: any;
  /** Why its file cannot be read. */
  readonly mistake?: Problem;
  /** The place of a path in it. */
  place(path: Path): Place;
  /** The text of a scalar in the file. */
  source(path: Path): string | undefined;
}

/** The contents of the directory of one cluster. */
export interface ClusterManifests {
  /** Name of the directory. */
  readonly name: string;
  /** Every file that can contain manifests or a kustomization, relative to the directory. */
  readonly files: readonly string[];
  readonly kustomizations: Kustomizations;
  /** Every document in those files; the path of a violation starts with the index of one. */
  readonly manifests: readonly Manifest[];
  /** Results that the rules share. */
  readonly memo: Memo;
}

const MANIFEST = /\.(ya?ml|json)$/;

/**
 * Reads all manifests in the directory of a cluster, whichever tool wrote them.
 *
 * @param memo what was computed for other clusters of the run, many of which have the same files
 * @throws if the directory does not exist
 */
export function readClusterManifests(directory: string, memo = new Memo()): ClusterManifests {
  const files = new Map<string, Documents>();
  for (const path of pathsBelow(directory).filter(isManifestFile).sort()) {
    const content = contentOf(`${directory}/${path}`);
    if (content !== undefined) {
      files.set(path, content instanceof Uint8Array ? readDocuments(content, memo) : unreadable(content));
    }
  }
  return clusterManifests(directory, files, memo);
}

/**
 * The manifests in files that are not on disk.
 *
 * @param directory the directory, as messages show it
 * @param files text of each file, by its path relative to the directory
 * @param memo what was computed for other clusters of the run
 */
export function manifestsOf(
  directory: string, files: ReadonlyMap<string, string>, memo = new Memo(),
): ClusterManifests {
  const documents = [...files].filter(([path]) => isManifestFile(path))
    .map(([path, text]) => [path, readDocuments(text, memo)] as const);
  return clusterManifests(directory, new Map(documents), memo);
}

/** Whether a file can contain manifests or a kustomization; files of editors and of git start with a dot. */
function isManifestFile(path: string): boolean {
  return (MANIFEST.test(path) || KUSTOMIZATION.test(path)) && !path.split('/').some(name => name.startsWith('.'));
}

/** The content of a file, or the reason why it cannot be read; undefined for a directory. */
function contentOf(file: string): Uint8Array | Problem | undefined {
  try {
    return readBytes(file);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EISDIR') {
      return undefined;
    }
    return code === 'ENOENT'
      ? problem('the file is a symbolic link to a file that does not exist', 'remove it, or correct the link')
      : problem(`the file cannot be read: ${(error as Error).message}`);
  }
}

function clusterManifests(
  directory: string, files: ReadonlyMap<string, Documents>, memo: Memo,
): ClusterManifests {
  const kustomizationFiles = [...files].filter(([file]) => KUSTOMIZATION.test(file));
  const kustomizations = new Kustomizations(new Map(kustomizationFiles.map(([file, { data }]) => [file, data[0]])));
  const shown = directory.replace(/(?<=.)\/+$/, '');
  const manifests = [...files].flatMap(([file, documents]) =>
    manifestsIn(`${shown}/${file}`, file, documents, kustomizations));
  return {
    name: nameOf(directory),
    files: [...files.keys()],
    kustomizations,
    manifests: withOperatorsAsInput(manifests, kustomizations),
    memo,
  };
}

/** @param shown the file, as messages show it */
function manifestsIn(
  shown: string, file: string, { data, mistake, place }: Documents, kustomizations: Kustomizations,
): Manifest[] {
  const use = kustomizations.use(file);
  const at = ({ line, column }: Position): Place => ({ file: shown, line, column });
  if (mistake) {
    const { problem: reason, position } = mistake;
    return [{ file, use, object: undefined, mistake: reason, place: () => at(position), source: () => undefined }];
  }
  const namespace = kustomizations.namespace(file);
  return data.flatMap((document, number) => objectsIn(document).map(({ object, within }) => ({
    file,
    use,
    object: namespace === undefined ? object : inNamespace(object, namespace),
    place: (path: Path) => ({ ...at(place(number, [...within, ...path])), object: titleOf(object), path }),
    source: (path: Path) => place(number, [...within, ...path]).source,
  })));
}

/** The objects of a document, which are the items of a `List`, each with its path in the document. */
function objectsIn(document: unknown): Array<{ object: unknown; within: Path }> {
  if (document === null || document === undefined) {
    return [];
  }
  const { kind, items } = isMap(document) ? document : {};
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? items.map((object, i) => ({ object, within: ['items', i] }))
    : [{ object: document, within: [] }];
}

function inNamespace(object: unknown, namespace: string): unknown {
  return isMap(object) ? { ...object, metadata: { ...isMap(object.metadata) && object.metadata, namespace } } : object;
}

/** Kind and name of an object, if it has a kind. */
function titleOf(object: unknown): string | undefined {
  const { kind, metadata } = isMap(object) ? object : {};
  const name = isMap(metadata) && typeof metadata.name === 'string' ? ` '${metadata.name}'` : '';
  return typeof kind === 'string' ? kind + name : undefined;
}

/** Whether data is an IstioOperator; istioctl also checks only the kind. */
export function isOperator(object: unknown): boolean {
  return isMap(object) && object.kind === 'IstioOperator';
}

/** Marks IstioOperators as the input of istioctl, unless a kustomization or a directory of other objects has them. */
function withOperatorsAsInput(manifests: readonly Manifest[], kustomizations: Kustomizations): Manifest[] {
  const others = manifests.filter(({ object }) => !isOperator(object));
  const directoriesWithOthers = new Set(others.map(({ file }) => dirname(file)));
  return manifests.map(manifest => {
    const { file, use, object } = manifest;
    const isApart = use === Use.UNUSED || !directoriesWithOthers.has(dirname(file));
    const isInput = isOperator(object) && kustomizations.listedBy(file) === undefined && isApart;
    return isInput ? { ...manifest, use: Use.INPUT } : manifest;
  });
}
