import { type ViolationCases, CONTROL_PLANE, NAMESPACE, replaced, SERVICE } from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM171', 'a namespace on another network', replaced(NAMESPACE, 'network: network1', 'network: network2'), [
    "IM171 00-namespace/namespace-istio-system.yaml:5:5: Namespace 'istio-system': "
      + "metadata.labels['topology.istio.io/network']: network 'network2' is not 'network1', the network of "
      + "IstioOperator 'control-plane', so the pods of this cluster are on two networks; write 'network1'",
  ]],
  ['IM171', 'a namespace on no network',
    replaced(NAMESPACE, '    topology.istio.io/network: network1\n', '    team: mesh\n'), [
      "IM171 00-namespace/namespace-istio-system.yaml:1:1: Namespace 'istio-system': the label "
        + 'topology.istio.io/network is missing, from which other clusters learn the network of pods without a proxy; '
        + 'add topology.istio.io/network: network1',
    ]],
  ['IM172', 'a gateway in a namespace without injection',
    replaced('70-resources/namespace.gateways.yaml', 'metadata:\n', 'metadata:\n  labels: {istio-injection: '
      + 'disabled}\n'), [
      "IM172 70-resources/namespace.gateways.yaml:4:12: Namespace 'gateways': metadata.labels.istio-injection: "
        + "istio-injection: disabled prevents istiod from injecting the gateway 'rendered', whose image stays 'auto', "
        + 'so its pod never starts; remove the label',
    ]],
  ['IM173', 'two injection labels',
    replaced('70-resources/namespace.canary.yaml', 'labels:\n', 'labels:\n    istio-injection: enabled\n'), [
      "IM173 70-resources/namespace.canary.yaml:6:5: Namespace 'canary': metadata.labels['istio.io/rev']: istio.io/rev "
        + 'has no effect, because istio-injection takes precedence; remove istio-injection',
    ]],
  ['IM174', 'a revision that is not installed',
    replaced('70-resources/namespace.canary.yaml', 'istio.io/rev: 1-32-0', 'istio.io/rev: 1-33-0'), [
      "IM174 70-resources/namespace.canary.yaml:5:5: Namespace 'canary': metadata.labels['istio.io/rev']: revision "
        + "'1-33-0' is not installed in this cluster, so these pods are not injected; did you mean '1-32-0'?",
    ]],
  ['IM174', 'the default revision in a cluster without one', files => delete files[CONTROL_PLANE], [
    "IM120 istioctl/eastwest.yaml:32:3: IstioOperator 'eastwest': spec.revision: revision 'default' is not installed "
      + 'in this cluster, so the gateway would not be injected, and its pod would never start; use one of 1-32-0',
    "IM120 70-resources/deployment.gateways.rendered.yaml:15:9: Deployment 'rendered': "
      + "spec.template.metadata.labels['istio.io/rev']: revision 'default' is not installed in this cluster, so the "
      + 'gateway would not be injected, and its pod would never start; use one of 1-32-0',
    "IM174 70-resources/namespace.sample.yaml:5:5: Namespace 'sample': metadata.labels.istio-injection: "
      + "istio-injection: enabled is for the revision 'default', which is not installed in this cluster, so these pods "
      + 'are not injected; write istio.io/rev: 1-32-0 instead',
  ]],
  ['IM175', 'a label value that istiod does not know',
    replaced('70-resources/namespace.sample.yaml', 'istio-injection: enabled', 'istio-injection: enable'), [
      "IM175 70-resources/namespace.sample.yaml:5:5: Namespace 'sample': metadata.labels.istio-injection: "
        + "istio-injection 'enable' is neither enabled nor disabled, and istiod ignores it; did you mean 'enabled'?",
    ]],
  ['IM176', 'a misspelled annotation',
    replaced(SERVICE, 'networking.istio.io/exportTo', 'networking.istio.io/exporTo'), [
      "IM176 70-resources/service.gateways.rendered.yaml:5:5: Service 'rendered': "
        + "metadata.annotations['networking.istio.io/exporTo']: 'networking.istio.io/exporTo' is not a key that Istio "
        + "knows, and Istio ignores it; did you mean 'networking.istio.io/exportTo'?",
    ]],
];
