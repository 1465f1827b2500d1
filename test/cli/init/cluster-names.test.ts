import * as fc from 'fast-check';
import { proposedNames } from '../../../src/cli/init/cluster-names';
import { dnsLabelProblem } from '../../../src/istio/names';

test.each<[string, readonly string[]]>([
  ['gke_shop_europe-west1-b_prod', ['prod']],
  ['gke_shop_europe-west1_prod gke_shop_us-east1_prod', ['prod-europe-west1', 'prod-us-east1']],
  ['arn:aws:eks:eu-west-1:123456789012:cluster/Shop_1 kind-c1 k3d-c2', ['shop-1', 'c1', 'c2']],
  [
    'admin@east me@west.eu-west-1.eksctl.io shop/api-east-example-com:6443/kube:admin',
    ['east', 'west', 'api-east-example-com'],
  ],
  ['admin@x dev@x', ['x-admin', 'x-dev']],
  ['kind-c1 c1', ['kind-c1', 'c1']],
  ['prod Prod', ['prod', 'prod-2']],
  ['argocd Flux constructor __proto__ ###', ['argocd-2', 'flux-2', 'constructor-2', 'proto', 'cluster']],
  [`${'x'.repeat(70)} ${'x'.repeat(71)}`, ['x'.repeat(63), `${'x'.repeat(61)}-2`]],
])('the proposed names for the contexts %s are %j', (contexts, names) => {
  expect(proposedNames(contexts.split(' '))).toEqual(names);
});

test('proposed names are unique DNS labels for any contexts', () => {
  const longContext = fc.string({ maxLength: 90, minLength: 60 });
  const context = fc.oneof(fc.string(), fc.constantFrom('kind-a', 'a', 'x@a', 'gke_p_z_a', 'A'), longContext);
  fc.assert(fc.property(fc.uniqueArray(context), contexts => {
    const names = proposedNames(contexts);
    expect(names.map(name => dnsLabelProblem('name', name)).filter(Boolean)).toEqual([]);
    expect(new Set(names).size).toBe(contexts.length);
  }));
});
