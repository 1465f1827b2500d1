import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { type EastWestGatewayProps, type ExposedServicesProps, EastWestGateway, ExposedServices } from '../../src';
import { problems } from '../support/util';

function exposed(props?: ExposedServicesProps): ExposedServices {
  return new ExposedServices(Testing.chart(), 'exposed', props);
}

function behind(props: Partial<EastWestGatewayProps>): any {
  const gateway = new EastWestGateway(Testing.chart(), 'gateway', { network: 'network1', ...props });
  return exposed({ gateway }).gateway.toJson();
}

test('without properties it is Istio\'s expose-services.yaml, in istio-system', () => {
  const chart = Testing.chart();
  new ExposedServices(chart, 'exposed');
  expect(Testing.synth(chart)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'cross-network-gateway', namespace: 'istio-system' },
    spec: {
      selector: { istio: 'eastwestgateway' },
      servers: [
        {
          hosts: ['*.local'], port: { name: 'tls', number: 15443, protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' },
        },
      ],
    },
  }]);
});

test('behind a gateway with default properties it is the same', () => {
  expect(behind({})).toEqual(exposed().gateway.toJson());
});

test('namespace, selector and port are those of the gateway', () => {
  const { metadata, spec } =
    behind({
      name: 'istio-crossnetwork',
      namespace: 'istio-prod',
      ports: [{ name: 'status-port', port: 15021 }, { name: 'tls', port: 15444 }],
    });
  expect(metadata.namespace).toBe('istio-prod');
  expect(spec.selector).toEqual({ istio: 'crossnetwork' });
  expect(spec.servers.map(({ port }: any) => port)).toEqual([{ name: 'tls', number: 15444, protocol: 'TLS' }]);
});

test('the labels of the gateway\'s pods are selected, and its Service tells istiod the same port', () => {
  const gateway =
    new EastWestGateway(Testing.chart(), 'gateway',
      { network: 'network1', name: 'istio-crossnetwork', ports: [{ name: 'tls', port: 15444 }] });
  const { label, k8s } = gateway.installation.toJson().spec.components.ingressGateways[0];
  const { selector, servers } = exposed({ gateway }).gateway.toJson().spec;
  expect(label).toMatchObject(selector);
  expect(label['networking.istio.io/gatewayPort']).toBe(String(servers[0].port.number));
  expect(k8s.service.ports)
    .toContainEqual(expect.objectContaining({ name: servers[0].port.name, port: servers[0].port.number }));
});

test.each([
  [undefined, ['*.local']],
  ['cluster.local', ['*.local']],
  ['east.example.local', ['*.local']],
  ['corp.internal', ['*.corp.internal']],
  ['mylocal', ['*.mylocal']],
])('every service of the cluster domain %j is exposed by %j', (clusterDomain, hosts) => {
  const services = exposed({ clusterDomain });
  expect(services.gateway.toJson().spec.servers[0].hosts).toEqual(hosts);
  expect(services.hosts).toEqual(hosts);
});

test.each([
  ['*.prod.svc.cluster.local', 'cluster.local'],
  ['reviews.prod.svc.cluster.local', 'cluster.local'],
  ['*.cluster.local', 'cluster.local'],
  ['*.local', 'cluster.local'],
  ['*', 'cluster.local'],
  ['*.prod.svc.corp.internal', 'corp.internal'],
  ['*.internal', 'corp.internal'],
])('the host %j is kept with the cluster domain %j', (host, clusterDomain) => {
  expect(exposed({ hosts: [host], clusterDomain }).gateway.toJson().spec.servers[0].hosts).toEqual([host]);
});

test.each([
  ['*.local', 'corp.internal'],
  ['*.example.com', 'cluster.local'],
  ['*.prod.svc.mycluster.local', 'cluster.local'],
  ['*.ter.local', 'cluster.local'],
  ['local', 'cluster.local'],
  ['', 'cluster.local'],
])('the host %j is refused with the cluster domain %j', (host, clusterDomain) => {
  expect(problems(() => exposed({ hosts: [host], clusterDomain }))).toEqual([
    `hosts contains '${host}', which matches no service in the cluster domain '${clusterDomain}', so nothing would be `
      + 'exposed; '
    + `write '*.${clusterDomain}', or a narrower host such as '*.prod.svc.${clusterDomain}'`,
  ]);
});

test('each host is judged', () => {
  expect(problems(() => exposed({ hosts: ['*.example.com', '*.prod.svc.cluster.local', '*.example.org'] }))).toEqual([
    expect.stringContaining("hosts contains '*.example.com'"),
    expect.stringContaining("hosts contains '*.example.org'"),
  ]);
});

test('no host is refused, after the path of the construct', () => {
  expect(() => exposed({ hosts: [], clusterDomain: 'corp.internal' }))
    .toThrow(new Error('test/exposed has a problem:\n  hosts is empty, and istiod rejects a Gateway without hosts; '
      + "write '*.corp.internal' for every service (IM060)"));
});

test('the Gateway is the default child, and a patch may add what no schema knows', () => {
  const construct = exposed();
  expect(construct.node.defaultChild).toBe(construct.gateway);
  expect(ApiObject.of(construct)).toBe(construct.gateway);
  construct.gateway.addJsonPatch(JsonPatch.add('/spec/servers/0/fieldOfTomorrow', { kept: true }));
  expect(construct.gateway.toJson().spec.servers[0].fieldOfTomorrow).toEqual({ kept: true });
});
