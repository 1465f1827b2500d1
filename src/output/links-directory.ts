import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join, resolve } from 'path';
import { newKustomization } from './links-kustomization';
import { OWNERSHIP_FILE } from './tree-writer';
import type { ClusterModel } from '../definition/mesh-model';
import { hasLinks, LINKS_DIRECTORY } from '../settings/remote-credentials/links';
import { newStaging } from '../util/host/staging';

/** File name of the kustomization that applies the links of a cluster. */
export const KUSTOMIZATION = 'kustomization.yaml';

/** The links directory of an output directory: next to it, because `cdk8s synth` empties the output directory. */
export function linksNextTo(outdir: string): string {
  return join(dirname(resolve(outdir)), LINKS_DIRECTORY);
}

/** The links directory of a mesh file: next to the file's output directory, or else in the working directory. */
export function linksOf(meshFile: string): string {
  const directory = dirname(resolve(meshFile));
  return existsSync(join(directory, OWNERSHIP_FILE)) ? linksNextTo(directory) : resolve(LINKS_DIRECTORY);
}

/**
 * Creates the missing kustomizations of clusters whose links are files, because the GitOps objects refer to them.
 *
 * @param outdir the output directory
 */
export function createLinksKustomizations(outdir: string, clusters: readonly ClusterModel[]): void {
  const links = linksNextTo(outdir);
  if (dirname(links) === tmpdir() && basename(outdir).startsWith('cdk8s-')) {
    return; // `cdk8s synth --stdout` writes to this temporary directory, and removes it
  }
  const isMissing = ({ name }: ClusterModel) => !existsSync(join(links, name, KUSTOMIZATION));
  for (const { name } of clusters.filter(cluster => hasLinks(cluster) && isMissing(cluster))) {
    const directory = join(links, name);
    withStaging(directory, staging => {
      writeFileSync(join(staging, KUSTOMIZATION), newKustomization(name));
      renameSync(join(staging, KUSTOMIZATION), join(directory, KUSTOMIZATION));
    });
  }
}

/** Calls a function with a temporary directory next to another one, so that complete files can be moved there. */
export function withStaging(directory: string, write: (staging: string) => void): void {
  const staging = newStaging(directory);
  try {
    mkdirSync(directory, { recursive: true });
    mkdirSync(staging);
    write(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
