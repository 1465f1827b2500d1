import { type Problem, problem } from '../../core/rule';
import { type IntermediateCa, CACERTS_FILES, intermediateCa } from '../../istio/intermediate-ca';
import {
  absolutePath, errorCode, exists, isInside, joinPaths, readText, readTextIfPresent, shownPath,
} from '../../util/host/files';

/** The files of a cluster's intermediate CA. */
export interface ClusterPem {
  /** The CA in the files; undefined if there are none, or one cannot be read. */
  readonly ca?: IntermediateCa;
  /** Why a file cannot be read. */
  readonly unreadable?: Problem;
}

/**
 * A directory with the PEM files of CAs: a root CA, and a directory for the intermediate CA of each cluster.
 *
 * The keys are read for validation and for the Secrets of the clusters. They are never written to the output directory.
 */
export class PemDirectory {
  readonly path: string;

  private readonly clusters = new Map<string, ClusterPem>();

  /**
   * @param from directory where a relative path starts
   */
  constructor(path: string, from: string) {
    this.path = absolutePath(from, path);
  }

  /** Path of a file in it, relative to the working directory if possible. */
  shown(...names: readonly string[]): string {
    return shownPath(joinPaths(this.path, ...names));
  }

  /** Whether it is another directory, or is inside it. */
  isInside(directory: string): boolean {
    return isInside(this.path, directory);
  }

  /** Content of a file at the top of the directory, if it exists. */
  textOf(name: string): string | undefined {
    const path = joinPaths(this.path, name);
    return exists(path) ? readText(path) : undefined;
  }

  /** Discards what was read for a cluster, whose files may have changed. */
  forget(cluster: string): void {
    this.clusters.delete(cluster);
  }

  /** The files of a cluster's intermediate CA, read once. */
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
    for (const name of CACERTS_FILES) {
      try {
        const text = readTextIfPresent(joinPaths(this.path, cluster, name));
        if (text !== undefined) {
          texts.set(name, text);
        }
      } catch (error) {
        const file = this.shown(cluster, name);
        return {
          unreadable: problem(`file '${file}' cannot be read (${errorCode(error)})`,
            'give the current user read access'),
        };
      }
    }
    return texts.size === 0 ? {} : { ca: intermediateCa(texts) };
  }
}
