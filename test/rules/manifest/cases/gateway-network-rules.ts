import {
  type ViolationCases, added, DEPLOYMENT, GATEWAY, replaced, SELECTOR, SERVICE,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM151', 'a gateway that sees another network', replaced(GATEWAY, 'value: network1', 'value: network2'), [
    "IM151 istioctl/eastwest.yaml:13:11: IstioOperator 'eastwest': "
      + "spec.components.ingressGateways[0].k8s.env[0].value: network 'network2' in ISTIO_META_REQUESTED_NETWORK_VIEW "
      + "differs from 'network1', the network of the gateway in other places; write 'network1' in every place",
  ]],
  ['IM151', 'a gateway without its label', replaced(GATEWAY, '        topology.istio.io/network: network1\n', ''), [
    "IM151 istioctl/eastwest.yaml:9:7: IstioOperator 'eastwest': spec.components.ingressGateways[0]: the label "
      + 'topology.istio.io/network is missing, without which istiod does not discover the gateway; add '
      + 'topology.istio.io/network: network1',
  ]],
  ['IM151', 'a Service that selects another network',
    replaced(SERVICE, `${SELECTOR}network1`, `${SELECTOR}network2`), [
      "IM151 70-resources/service.gateways.rendered.yaml:25:5: Service 'rendered': "
        + "spec.selector['topology.istio.io/network']: network 'network2' in the selector differs from 'network1', the "
        + "network of the gateway in other places; write 'network1' in every place",
    ]],
  ['IM151', 'a rendered gateway that sees every network',
    replaced(DEPLOYMENT, 'ISTIO_META_REQUESTED_NETWORK_VIEW', 'TEAM'), [
      "IM151 70-resources/deployment.gateways.rendered.yaml:19:9: Deployment 'rendered': "
        + 'spec.template.spec.containers[0].env: the variable ISTIO_META_REQUESTED_NETWORK_VIEW is missing, without '
        + "which the gateway forwards requests to other networks; set it to 'network1'",
    ]],
  ['IM152', 'a gateway for another network',
    files => files[GATEWAY] = files[GATEWAY].replaceAll('network1', 'network2'), [
      "IM152 istioctl/eastwest.yaml:29:9: IstioOperator 'eastwest': "
        + "spec.components.ingressGateways[0].label['topology.istio.io/network']: network 'network2' is not "
        + "'network1', the network of IstioOperator 'control-plane': no endpoint of this cluster is on 'network2', so "
        + "istiod never chooses the gateway; write 'network1'",
    ]],
  ['IM153', 'a gateway without the port for other networks', replaced(GATEWAY, 'port: 15443', 'port: 443'), [
    "IM153 istioctl/eastwest.yaml:17:11: IstioOperator 'eastwest': "
      + 'spec.components.ingressGateways[0].k8s.service.ports: the Service has no port 15443, to which other networks '
      + 'connect at a gateway with the label topology.istio.io/network, so istiod ignores it; add the port, or remove '
      + 'the label if this is not a gateway',
  ]],
  ['IM153', 'a Service with the network label of a gateway',
    added('service.yaml', () => 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: '
      + '{topology.istio.io/network: network1}\nspec:\n  type: ClusterIP\n  externalIPs: [10.0.0.1]\n  ports: [{port: '
      + '80}]\n'), [
      "IM153 70-resources/service.yaml:9:3: Service 'web': spec.ports: the Service has no port 15443, to which other "
        + 'networks connect at a gateway with the label topology.istio.io/network, so istiod ignores it; add the port, '
        + 'or remove the label if this is not a gateway',
    ]],
];
