import { isMap } from '../../util/map';
import type { Path } from '../../util/path';
import { dirname, join } from '../../util/posix-path';

/** What becomes of a file of a cluster's directory. */
export enum Use {
  /** An API server gets its objects. */
  APPLIED = 'applied',
  /** A program reads it, e.g. istioctl; no API server gets it. */
  INPUT = 'input',
  /** Kustomize reads it: a kustomization, a patch, the values of a generator. */
  KUSTOMIZE = 'kustomize',
  /** It lies beside kustomizations of which none names it. */
  UNUSED = 'unused',
}

/** Directories below a cluster whose files are input of the program of that name. */
const PROGRAMS = ['istioctl', 'helm'];

/** Names under which kustomize looks for its file. */
export const KUSTOMIZATION = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;

/** What a kustomization names of files and directories to apply, and where. */
export interface Resource {
  readonly path: Path;
  readonly written: string;
  /** What it names, below the cluster's directory; undefined for what is elsewhere. */
  readonly target?: string;
}

/** What a kustomization applies. */
export function resourcesOf(file: string, kustomization: unknown): Resource[] {
  return ['resources', 'bases', 'components'].flatMap(field => list(kustomization, field).flatMap((written, i) => typeof written === 'string'
    ? [{ path: [field, i], written, target: target(file, written) }]
    : []));
}

function list(map: unknown, field: string): readonly unknown[] {
  const value = isMap(map) ? map[field] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A host, or what git takes for one. */
const REMOTE = /:\/\/|^git@|[?&]ref=|^[^/]+\.[a-z]+\//;

function target(file: string, written: string): string | undefined {
  const path = join(dirname(file), written).replace(/\/$/, '');
  return REMOTE.test(written) || path === '..' || path.startsWith('../') || path.startsWith('/') ? undefined : path;
}

/** The kustomizations of a cluster's directory, and what becomes of its files by them. */
export class Kustomizations {
  /** The file of the kustomization of each directory. */
  private readonly directories = new Map<string, string>();
  private readonly parents = new Map<string, string[]>();
  private readonly listed = new Map<string, string>();
  private readonly mentioned = new Set<string>();

  /**
   * @param kustomizations data of each kustomization by its file
   */
  constructor(private readonly kustomizations: ReadonlyMap<string, unknown>) {
    kustomizations.forEach((_, file) => this.directories.set(dirname(file), file));
    kustomizations.forEach((data, file) => {
      strings(data).forEach(text => this.mentioned.add(target(file, text.replace(/^[\w.-]+=/, '')) ?? ''));
      for (const { target: path } of resourcesOf(file, data)) {
        const child = path !== undefined && this.directories.get(path);
        if (child) {
          this.parents.set(child, [...this.parents.get(child) ?? [], file]);
        } else if (path !== undefined && !this.listed.has(path)) {
          this.listed.set(path, file);
        }
      }
    });
  }

  use(file: string): Use {
    if (KUSTOMIZATION.test(file)) {
      return Use.KUSTOMIZE;
    }
    if (this.listed.has(file) || this.listed.has(dirname(file))) {
      return Use.APPLIED;
    }
    if (file.split('/').slice(0, -1).some(directory => PROGRAMS.includes(directory))) {
      return Use.INPUT;
    }
    return this.mentioned.has(file) ? Use.KUSTOMIZE : this.isBelowOne(file) ? Use.UNUSED : Use.APPLIED;
  }

  /** The kustomization that lists a file or, for one of a kustomization itself, that lists its directory. */
  lister(file: string): string | undefined {
    return this.listed.get(file) ?? this.parents.get(file)?.[0];
  }

  /** The namespace that kustomize gives to the objects of a file, if it gives one: the outermost wins. */
  namespace(file: string | undefined, seen: readonly string[] = []): string | undefined {
    const lister = file === undefined || seen.includes(file) ? undefined : this.lister(file);
    const own = lister === undefined ? undefined : this.kustomizations.get(lister);
    return lister === undefined ? undefined
      : this.namespace(lister, [...seen, file!]) ?? (isMap(own) && typeof own.namespace === 'string' ? own.namespace : undefined);
  }

  /** Whether a directory has a kustomization. */
  has(directory: string): boolean {
    return this.directories.has(directory);
  }

  /** Whether the directory of a file, or one above it, has a kustomization. */
  private isBelowOne(file: string): boolean {
    for (let directory = dirname(file); ; directory = dirname(directory)) {
      if (this.has(directory)) {
        return true;
      }
      if (directory === '.') {
        return false;
      }
    }
  }
}

/** Every text in some data. */
function strings(data: unknown): string[] {
  return typeof data === 'string' ? [data]
    : Array.isArray(data) ? data.flatMap(strings)
      : isMap(data) ? Object.values(data).flatMap(strings) : [];
}
