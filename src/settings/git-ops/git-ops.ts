import { ArgoCdGitOps } from './argo-cd';
import type { ArgoCdOptions } from './argo-cd-options';
import { FluxGitOps } from './flux';
import type { FluxOptions } from './flux-options';
import { GitOpsProvider } from './git-ops-provider';

/**
 * The tool that applies the output directory from a Git repository.
 */
export abstract class GitOps extends GitOpsProvider {
  /**
   * Argo CD: an AppProject, and an Application for each cluster, in `argocd/`.
   *
   * Objects are applied in waves that follow the steps. Objects that must survive a mistake in the repository are not
   * pruned.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/
   */
  static argoCd(options: ArgoCdOptions): GitOps {
    return new ArgoCdGitOps(options);
  }

  /**
   * Flux: a Kustomization for each step of each cluster.
   *
   * The Flux of each cluster applies `flux/<cluster>/`. With `kubeConfig`, one Flux in a hub cluster applies `flux/`. A
   * step is applied when the steps before it are ready, up to the control plane. Objects that must survive a mistake in
   * the repository are not pruned.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  static flux(options?: FluxOptions): GitOps {
    return new FluxGitOps(options);
  }
}
