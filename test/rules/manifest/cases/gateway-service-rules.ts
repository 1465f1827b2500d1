import {
  type AcceptedCases, type ViolationCases, DEPLOYMENT, EXPOSED, GATEWAY, replaced, SERVICE,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM154', 'a gateway without an address', replaced(SERVICE, 'type: LoadBalancer', 'type: ClusterIP'), [
    "IM154 70-resources/service.gateways.rendered.yaml:26:3: Service 'rendered': spec.type: type 'ClusterIP' gives the "
      + 'gateway no external address, and istiod ignores it; use LoadBalancer, NodePort with the annotation '
      + 'traffic.istio.io/nodeSelector, or externalIPs',
  ]],
  ['IM154', 'node ports without the labels of nodes',
    replaced(GATEWAY, 'service:\n', 'service:\n          type: NodePort\n'), [
      "IM154 istioctl/eastwest.yaml:15:11: IstioOperator 'eastwest': "
        + "spec.components.ingressGateways[0].k8s.service.type: type 'NodePort' gives the gateway no address that "
        + 'istiod knows; add the annotation traffic.istio.io/nodeSelector with the labels of the nodes that other '
        + 'networks can reach',
    ]],
  ['IM155', 'a port of istiod',
    replaced(SERVICE, 'ports:\n', 'ports:\n  - {name: tls-istiod, port: 15012, targetPort: 15012}\n'), [
      "IM155 70-resources/service.gateways.rendered.yaml:16:5: Service 'rendered': spec.ports[0]: ports contains "
        + "'tls-istiod' with 15012, a port of istiod, which no cluster of a multi-primary mesh uses through a gateway; "
        + 'remove it',
    ]],
  ['IM156', 'a gateway without source ranges', replaced(SERVICE, '  loadBalancerSourceRanges:\n  - 10.0.0.0/8\n', ''), [
    "IM156 70-resources/service.gateways.rendered.yaml:12:1: Service 'rendered': spec: the load balancer may be "
      + 'public, and open to every address; make it internal, or set service.loadBalancerSourceRanges to the addresses '
      + 'from which other networks connect',
  ]],
  ['IM156', 'source ranges that include every address', replaced(SERVICE, '- 10.0.0.0/8', '- 0.0.0.0/0'), [
    "IM156 70-resources/service.gateways.rendered.yaml:12:1: Service 'rendered': spec: "
      + "service.loadBalancerSourceRanges contains '0.0.0.0/0', which is every address, and the load balancer may be "
      + 'public; list only the addresses from which other networks connect',
  ]],
  ['IM157', 'a load balancer that terminates TLS',
    replaced(GATEWAY, 'team: mesh', 'service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn'), [
      "IM157 istioctl/eastwest.yaml:24:9: IstioOperator 'eastwest': "
        + 'spec.components.ingressGateways[0].k8s.serviceAnnotations: annotation '
        + "'service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn' makes the load balancer terminate TLS, which "
        + 'only the proxy at the other end may do; remove it',
    ]],
  ['IM158', 'a port without a name', replaced(SERVICE, 'name: tls\n    port', 'port'), [
    "IM158 70-resources/service.gateways.rendered.yaml:19:5: Service 'rendered': spec.ports[1]: name is missing, which "
      + 'the API server requires if a Service has several ports; add it',
  ]],
  ['IM158', 'a port name that is too long',
    replaced(DEPLOYMENT, 'name: http-envoy-prom', 'name: http-envoy-prometheus'), [
      "IM158 70-resources/deployment.gateways.rendered.yaml:26:11: Deployment 'rendered': "
        + "spec.template.spec.containers[0].ports[0].name: port name 'http-envoy-prometheus' has 21 characters, but "
        + 'the API server accepts at most 15 for a container port; shorten it',
    ]],
  ['IM159', 'a Service without pods', replaced(DEPLOYMENT, 'istio: rendered', 'istio: gateway'), [
    "IM159 70-resources/service.gateways.rendered.yaml:24:5: Service 'rendered': spec.selector.istio: selector istio: "
      + "rendered is not a label of the gateway's pods, so the Service has no endpoints; use a label from the pod "
      + 'template of the Deployment',
  ]],
];

export const ACCEPTED: AcceptedCases = [
  ['another port that is also in the label', files => {
    replaced(GATEWAY, 'label:\n', 'label:\n        networking.istio.io/gatewayPort: "15444"\n')(files);
    [GATEWAY, EXPOSED].forEach(file => files[file] = files[file].replaceAll('15443', '15444'));
  }],
  ['node ports with the labels of the nodes', files => {
    replaced(GATEWAY, 'service:\n', 'service:\n          type: NodePort\n')(files);
    replaced(GATEWAY, 'team: mesh', "traffic.istio.io/nodeSelector: '{}'")(files);
  }],
];
