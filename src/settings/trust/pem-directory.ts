import { existsSync, readFileSync, statSync } from 'fs';
import { join, resolve, sep } from 'path';
import { AUTHORITY_FILES } from '../../istio/signing-authority';
import { shownPath } from '../../util/host/shown-path';

/**
 * What there is of a cluster's authority: text alone, since the public types lead here, and users need not have those
 * of Node.
 */
export interface ClusterPem {
  /** Text of its files by their names; undefined where nobody made one yet, or one cannot be read. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Why it cannot be read. */
  readonly unreadable?: string;
}

/**
 * A directory with the PEM files of signing authorities: a root, and a directory below it for each cluster.
 *
 * Its keys are read to be judged and to be brought to the clusters, and nothing of it is ever written to the tree.
 */
export class PemDirectory {
  readonly path: string;

  private readonly clusters = new Map<string, ClusterPem>();

  /**
   * @param from directory that a relative path starts from
   */
  constructor(path: string, from: string) {
    this.path = resolve(from, path);
  }

  /** Path of something below, as a user in the working directory may paste it. */
  shown(...names: readonly string[]): string {
    return shownPath(join(this.path, ...names));
  }

  /** Whether it is another directory, or somewhere below that. */
  isInside(directory: string): boolean {
    return `${this.path}${sep}`.startsWith(`${resolve(directory)}${sep}`);
  }

  /** What a file at the top of the directory holds, if it is there. */
  textOf(name: string): string | undefined {
    const path = join(this.path, name);
    return existsSync(path) ? readFileSync(path, 'utf-8') : undefined;
  }

  /** Says that there may be more of a cluster's authority now. */
  forget(cluster: string): void {
    this.clusters.delete(cluster);
  }

  /** What there is of a cluster's authority, read once. */
  of(cluster: string): ClusterPem {
    let pem = this.clusters.get(cluster);
    if (!pem) {
      pem = this.read(cluster);
      this.clusters.set(cluster, pem);
    }
    return pem;
  }

  private read(cluster: string): ClusterPem {
    const texts = new Map<string, string>();
    for (const name of AUTHORITY_FILES) {
      try {
        const path = join(this.path, cluster, name);
        if (statSync(path, { throwIfNoEntry: false })) {
          texts.set(name, readFileSync(path, 'utf-8'));
        }
      } catch (error) {
        return { unreadable: `file '${this.shown(cluster, name)}' cannot be read (${(error as NodeJS.ErrnoException).code}); let whoever runs this read it` };
      }
    }
    return texts.size === 0 ? {} : { texts };
  }
}
