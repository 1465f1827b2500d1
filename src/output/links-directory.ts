import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join, resolve } from 'path';
import { newKustomization } from './links-kustomization';
import { OWNERSHIP_FILE } from './tree-writer';
import type { ClusterModel } from '../definition/mesh-model';
import { hasLinks, LINKS_DIRECTORY } from '../settings/remote-credentials/links';
import { newStaging } from '../util/host/staging';

/** What applies the links of a cluster. */
export const KUSTOMIZATION = 'kustomization.yaml';

/** The links that belong to a tree; not within it, since that is removed and made anew. */
export function linksBeside(outdir: string): string {
  return join(dirname(resolve(outdir)), LINKS_DIRECTORY);
}

/** The links that belong to a mesh file: beside the tree that it lies in, or beside the one that synth would write here. */
export function linksOf(meshFile: string): string {
  const directory = dirname(resolve(meshFile));
  return existsSync(join(directory, OWNERSHIP_FILE)) ? linksBeside(directory) : resolve(LINKS_DIRECTORY);
}

/**
 * Makes what GitOps objects point to for clusters whose links are files, where it is missing; what is there is the user's.
 *
 * @param outdir directory of the tree
 */
export function makeKustomizations(outdir: string, clusters: readonly ClusterModel[]): void {
  const links = linksBeside(outdir);
  if (dirname(links) === tmpdir() && basename(outdir).startsWith('cdk8s-')) {
    return; // `cdk8s synth --stdout` has the tree written here, and removes it
  }
  for (const { name } of clusters.filter(cluster => hasLinks(cluster) && !existsSync(join(links, cluster.name, KUSTOMIZATION)))) {
    const directory = join(links, name);
    withStaging(directory, staging => {
      writeFileSync(join(staging, KUSTOMIZATION), newKustomization(name));
      renameSync(join(staging, KUSTOMIZATION), join(directory, KUSTOMIZATION));
    });
  }
}

/** Gives a function a directory beside another, in which it makes files whole before it gives them their names there. */
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
