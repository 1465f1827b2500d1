import {
  type AcceptedCases, type ViolationCases, CANARY, CONTROL_PLANE, DEPLOYMENT, everywhere, GATEWAY, replaced,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM111', 'the default cluster name', replaced(CONTROL_PLANE, 'clusterName: cluster1', 'clusterName: Kubernetes'), [
    "IM111 istioctl/control-plane.yaml:13:9: IstioOperator 'control-plane': "
      + "spec.values.global.multiCluster.clusterName: clusterName 'Kubernetes' is the default of every istiod, and "
      + 'istiods with the same name ignore each other; write the name of this cluster',
  ]],
  ['IM111', 'a control plane without a cluster name',
    replaced(CANARY, '      multiCluster:\n        clusterName: cluster1\n', ''), [
      "IM111 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': "
        + 'spec.values.global.multiCluster.clusterName: the cluster name is missing, so istiod uses its default '
        + "'Kubernetes', and istiods with the same name ignore each other; set values.global.multiCluster.clusterName",
    ]],
  ['IM112', 'a cluster name that is not valid in an object name',
    everywhere('clusterName: cluster1', 'clusterName: Cluster_1'), [
      "IM112 istioctl/control-plane.yaml:13:9: IstioOperator 'control-plane': "
        + "spec.values.global.multiCluster.clusterName: clusterName 'Cluster_1' is not a valid DNS label (1 to 63 "
        + "lower-case letters, digits and '-', starting and ending with a letter or digit); write 'cluster-1'",
      "IM112 istioctl/control-plane-1-32-0.yaml:21:9: IstioOperator 'control-plane-1-32-0': "
        + "spec.values.global.multiCluster.clusterName: clusterName 'Cluster_1' is not a valid DNS label (1 to 63 "
        + "lower-case letters, digits and '-', starting and ending with a letter or digit); write 'cluster-1'",
    ]],
  ['IM113', 'control planes on two networks', replaced(CANARY, 'network: network1', 'network: network2'), [
    "IM113 istioctl/control-plane-1-32-0.yaml:22:7: IstioOperator 'control-plane-1-32-0': spec.values.global.network: "
      + "network is 'network2', but is 'network1' in IstioOperator 'control-plane', so the two control planes of this "
      + 'cluster configure their proxies differently; set the same value in both',
  ]],
  ['IM113', 'a control plane without a network', replaced(CANARY, '      network: network1\n', ''), [
    "IM113 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': spec.values.global.network: "
      + "network is missing, but is 'network1' in IstioOperator 'control-plane', so the two control planes of this "
      + 'cluster configure their proxies differently; set the same value in both',
  ]],
  ['IM117', 'an IstioOperator without a name', replaced(CONTROL_PLANE, '  name: control-plane\n', ''), [
    "IM117 istioctl/control-plane.yaml:1:1: IstioOperator: metadata.name is missing, so 'istioctl install' of this "
      + "file removes what 'istioctl/eastwest.yaml' installed; set it, e.g. to control-plane",
  ]],
  ['IM117', 'IstioOperators with the same name', replaced(GATEWAY, 'name: eastwest\n', 'name: control-plane\n'), [
    "IM117 istioctl/eastwest.yaml:4:3: IstioOperator 'control-plane': metadata.name: name 'control-plane' is also the "
      + "name of another IstioOperator of revision 'default', so each installation removes what the other one "
      + 'installed; give each its own name',
  ]],
  ['IM120', 'a gateway with a revision that is not installed', replaced(GATEWAY, 'revision: ""', 'revision: 1-32-1'), [
    "IM120 istioctl/eastwest.yaml:32:3: IstioOperator 'eastwest': spec.revision: revision '1-32-1' is not installed in "
      + "this cluster, so the gateway would not be injected, and its pod would never start; did you mean '1-32-0'?",
  ]],
  ['IM120', 'a rendered gateway with a tag that is not installed',
    replaced(DEPLOYMENT, 'istio.io/rev: default', 'istio.io/rev: stable'), [
      "IM120 70-resources/deployment.gateways.rendered.yaml:15:9: Deployment 'rendered': "
        + "spec.template.metadata.labels['istio.io/rev']: revision 'stable' is not installed in this cluster, so the "
        + 'gateway would not be injected, and its pod would never start; use one of default, 1-32-0',
    ]],
  ['IM123', 'a gateway that two IstioOperators install',
    replaced(CANARY, '    ingressGateways:\n    - enabled: false\n      name: istio-ingressgateway\n', ''), [
      "IM123 istioctl/control-plane.yaml:1:1: IstioOperator 'control-plane': gateway 'istio-ingressgateway' is already "
        + "installed by 'istioctl/control-plane-1-32-0.yaml', and each installation takes it from the other; list it "
        + 'in one of them, and set enabled: false for it in the other',
    ]],
];

export const ACCEPTED: AcceptedCases = [
  ['a revision tag in the values of the control plane', files => {
    replaced(GATEWAY, 'revision: ""', 'revision: stable')(files);
    replaced(CONTROL_PLANE, '  values:\n', '  values:\n    revisionTags: [stable]\n')(files);
  }],
];
