import { ApiObject, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { type ClusterSettings, type EastWestGatewayProps, EastWestGateway } from '../../src';
import { treeOf, twoNetworks } from '../support/mesh-util';

function gateway(props: Partial<EastWestGatewayProps> = {}): EastWestGateway {
  return new EastWestGateway(Testing.chart(), 'gateway', { network: 'network1', ...props });
}

function ingressOf(props: Partial<EastWestGatewayProps>): any[] {
  return gateway(props).networkPolicy!.toJson().spec.ingress;
}

const tcp = (...ports: number[]) => ports.map(port => ({ protocol: 'TCP', port }));
const POLICY = 'cluster1/40-east-west-gateway/networkpolicy-cross-network-istio-eastwestgateway.yaml';
const enabled = (value: boolean): ClusterSettings['values'] => ({ global: { networkPolicy: { enabled: value } } });

test('without a NetworkPolicy there is none', () => {
  expect(gateway().networkPolicy).toBeUndefined();
  expect(Object.keys(treeOf(twoNetworks())).filter(path => path.includes('40-east-west-gateway'))).toEqual([]);
});

test('an empty NetworkPolicy opens the ports of the gateway and of its proxy to everybody, and judges nothing that '
  + 'goes out', () => {
  const tree = treeOf(twoNetworks({ eastWestGateway: { networkPolicy: {} } }));
  expect(parse(tree[POLICY])).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'cross-network-istio-eastwestgateway', namespace: 'istio-system' },
    spec: {
      podSelector: { matchLabels: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: tcp(15443) }, { ports: tcp(15021, 15020, 15090) }],
    },
  });
  expect(parse(tree['cluster1/kustomization.yaml']).resources)
    .toEqual(['00-namespace', '40-east-west-gateway', '50-exposed-services']);
});

test('blocks of addresses limit the port of the other networks alone', () => {
  expect(ingressOf({ networkPolicy: { ipBlocks: ['10.0.0.0/8', '2001:db8::/32'] } })).toEqual([
    { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }, { ipBlock: { cidr: '2001:db8::/32' } }], ports: tcp(15443) },
    { ports: tcp(15021, 15020, 15090) },
  ]);
});

test('a NetworkPolicy opens the ports of the pods, which are not always those of the Service', () => {
  const ports = [
    { name: 'tls', port: 443, targetPort: 8443 }, { name: 'status-port', port: 15021 }, { name: 'more', port: 9000 },
  ];
  expect(ingressOf({ networkPolicy: {}, ports }))
    .toEqual([{ ports: tcp(8443) }, { ports: tcp(15021, 9000, 15020, 15090) }]);
});

test('a second way to the port of the other networks does not open it to everybody', () => {
  const ports = [{ name: 'tls', port: 15443 }, { name: 'tls-too', port: 443, targetPort: 15443 }];
  expect(ingressOf({ networkPolicy: { ipBlocks: ['10.0.0.0/8'] }, ports })[1])
    .toEqual({ ports: tcp(15021, 15020, 15090) });
});

test('a gateway of another name and namespace has a NetworkPolicy there, for its pods', () => {
  const { metadata, spec } =
    gateway({ name: 'istio-east', namespace: 'mesh', revision: 'stable', networkPolicy: {} }).networkPolicy!.toJson();
  expect([metadata, spec.podSelector])
    .toEqual([
      { name: 'cross-network-istio-east', namespace: 'mesh' }, { matchLabels: { app: 'istio-east', istio: 'east' } },
    ]);
});

test('the NetworkPolicy has not the name of one of Istio\'s, which is that of the gateway, or with its revision behind '
  + 'it', () => {
  const { name } = gateway({ name: 'a', revision: 'b', networkPolicy: {} }).networkPolicy!;
  expect(['a', 'a-b']).not.toContain(name);
});

test('the IstioOperator stays the default child beside a NetworkPolicy', () => {
  const construct = gateway({ networkPolicy: {} });
  expect(ApiObject.of(construct)).toBe(construct.installation);
});

test('a cluster whose values ask for NetworkPolicies has one for the gateway too', () => {
  const tree = treeOf(twoNetworks({ values: enabled(true) }));
  expect(parse(tree[POLICY]).spec.ingress[0]).toEqual({ ports: tcp(15443) });
  expect(Object.keys(treeOf(twoNetworks({ values: enabled(false) })))).not.toContain(POLICY);
});

test('what the gateway says wins over what the values ask for', () => {
  const eastWestGateway = { networkPolicy: { ipBlocks: ['10.0.0.0/8'] }, service: { externalTrafficPolicy: 'Local' } };
  expect(parse(treeOf(twoNetworks({ values: enabled(true), eastWestGateway }))[POLICY]).spec.ingress[0].from)
    .toEqual([{ ipBlock: { cidr: '10.0.0.0/8' } }]);
});
