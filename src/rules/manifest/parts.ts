import { basename, dirname } from 'path-browserify';
import { Use } from './kustomizations';
import { type ClusterManifests, type Manifest, isOperator } from './manifests';
import { type MaybeProblem, type Violation, violations } from '../../core/rule';
import { isMap } from '../../util/map';
import type { Path } from '../../util/path';

/** Whether Flux or envsubst substitutes a part of a string later. */
export function isSubstituted(text: string): boolean {
  return text.includes('${');
}

/** A value at a path in a manifest; the value can be absent. */
export class Part {
  /**
   * @param path its path, which starts with the index of the manifest
   */
  constructor(readonly path: Path, readonly value: unknown) {}

  /** The part at some keys below this one. */
  at(...keys: Path): Part {
    const value = keys.reduce<unknown>((parent, key) => Array.isArray(parent) || isMap(parent)
      ? (parent as { [key: string]: unknown })[key] : undefined, this.value);
    return new Part([...this.path, ...keys], value);
  }

  get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The value, if it is a string that is not empty and not substituted later. */
  get text(): string | undefined {
    return typeof this.value === 'string' && this.value !== '' && !isSubstituted(this.value) ? this.value : undefined;
  }

  /** The last key of its path. */
  get key(): string {
    return String(this.path[this.path.length - 1]);
  }

  /** Its entries, if it is a list. */
  get items(): Part[] {
    return Array.isArray(this.value) ? this.value.map((_, i) => this.at(i)) : [];
  }

  /** Its entries, if it is a map. */
  get entries(): Part[] {
    return isMap(this.value) ? Object.keys(this.value).map(key => this.at(key)) : [];
  }

  /** The problems as violations at this part. */
  found(...problems: readonly MaybeProblem[]): Violation[] {
    return violations(this.path, ...problems);
  }
}

/** The documents of a cluster by how they are used, indexed once for all rules. */
interface DocumentIndex {
  readonly applied: readonly Part[];
  readonly operators: readonly Part[];
  readonly helmValues: readonly Part[];
  readonly kinds: ReadonlyMap<string, readonly Part[]>;
}

function indexOf(cluster: ClusterManifests): DocumentIndex {
  return cluster.memo.once(buildIndex, cluster);
}

function buildIndex({ manifests }: ClusterManifests): DocumentIndex {
  const parts = (isWanted: (manifest: Manifest) => boolean) => manifests.flatMap((manifest, i) =>
    manifest.mistake === undefined && isWanted(manifest) ? [new Part([i], manifest.object)] : []);
  const applied = parts(({ use }) => use === Use.APPLIED);
  const kinds = new Map<string, Part[]>();
  for (const part of applied.filter(({ value }) => isMap(value) && !isOperator(value))) {
    const kind = groupKind(part.value);
    kinds.set(kind, [...kinds.get(kind) ?? [], part]);
  }
  const isValues = ({ file, use, object }: Manifest) => use === Use.INPUT
    && basename(dirname(file)) === 'helm' && isMap(object) && object.kind === undefined;
  const isOperatorFile = ({ use, object }: Manifest) =>
    (use === Use.APPLIED || use === Use.INPUT) && isOperator(object);
  return { applied, kinds, helmValues: parts(isValues), operators: parts(isOperatorFile) };
}

/** Every document that is applied to the API server. */
export function appliedDocuments(cluster: ClusterManifests): readonly Part[] {
  return indexOf(cluster).applied;
}

/** The objects that are applied to the API server. */
export function appliedObjects(cluster: ClusterManifests): Part[] {
  return appliedDocuments(cluster).filter(({ value }) => isMap(value) && !isOperator(value));
}

/** The applied objects of some kinds, e.g. `Secret` and `Gateway.networking.istio.io`. */
export function objectsOf(cluster: ClusterManifests, ...kinds: readonly string[]): readonly Part[] {
  const found = kinds.map(kind => indexOf(cluster).kinds.get(kind) ?? []);
  return found.length === 1 ? found[0] : found.flat();
}

/** The IstioOperators, which are the input of istioctl or wrongly applied. */
export function operatorsOf(cluster: ClusterManifests): readonly Part[] {
  return indexOf(cluster).operators;
}

/** The Helm values for Istio's charts. */
export function helmValuesOf(cluster: ClusterManifests): readonly Part[] {
  return indexOf(cluster).helmValues;
}

/** The manifest that contains a part. */
export function manifestOf(cluster: ClusterManifests, part: Part): Manifest {
  return cluster.manifests[part.path[0] as number];
}

/** Kind and group of an object in the form `Kind.group`. */
export function groupKind(object: unknown): string {
  const { apiVersion, kind } = isMap(object) ? object : {};
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group}`;
}

/** Kind and name of an object, as messages show them. */
export function nameOf(object: Part): string {
  const name = object.at('metadata', 'name').text;
  const { kind } = object.value as { kind?: unknown };
  if (kind === undefined) {
    return 'the values of istiod\'s chart';
  }
  return name === undefined ? `the ${kind} without a name` : `${kind} '${name}'`;
}
