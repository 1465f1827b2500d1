import {
  type AcceptedCases, type ViolationCases, DESTINATION_RULE, PEER_AUTHENTICATION, replaced, SERVICE,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM191', 'failover without outlier detection',
    replaced(DESTINATION_RULE, '    outlierDetection:\n      consecutive5xxErrors: 1\n', ''), [
      'IM191 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:12:7: DestinationRule '
        + "'helloworld': spec.trafficPolicy.loadBalancer.localityLbSetting: localityLbSetting has no effect without "
        + 'outlierDetection, with which proxies detect that a locality fails; add trafficPolicy.outlierDetection',
    ]],
  ['IM192', 'a workload without mutual TLS', replaced(PEER_AUTHENTICATION, 'STRICT', 'DISABLE'), [
    'IM192 70-resources/peerauthentication.security.istio.io.istio-system.default.yaml:8:5: PeerAuthentication '
      + "'default': spec.mtls.mode: mode 'DISABLE' is not the mutual TLS of the mesh, without which no traffic passes "
      + 'an east-west gateway, so endpoints on other networks are left out; write PERMISSIVE or STRICT',
  ]],
  ['IM192', 'a client without mutual TLS', replaced(DESTINATION_RULE, 'ISTIO_MUTUAL', 'DISABLE'), [
    "IM192 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:19:7: DestinationRule 'helloworld': "
      + "spec.trafficPolicy.tls.mode: mode 'DISABLE' is not the mutual TLS of the mesh, without which no traffic "
      + 'passes an east-west gateway, so endpoints on other networks are left out; write ISTIO_MUTUAL',
  ]],
  ['IM193', 'two namespaces in one string', replaced(DESTINATION_RULE, '- "."', '- sample, canary'), [
    "IM193 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:8:5: DestinationRule 'helloworld': "
      + "spec.exportTo[0]: exportTo 'sample, canary' is not '.', '*' or a namespace, so no proxy would see this; write "
      + 'one of these',
  ]],
  ['IM193', 'an annotation that is not a namespace', replaced(SERVICE, 'exportTo: "*"', 'exportTo: sample canary'), [
    "IM193 70-resources/service.gateways.rendered.yaml:5:5: Service 'rendered': "
      + "metadata.annotations['networking.istio.io/exportTo']: exportTo 'sample canary' is not '.', '*', '~' or a "
      + 'namespace, so no proxy would see this; write one of these',
  ]],
];

export const ACCEPTED: AcceptedCases = [
  ['failover in a subset that inherits outlierDetection', replaced(DESTINATION_RULE, 'spec:\n',
    'spec:\n  subsets: [{name: v1, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: true}}}}]\n')],
  ['a client of a service outside of the mesh', files => files[DESTINATION_RULE] = files[DESTINATION_RULE]
    .replace('helloworld.sample.svc.cluster.local', 'api.example.com').replace('ISTIO_MUTUAL', 'SIMPLE')],
];
