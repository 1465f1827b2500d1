import { CredentialsProvider } from './credentials-provider';

/**
 * Where istiod finds the kubeconfigs that somebody else brings.
 */
export interface ExternalCredentialsOptions {
  /**
   * Directory in the container of the peers' istiods that holds a `.yaml` or `.yml` file for each cluster that they read, e.g. from an agent
   * of Vault. Variable of istiod: `PILOT_MULTICLUSTER_KUBECONFIG_PATH`, from Istio 1.30 on.
   *
   * istiod takes the cluster's name from the current context of each file, and reads no remote Secrets any more. The directory must be
   * there when it starts: mount it with `values.pilot.volumes` and `values.pilot.volumeMounts`.
   *
   * @default - in Secrets with the label `istio/multiCluster`
   */
  readonly kubeconfigPath?: string;
}

/** Credentials that somebody else brings. */
export class ExternalCredentials extends CredentialsProvider {
  constructor(private readonly options?: ExternalCredentialsOptions) {
    super('external', options);
  }

  get _isExternal(): boolean {
    return true;
  }

  get _kubeconfigPath(): string | undefined {
    return this.options?.kubeconfigPath;
  }

  get _problems(): string[] {
    const path = this._kubeconfigPath;
    return path === undefined ? [] : pathProblems('external.kubeconfigPath', path, 'directory');
  }
}

/** Why something in the container of istiod has no such path. */
export function pathProblems(field: string, path: string, kind: string): string[] {
  return /^\/[\w./@:+-]*$/.test(path) ? []
    : [`${field} '${path}' is no absolute path; give that of a ${kind} in the container of istiod, of letters, digits and -_./@:+`];
}
