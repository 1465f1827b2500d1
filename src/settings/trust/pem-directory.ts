import { AUTHORITY_FILES } from '../../istio/signing-authority';
import {
  absolutePath, errorCode, exists, isInside, joinPaths, readText, readTextIfPresent, shownPath,
} from '../../util/host/files';

/** The files of a cluster's authority, as text: the public types lead here, and users need not have the types of Node. */
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
    this.path = absolutePath(from, path);
  }

  /** Path of something below, as a user in the working directory may paste it. */
  shown(...names: readonly string[]): string {
    return shownPath(joinPaths(this.path, ...names));
  }

  /** Whether it is another directory, or somewhere below that. */
  isInside(directory: string): boolean {
    return isInside(this.path, directory);
  }

  /** What a file at the top of the directory holds, if it is there. */
  textOf(name: string): string | undefined {
    const path = joinPaths(this.path, name);
    return exists(path) ? readText(path) : undefined;
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
        const text = readTextIfPresent(joinPaths(this.path, cluster, name));
        if (text !== undefined) {
          texts.set(name, text);
        }
      } catch (error) {
        const file = this.shown(cluster, name);
        return { unreadable: `file '${file}' cannot be read (${errorCode(error)}); let whoever runs this read it` };
      }
    }
    return texts.size === 0 ? {} : { texts };
  }
}
