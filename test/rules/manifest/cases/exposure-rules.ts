import { type ViolationCases, EXPOSED, removed, replaced } from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM161', 'a Gateway that selects no gateway', replaced(EXPOSED, 'istio: eastwestgateway', 'istio: eastwest'), [
    "IM161 50-exposed-services/gateway-cross-network-gateway.yaml:8:5: Gateway 'cross-network-gateway': "
      + "spec.selector.istio: selector istio: eastwest is not a label of the gateway 'istio-eastwestgateway', so the "
      + 'gateway has no listener for other networks; write istio: eastwestgateway',
  ]],
  ['IM162', 'a Gateway with another port', replaced(EXPOSED, 'number: 15443', 'number: 443'), [
    "IM162 50-exposed-services/gateway-cross-network-gateway.yaml:14:7: Gateway 'cross-network-gateway': "
      + 'spec.servers[0].port.number: port 443 is not 15443, the port to which other networks connect at the gateway '
      + "'istio-eastwestgateway', so their requests are not answered; write 15443",
  ]],
  ['IM163', 'another TLS mode', replaced(EXPOSED, 'mode: AUTO_PASSTHROUGH', 'mode: PASSTHROUGH'), [
    "IM163 50-exposed-services/gateway-cross-network-gateway.yaml:17:7: Gateway 'cross-network-gateway': "
      + "spec.servers[0].tls.mode: tls.mode is 'PASSTHROUGH' on the port for other networks, where only "
      + 'AUTO_PASSTHROUGH routes to the services of the mesh; write AUTO_PASSTHROUGH',
  ]],
  ['IM164', 'hosts in another domain', replaced(EXPOSED, '"*.local"', '"*.example.org"'), [
    "IM164 50-exposed-services/gateway-cross-network-gateway.yaml:11:7: Gateway 'cross-network-gateway': "
      + "spec.servers[0].hosts[0]: hosts contains '*.example.org', which matches no service in the cluster domain "
      + "'cluster.local', so nothing would be exposed; write '*.cluster.local', or a narrower host such as "
      + "'*.prod.svc.cluster.local'",
  ]],
  ['IM165', 'gateways that expose no services', removed('50-exposed-services'), [
    "IM165 istioctl/eastwest.yaml:9:7: IstioOperator 'eastwest': spec.components.ingressGateways[0]: no Gateway of "
      + "this cluster has a server with AUTO_PASSTHROUGH, so the gateway 'istio-eastwestgateway' does not answer other "
      + "networks; add Istio's cross-network-gateway",
    "IM165 70-resources/service.gateways.rendered.yaml:1:1: Service 'rendered': no Gateway of this cluster has a "
      + "server with AUTO_PASSTHROUGH, so the gateway 'rendered' does not answer other networks; add Istio's "
      + 'cross-network-gateway',
  ]],
];
