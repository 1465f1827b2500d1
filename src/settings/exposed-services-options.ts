/**
 * What an east-west gateway exposes.
 */
export interface ExposedServicesOptions {
  /**
   * Host names of the services, with `*.` for all below a domain, e.g. `*.prod.svc.cluster.local`.
   *
   * Gateway field: `spec.servers[].hosts`.
   *
   * @default - every service: `*.local`, or `*.` and the cluster domain where that does not end in `.local`
   */
  readonly hosts?: string[];
}

/** What is exposed where nothing is said: every service of the cluster domain. */
export function exposedHosts(clusterDomain: string): string[] {
  return [`*.${clusterDomain.endsWith('.local') ? 'local' : clusterDomain}`];
}
