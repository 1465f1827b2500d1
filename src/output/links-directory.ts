import { newKustomization } from './links-kustomization';
import type { ClusterModel } from '../definition/mesh-model';
import { hasLinkFiles, LINKS_DIRECTORY } from '../settings/remote-credentials/links';
import { absolutePath, directoryOf, exists, isTemporary, joinPaths, nameOf } from '../util/host/files';
import { writeWholeFile } from '../util/host/staging';
import { OWNERSHIP_FILE } from '../util/tree';

/** File name of the kustomization that applies the links of a cluster. */
export const KUSTOMIZATION = 'kustomization.yaml';

/** The links directory of an output directory: next to it, because `cdk8s synth` empties the output directory. */
export function linksNextTo(outdir: string): string {
  return joinPaths(directoryOf(outdir), LINKS_DIRECTORY);
}

/** The links directory of a mesh file: next to the file's output directory, or else in the working directory. */
export function defaultLinksDirectory(meshFile: string): string {
  const directory = directoryOf(meshFile);
  return exists(joinPaths(directory, OWNERSHIP_FILE)) ? linksNextTo(directory) : absolutePath(LINKS_DIRECTORY);
}

/**
 * Creates the missing kustomizations of clusters whose links are files, because the GitOps objects refer to them.
 *
 * @param outdir the output directory
 */
export function createLinksKustomizations(outdir: string, clusters: readonly ClusterModel[]): void {
  const links = linksNextTo(outdir);
  if (isTemporary(outdir) && nameOf(outdir).startsWith('cdk8s-')) {
    return; // `cdk8s synth --stdout` writes to this temporary directory, and removes it
  }
  for (const { name } of clusters.filter(hasLinkFiles)) {
    const directory = joinPaths(links, name);
    if (!exists(joinPaths(directory, KUSTOMIZATION))) {
      writeWholeFile(directory, KUSTOMIZATION, newKustomization(name));
    }
  }
}
