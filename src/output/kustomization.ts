/**
 * A kustomization of files and directories, applied in the listed order.
 *
 * By default, kustomize sorts by kind, which puts a token Secret before its service account. The generated file names
 * need no quotes, so the text does not need a YAML library, which is slow for as many entries as a mesh has objects.
 */
export function kustomization(resources: readonly string[]): string {
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    resources.length === 0 ? 'resources: []' : 'resources:',
    ...resources.map(resource => `- ${resource}`),
    'sortOptions:',
    '  order: fifo',
    '',
  ].join('\n');
}
