import { ArgoCdGitOps } from './argo-cd';
import type { ArgoCdOptions } from './argo-cd-options';
import { FluxGitOps } from './flux';
import type { FluxOptions } from './flux-options';
import { GitOpsProvider } from './git-ops-provider';

/**
 * The tool that applies the tree from a Git repository.
 */
export abstract class GitOps extends GitOpsProvider {
  /**
   * Argo CD: an AppProject, and an Application for each cluster, in `argocd/`.
   *
   * Objects are applied in waves that follow the steps, and what must outlive a mistake is not pruned.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/
   */
  static argoCd(options: ArgoCdOptions): GitOps {
    return new ArgoCdGitOps(options);
  }

  /**
   * Flux: a Kustomization for each step of each cluster, in `flux/<cluster>/`, to which the Flux of that cluster is pointed; or one Flux in a
   * hub, to `flux/`, with `kubeConfig`.
   *
   * A step is applied when those before it are ready, up to the control plane; and what must outlive a mistake is not pruned.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  static flux(options?: FluxOptions): GitOps {
    return new FluxGitOps(options);
  }
}
