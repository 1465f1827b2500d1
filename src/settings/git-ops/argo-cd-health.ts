/**
 * Health check for the Sail operator's kinds, which Argo CD does not know: without it, a wave would not wait for
 * istiod.
 *
 * A reconciliation error is reported as degraded; other objects that are not ready are reported as progressing.
 */
const HEALTH = `local health = { status = "Progressing", message = "waiting for the Sail operator" }
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.status.observedGeneration ~= nil and obj.metadata.generation ~= nil \
and obj.status.observedGeneration < obj.metadata.generation then
  return health
end
local told = false
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Reconciled" or condition.type == "Ready" or condition.type == "DependenciesHealthy" then
    if condition.status ~= "True" then
      health.message = condition.message or condition.reason
      if condition.status == "False" and condition.reason == "ReconcileError" then
        health.status = "Degraded"
      end
      return health
    end
    told = true
  end
end
if told then
  health.status = "Healthy"
  health.message = obj.status.state
end
return health
`;

const KINDS = ['Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel'];

/** Settings of Argo CD that make it wait for the objects of the Sail operator. */
export function healthSettings(namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: Object.fromEntries(KINDS.map(kind => [`resource.customizations.health.sailoperator.io_${kind}`, HEALTH])),
  };
}
