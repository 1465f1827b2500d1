import { dirname, join } from 'path-browserify';
import { isMap } from '../../util/map';
import type { Path } from '../../util/path';

/** How a file in the directory of a cluster is used. */
export enum Use {
  /** Its objects are applied to the API server. */
  APPLIED = 'applied',
  /** A program such as istioctl reads it; its objects are not applied. */
  INPUT = 'input',
  /** Kustomize reads it: it is a kustomization, a patch, or a file for a generator. */
  KUSTOMIZE = 'kustomize',
  /** It is next to or below a kustomization, but no kustomization lists it. */
  UNUSED = 'unused',
}

/** Directories whose files are the input of the program with that name. */
const PROGRAMS = ['istioctl', 'helm'];

/** File names of kustomizations. */
export const KUSTOMIZATION = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;

/** A file or directory that a kustomization lists. */
export interface Resource {
  /** Its path in the kustomization. */
  readonly path: Path;
  /** Its text in the kustomization. */
  readonly written: string;
  /** The file or directory, relative to the directory of the cluster; undefined if it is elsewhere. */
  readonly target?: string;
}

/** The files and directories that a kustomization lists. */
export function resourcesOf(file: string, kustomization: unknown): Resource[] {
  return ['resources', 'bases', 'components'].flatMap(field => listAt(kustomization, field).flatMap((written, i) =>
    typeof written === 'string' ? [{ path: [field, i], written, target: targetOf(file, written) }] : []));
}

function listAt(map: unknown, field: string): readonly unknown[] {
  const value = isMap(map) ? map[field] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A URL, a host, or another form that git accepts. */
const REMOTE = /:\/\/|^git@|[?&]ref=|^[^/]+\.[a-z]+\//;

function targetOf(file: string, written: string): string | undefined {
  const path = join(dirname(file), written).replace(/\/$/, '');
  const isOutside = path === '..' || path.startsWith('../') || path.startsWith('/');
  return REMOTE.test(written) || isOutside ? undefined : path;
}

/** The kustomizations in the directory of a cluster, which determine how its files are used. */
export class Kustomizations {
  /** The file of the kustomization in each directory. */
  private readonly directories = new Map<string, string>();
  /** The kustomizations that list the directory of a kustomization. */
  private readonly parents = new Map<string, string[]>();
  /** The first kustomization that lists each file. */
  private readonly listed = new Map<string, string>();
  /** Every path that a kustomization contains, e.g. that of a patch. */
  private readonly mentioned = new Set<string>();

  /**
   * @param kustomizations data of each kustomization by its file
   */
  constructor(private readonly kustomizations: ReadonlyMap<string, unknown>) {
    kustomizations.forEach((_, file) => this.directories.set(dirname(file), file));
    kustomizations.forEach((data, file) => {
      strings(data).forEach(text => this.mentioned.add(targetOf(file, text.replace(/^[\w.-]+=/, '')) ?? ''));
      for (const { target } of resourcesOf(file, data)) {
        const child = target !== undefined && this.directories.get(target);
        if (child) {
          this.parents.set(child, [...this.parents.get(child) ?? [], file]);
        } else if (target !== undefined && !this.listed.has(target)) {
          this.listed.set(target, file);
        }
      }
    });
  }

  /** How a file is used. */
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
    if (this.mentioned.has(file)) {
      return Use.KUSTOMIZE;
    }
    return this.isBelowKustomization(file) ? Use.UNUSED : Use.APPLIED;
  }

  /** The kustomization that lists a file or, for the file of a kustomization, its directory. */
  listedBy(file: string): string | undefined {
    return this.listed.get(file) ?? this.parents.get(file)?.[0];
  }

  /** The namespace that kustomize sets in the objects of a file, if any; the outermost kustomization wins. */
  namespace(file: string | undefined, seen: readonly string[] = []): string | undefined {
    const parent = file === undefined || seen.includes(file) ? undefined : this.listedBy(file);
    if (parent === undefined) {
      return undefined;
    }
    const data = this.kustomizations.get(parent);
    const namespace = isMap(data) && typeof data.namespace === 'string' ? data.namespace : undefined;
    return this.namespace(parent, [...seen, file!]) ?? namespace;
  }

  /** Whether a directory has a kustomization. */
  has(directory: string): boolean {
    return this.directories.has(directory);
  }

  /** Whether the directory of a file, or one of its parents, has a kustomization. */
  private isBelowKustomization(file: string): boolean {
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

/** Every string in some data. */
function strings(data: unknown): string[] {
  if (typeof data === 'string') {
    return [data];
  }
  const entries = isMap(data) ? Object.values(data) : data;
  return Array.isArray(entries) ? entries.flatMap(strings) : [];
}
