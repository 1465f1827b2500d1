import type { ArgoCdOptions } from './argo-cd-options';

/** What differs between Applications. */
interface ApplicationParts {
  readonly project: string;
  readonly name: string;
  /** Name by which Argo CD knows the cluster. */
  readonly destination: string;
  readonly namespace: string;
}

/**
 * What istiod changes in webhooks, its own and those of revision tags: by kind, since their names have the revision, and by the webhook, so
 * that a user's own are left alone.
 */
const IGNORED = [
  ignored('MutatingWebhookConfiguration', '.clientConfig.caBundle'),
  ignored('ValidatingWebhookConfiguration', '.clientConfig.caBundle', '.failurePolicy'),
];

/** With what is ignored kept as it is at each sync: otherwise one would open the validation that istiod has closed. */
const SYNC_OPTIONS = ['ServerSideApply=true', 'SkipDryRunOnMissingResource=true', 'RespectIgnoreDifferences=true'];

/** Eight minutes in all, so that an operator that is started at the same time can come up. */
const RETRY = { limit: 5, backoff: { duration: '10s', factor: 3, maxDuration: '3m' } };

/** An Application, but for where its objects come from. */
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
