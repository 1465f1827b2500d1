/**
 * A kustomization of files and directories, in the listed order: kustomize would sort by kind, and put a token Secret before its account.
 *
 * Names of our own files and directories need no quotes, and there are as many as objects.
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
