import { Lazy } from 'cdk8s';
import type { DeliveredCluster } from './delivery';
import type { FluxSettings } from './flux-settings';
import type { HelmRelease } from '../installer/helm-release';

/**
 * Spec of the HelmRelease from which Flux installs a release.
 *
 * @param repository name of the HelmRepository
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export function helmReleaseSpec(
  settings: FluxSettings, cluster: DeliveredCluster, release: HelmRelease, repository: string,
): object {
  const { releaseName, chart, version, namespace, createNamespace, wait } = release;
  const run = { crds: 'CreateReplace', ...!wait && { disableWait: true } };
  return {
    ...settings.destination(cluster),
    interval: settings.interval,
    timeout: settings.timeout,
    releaseName,
    targetNamespace: namespace,
    storageNamespace: namespace,
    chart: { spec: { chart, version, sourceRef: { kind: 'HelmRepository', name: repository } } },
    install: { ...run, ...createNamespace && { createNamespace }, remediation: { retries: -1 } },
    upgrade: { ...run, remediation: { retries: 3 } },
    driftDetection: { mode: 'enabled', ignore: UPDATED_BY_ISTIOD },
    values: Lazy.any({ produce: () => release.values }),
  };
}

/**
 * Fields that istiod updates, which are no drift: the failure policy of its validating webhook, once it is ready.
 *
 * istiod also sets the certificates of webhooks, but the charts do not contain these fields.
 */
const UPDATED_BY_ISTIOD = [
  { target: { kind: 'ValidatingWebhookConfiguration' }, paths: ['/webhooks/0/failurePolicy'] },
];

/** End of the name of the HelmRepository for a URL. */
export function repositorySuffix(url: string): string {
  return url.replace(/^\w+:\/\//, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '');
}

/** Spec of the HelmRepository for a URL. */
export function repositorySpec(settings: FluxSettings, url: string): object {
  return { interval: settings.interval, ...url.startsWith('oci://') && { type: 'oci' }, url };
}
