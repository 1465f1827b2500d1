import type { ArgoCdOptions } from './argo-cd-options';

/** What differs between Applications. */
interface ApplicationParts {
  readonly project: string;
  readonly name: string;
  /** Name of the cluster in Argo CD. */
  readonly destination: string;
  readonly namespace: string;
}

/**
 * Fields of webhooks that istiod updates, in its own and those of revision tags. The objects are selected by kind,
 * since their names contain the revision. The webhooks are selected by name, so that those of users are not ignored.
 */
const IGNORED = [
  ignored('MutatingWebhookConfiguration', '.clientConfig.caBundle'),
  ignored('ValidatingWebhookConfiguration', '.clientConfig.caBundle', '.failurePolicy'),
];

/** Each sync keeps the ignored fields as they are: otherwise it would reset the failure policy that istiod has set. */
const SYNC_OPTIONS = ['ServerSideApply=true', 'SkipDryRunOnMissingResource=true', 'RespectIgnoreDifferences=true'];

/** Eight minutes in total, so that an operator that is started at the same time can become ready. */
const RETRY = { limit: 5, backoff: { duration: '10s', factor: 3, maxDuration: '3m' } };

/** An Application without its sources. */
export function application(options: ArgoCdOptions, { project, name, destination, namespace }: ApplicationParts) {
  return {
    metadata: { name, ...options.cascade && { finalizers: ['resources-finalizer.argocd.argoproj.io'] } },
    spec: {
      project,
      destination: { name: destination, namespace },
      ignoreDifferences: IGNORED,
      syncPolicy: {
        ...(options.automated ?? true) && { automated: { prune: true, selfHeal: true } },
        retry: RETRY,
        syncOptions: SYNC_OPTIONS,
      },
    },
  };
}

function ignored(kind: string, ...fields: readonly string[]): object {
  return {
    group: 'admissionregistration.k8s.io',
    kind,
    jqPathExpressions: fields.map(field => `.webhooks[]? | select(.name | endswith(".istio.io")) | ${field}`),
  };
}
