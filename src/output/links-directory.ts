import { newKustomization } from './links-kustomization';
import type { ClusterModel } from '../definition/mesh-model';
import { hasLinks, LINKS_DIRECTORY } from '../settings/remote-credentials/links';
import { absolutePath, directoryOf, exists, isTemporary, joinPaths, nameOf } from '../util/host/files';
import { writeWholeFile } from '../util/host/staging';
import { OWNERSHIP_FILE } from '../util/tree';

/** What applies the links of a cluster. */
export const KUSTOMIZATION = 'kustomization.yaml';

/** The links that belong to a tree; not within it, since that is removed and made anew. */
export function linksBeside(outdir: string): string {
  return joinPaths(directoryOf(outdir), LINKS_DIRECTORY);
}

/** The links of a mesh file: next to the tree that it is in, or next to the one that synth would write here. */
export function linksOf(meshFile: string): string {
  const directory = directoryOf(meshFile);
  return exists(joinPaths(directory, OWNERSHIP_FILE)) ? linksBeside(directory) : absolutePath(LINKS_DIRECTORY);
}

/**
 * Creates the kustomizations that GitOps objects point to for clusters whose links are files. Existing ones are the user's.
 *
 * @param outdir directory of the tree
 */
export function makeKustomizations(outdir: string, clusters: readonly ClusterModel[]): void {
  const links = linksBeside(outdir);
  if (isTemporary(outdir) && nameOf(outdir).startsWith('cdk8s-')) {
    return; // `cdk8s synth --stdout` has the tree written here, and removes it
  }
  for (const { name } of clusters.filter(hasLinks)) {
    const directory = joinPaths(links, name);
    if (!exists(joinPaths(directory, KUSTOMIZATION))) {
      writeWholeFile(directory, KUSTOMIZATION, newKustomization(name));
    }
  }
}
