import { Use } from './kustomizations';
import type { ClusterManifests, Manifest } from './manifests';
import { isOperator } from './manifests';
import type { Finding } from '../../core/rule';
import { isMap } from '../../util/map';
import type { Path } from '../../util/path';
import { basename, dirname } from '../../util/posix-path';

/** Whether Flux or envsubst puts something else in the place of a part of some text. */
export function isSubstituted(text: string): boolean {
  return text.includes('${');
}

/** Something in a manifest, and where it stands; it may be missing there. */
export class Part {
  /**
   * @param path starts with the index of the manifest
   */
  constructor(readonly path: Path, readonly value: unknown) {}

  /** What stands under some keys. */
  at(...keys: Path): Part {
    const value = keys.reduce<unknown>((at, key) => Array.isArray(at) || isMap(at) ? (at as { [key: string]: unknown })[key] : undefined, this.value);
    return new Part([...this.path, ...keys], value);
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The value, if it is text that says something already. */
  get text(): string | undefined {
    return typeof this.value === 'string' && this.value !== '' && !isSubstituted(this.value) ? this.value : undefined;
  }

  /** The last of its keys. */
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

  /** A finding here, if there is a problem. */
  found(problem: string | undefined): Finding[] {
    return problem === undefined ? [] : [{ path: this.path, message: problem }];
  }
}

/** The documents of a cluster that are judged, sorted out once for all rules. */
interface Sorted {
  readonly applied: readonly Part[];
  readonly operators: readonly Part[];
  readonly helmValues: readonly Part[];
  readonly kinds: ReadonlyMap<string, readonly Part[]>;
}

const SORTED = new WeakMap<ClusterManifests, Sorted>();

function sorted(cluster: ClusterManifests): Sorted {
  let found = SORTED.get(cluster);
  if (!found) {
    found = sortedOut(cluster);
    SORTED.set(cluster, found);
  }
  return found;
}

function sortedOut({ manifests }: ClusterManifests): Sorted {
  const parts = (isWanted: (manifest: Manifest) => boolean) => manifests.flatMap((manifest, i) => manifest.mistake === undefined && isWanted(manifest)
    ? [new Part([i], manifest.object)] : []);
  const applied = parts(({ use }) => use === Use.APPLIED);
  const kinds = new Map<string, Part[]>();
  for (const part of applied.filter(({ value }) => isMap(value) && !isOperator(value))) {
    const kind = groupKind(part.value);
    const others = kinds.get(kind);
    if (others) {
      others.push(part);
    } else {
      kinds.set(kind, [part]);
    }
  }
  const isValues = ({ file, use, object }: Manifest) => use === Use.INPUT && basename(dirname(file)) === 'helm'
    && isMap(object) && object.kind === undefined;
  const isOperatorFile = ({ use, object }: Manifest) => (use === Use.APPLIED || use === Use.INPUT) && isOperator(object);
  return { applied, kinds, helmValues: parts(isValues), operators: parts(isOperatorFile) };
}

/** Everything that an API server gets. */
export function appliedDocuments(cluster: ClusterManifests): readonly Part[] {
  return sorted(cluster).applied;
}

/** The objects that an API server gets. */
export function appliedObjects(cluster: ClusterManifests): Part[] {
  return appliedDocuments(cluster).filter(({ value }) => isMap(value) && !isOperator(value));
}

/** The objects of some kinds that an API server gets, e.g. `Secret` and `Gateway.networking.istio.io`. */
export function objectsOf(cluster: ClusterManifests, ...kinds: readonly string[]): readonly Part[] {
  const found = kinds.map(kind => sorted(cluster).kinds.get(kind) ?? []);
  return found.length === 1 ? found[0] : found.flat();
}

/** The IstioOperators that istioctl gets. */
export function operatorsOf(cluster: ClusterManifests): readonly Part[] {
  return sorted(cluster).operators;
}

/** The values that Helm gets for Istio's charts. */
export function helmValuesOf(cluster: ClusterManifests): readonly Part[] {
  return sorted(cluster).helmValues;
}

/** The manifest of a part. */
export function manifestOf(cluster: ClusterManifests, part: Part): Manifest {
  return cluster.manifests[part.path[0] as number];
}

/** Kind and group of an object, as Kubernetes writes them together. */
export function groupKind(object: unknown): string {
  const { apiVersion, kind } = isMap(object) ? object : {};
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group}`;
}

/** Kind and name of an object, as messages say them. */
export function nameOf(object: Part): string {
  const name = object.at('metadata', 'name').text;
  const { kind } = object.value as { kind?: unknown };
  if (kind === undefined) {
    return 'the values of istiod\'s chart';
  }
  return name === undefined ? `the ${kind} without a name` : `${kind} '${name}'`;
}
