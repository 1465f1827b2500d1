import type { DeliveredCluster } from './delivery';
import { Step } from '../../core/step';
import { DEFAULT_REVISION, installedRevisions } from '../../istio/revisions';

/** How Flux checks the readiness of objects of a kind that it does not know. */
interface HealthCheck {
  readonly apiVersion: string;
  readonly kind: string;
  /** In the Common Expression Language, with the fields of the object. */
  readonly current: string;
}

/** Flux treats an object without a status as ready, even before its controller has seen it. */
const IS_READY = 'status.conditions.exists(e, e.type == \'Ready\' && e.status == \'True\')';

/** Readiness checks of a step's Kustomization, so that the next step waits for what it needs. */
export function healthChecks(
  step: Step, cluster: DeliveredCluster,
): { readonly healthCheckExprs?: readonly HealthCheck[] } {
  const kinds = operatorKinds(step, cluster);
  return kinds.length === 0 ? {}
    : { healthCheckExprs: kinds.map(({ apiVersion, kind }) => ({ apiVersion, kind, current: IS_READY })) };
}

/** Kinds of a step's objects from which an operator creates others. */
function operatorKinds(
  step: Step, { trust: { _source: source }, installer }: DeliveredCluster,
): ReadonlyArray<{ readonly apiVersion: string; readonly kind: string }> {
  switch (step) {
    case Step.TRUST: return source.kind === 'operator' ? [source.resource] : [];
    case Step.CONTROL_PLANE: return installer._output.operatorKinds;
    default: return [];
  }
}

/**
 * Patches that make the API server reject Istio configuration that istiod cannot validate.
 *
 * The manifests contain `Ignore`, which istiod replaces by `Fail` once it is ready. Without the patch, Flux would reset
 * it at each interval. The annotation `ssa: IfNotPresent` does not help: such objects are not pruned, so after the
 * removal of istiod, all Istio configuration would be rejected. The patch does not apply to webhooks of revisions that
 * the cluster does not have: no istiod updates them, so they must not reject anything.
 */
export function patches(step: Step, cluster: DeliveredCluster): object {
  const hasWebhooks = cluster.installer._output.hasWebhooks || DEFAULT_REVISION in cluster.revisionTags;
  return step !== Step.CONTROL_PLANE || !hasWebhooks ? {} : {
    patches: [{
      target: {
        group: 'admissionregistration.k8s.io',
        kind: 'ValidatingWebhookConfiguration',
        labelSelector: `istio.io/rev in (${installedRevisions(cluster).join(',')})`,
      },
      patch: '- op: add\n  path: /webhooks/0/failurePolicy\n  value: Fail\n',
    }],
  };
}
