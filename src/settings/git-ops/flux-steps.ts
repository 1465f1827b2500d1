import type { DeliveredCluster } from './delivery';
import { Step } from '../../core/step';
import { DEFAULT_REVISION, revisionLabel } from '../../istio/revisions';

/** How Flux is to see whether objects of a kind are ready, where it would not see that itself. */
interface HealthCheck {
  readonly apiVersion: string;
  readonly kind: string;
  /** In the Common Expression Language, with the fields of the object. */
  readonly current: string;
}

/** Flux takes an object without a status for ready, and so one whose controller has not seen it yet. */
const IS_READY = 'status.conditions.exists(e, e.type == \'Ready\' && e.status == \'True\')';

/** The kinds of others' operators, by what has the objects made. */
const OPERATORS: { readonly [maker: string]: ReadonlyArray<readonly [apiVersion: string, kind: string]> } = {
  'certificate.cert-manager.io': [['cert-manager.io/v1', 'Certificate']],
  'externalsecret.external-secrets.io': [['external-secrets.io/v1', 'ExternalSecret']],
  'sail': [['sailoperator.io/v1', 'Istio'], ['sailoperator.io/v1', 'IstioCNI']],
};

/** What the Kustomization of a step is told of readiness, so that the next step waits for what it needs. */
export function healthChecks(step: Step, { trust, installer }: DeliveredCluster): { readonly healthCheckExprs?: readonly HealthCheck[] } {
  const kinds: ReadonlyArray<readonly [apiVersion: string, kind: string]> = step === Step.TRUST ? OPERATORS[trust._resource!] ?? []
    : step === Step.CONTROL_PLANE ? OPERATORS[installer._kind] ?? [] : [];
  return kinds.length > 0 ? { healthCheckExprs: kinds.map(([apiVersion, kind]) => ({ apiVersion, kind, current: IS_READY })) } : {};
}

/**
 * Has the API server refuse what istiod cannot judge.
 *
 * The manifests say `Ignore`, which istiod replaces by `Fail` once it is ready, and Flux would set back at each interval. The annotation
 * `ssa: IfNotPresent` is no help: what has it is not pruned, so that without an istiod everything of Istio's would be refused.
 * Webhooks of other revisions than the cluster's no istiod changes: where nobody answers they must stay open.
 */
export function patches(step: Step, { installer, revision, revisionTags, canary }: DeliveredCluster): object {
  if (step !== Step.CONTROL_PLANE || (installer._kind !== 'rendered' && !(DEFAULT_REVISION in revisionTags))) {
    return {};
  }
  const revisions = [revision, ...canary ? [canary.revision] : []].map(revisionLabel);
  return {
    patches: [{
      target: { group: 'admissionregistration.k8s.io', kind: 'ValidatingWebhookConfiguration', labelSelector: `istio.io/rev in (${revisions.join(',')})` },
      patch: '- op: add\n  path: /webhooks/0/failurePolicy\n  value: Fail\n',
    }],
  };
}
