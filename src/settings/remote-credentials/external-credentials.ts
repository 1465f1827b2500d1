import type { ExternalDelivery } from './credential-delivery';
import { CredentialsProvider } from './credentials-provider';
import { type MaybeProblem, problem } from '../../core/rule';

/**
 * Where istiod finds kubeconfigs that are managed outside this library.
 */
export interface ExternalCredentialsOptions {
  /**
   * Directory in the container of the peers' istiods that contains a `.yaml` or `.yml` file for each cluster that they
   * read, e.g. from a Vault agent. Variable of istiod: `PILOT_MULTICLUSTER_KUBECONFIG_PATH`, from Istio 1.30 on.
   *
   * istiod takes the cluster's name from the current context of each file, and no longer reads remote secrets. The
   * directory must exist when istiod starts: mount it with `values.pilot.volumes` and `values.pilot.volumeMounts`.
   *
   * @default - Secrets with the label `istio/multiCluster`
   */
  readonly kubeconfigPath?: string;
}

/** Credentials that are managed outside this library. */
export class ExternalCredentials extends CredentialsProvider {
  constructor(private readonly options: ExternalCredentialsOptions | undefined) {
    super('external', options);
  }

  get _delivery(): ExternalDelivery {
    return { kind: 'external', kubeconfigPath: this.options?.kubeconfigPath };
  }

  get _problems(): readonly MaybeProblem[] {
    const path = this.options?.kubeconfigPath;
    return [path !== undefined && pathProblem('external.kubeconfigPath', path, 'directory')];
  }
}

/** What is wrong with a path in the container of istiod. */
export function pathProblem(field: string, path: string, kind: string): MaybeProblem {
  return !/^\/[\w./@:+-]*$/.test(path)
    && problem(`${field} '${path}' is not an absolute path of letters, digits and -_./@:+`,
      `write the path of the ${kind} in the container of istiod`);
}
