import { ArgoCdGitOps, ArgoCdOptions } from './argo-cd';
import { GitOpsMember } from './git-ops-member';

/**
 * The tool that applies the tree from a Git repository.
 */
export abstract class GitOps extends GitOpsMember {
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
}
