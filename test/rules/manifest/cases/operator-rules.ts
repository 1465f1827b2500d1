import {
  type AcceptedCases, type ViolationCases, CANARY, CONTROL_PLANE, everywhere, EXPOSED, GATEWAY, replaced,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM114', 'a misspelled key', replaced(CANARY, 'multiCluster:', 'multicluster:'), [
    "IM111 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': "
      + 'spec.values.global.multiCluster.clusterName: the cluster name is missing, so istiod uses its default '
      + "'Kubernetes', and istiods with the same name ignore each other; set values.global.multiCluster.clusterName",
    "IM114 istioctl/control-plane-1-32-0.yaml:20:7: IstioOperator 'control-plane-1-32-0': "
      + "spec.values.global.multicluster: 'multicluster' is not a key here; did you mean 'multiCluster'?",
  ]],
  ['IM114', 'a misspelled key at the top level', replaced(GATEWAY, 'metadata:', 'metdata:'), [
    "IM114 istioctl/eastwest.yaml:3:1: IstioOperator: metdata: 'metdata' is not a key here; did you mean 'metadata'?",
    "IM117 istioctl/eastwest.yaml:1:1: IstioOperator: metadata.name is missing, so 'istioctl install' of this file "
      + "removes what 'istioctl/control-plane.yaml' installed; set it, e.g. to eastwest",
  ]],
  ['IM115', 'an unknown key', replaced(CONTROL_PLANE, 'meshID: mesh1', 'meshID: mesh1\n      federation: true'), [
    "IM115 istioctl/control-plane.yaml:12:7: IstioOperator 'control-plane': spec.values.global.federation: "
      + "'federation' is not a key here; use one of agentgateway, arch, caAddress, caName, certSigners, configCluster, "
      + 'configValidation, defaultNodeSelector, defaultPodDisruptionBudget, defaultResources, defaultTolerations, '
      + 'enableReaderRBAC, …',
  ]],
  ['IM116', 'a numeric name', replaced(CONTROL_PLANE, 'meshID: mesh1', 'meshID: 007'), [
    "IM116 istioctl/control-plane.yaml:11:7: IstioOperator 'control-plane': spec.values.global.meshID: number 007 "
      + "is not a string; write it in quotes: '007'",
  ]],
  ['IM118', 'a second document in the file of an IstioOperator', files => files[CANARY] += `---\n${files[EXPOSED]}`, [
    "IM118 istioctl/control-plane-1-32-0.yaml:24:1: Gateway 'cross-network-gateway': istioctl accepts only one "
      + 'IstioOperator and nothing else in a file, but this is a second document; move it to its own file',
  ]],
  ['IM119', 'a revision with dots', everywhere('1-32-0', '1.32.0'), [
    "IM119 istioctl/control-plane-1-32-0.yaml:16:3: IstioOperator 'control-plane-1.32.0': spec.revision: revision "
      + "'1.32.0' contains dots, which Istio does not allow in a revision; write '1-32-0'",
  ]],
  ['IM121', 'a namespace that has no effect', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  namespace: mesh\n'), [
    "IM121 istioctl/control-plane.yaml:7:3: IstioOperator 'control-plane': spec.namespace: namespace 'mesh' differs "
      + "from values.global.istioNamespace 'istio-system', the only namespace that istioctl installs into; set both to "
      + "'mesh'",
  ]],
  ['IM122', 'a port that only root can open', replaced(GATEWAY, 'targetPort: 15021', 'targetPort: 443'), [
    "IM122 istioctl/eastwest.yaml:18:13: IstioOperator 'eastwest': "
      + "spec.components.ingressGateways[0].k8s.service.ports[0]: targetPort 443 of 'status-port' is not between 1024 "
      + 'and 65535, and istioctl rejects it because the pods of the gateway run without privileges; set targetPort, '
      + 'e.g. to 8021',
  ]],
  ['IM124', 'a hub and a tag that are not valid',
    replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  hub: "007"\n  tag: a b\n'), [
      "IM124 istioctl/control-plane.yaml:7:3: IstioOperator 'control-plane': spec.hub: hub '007' is not read as a "
        + "string by istioctl, even in quotes; include the registry host, e.g. 'docker.io/007'",
      "IM124 istioctl/control-plane.yaml:8:3: IstioOperator 'control-plane': spec.tag: tag 'a b' is not a valid image "
        + "tag (1 to 128 letters, digits, '_', '.' and '-', not starting with '.' or '-'); write e.g. '1.31.0'",
    ]],
  ['IM124', 'a revision tag that is not read as a string',
    replaced(CONTROL_PLANE, '  values:\n', "  values:\n    revisionTags: ['no', prod]\n"), [
      "IM124 istioctl/control-plane.yaml:10:20: IstioOperator 'control-plane': spec.values.revisionTags[0]: "
        + "revisionTags 'no' is not read as a string where Istio's charts write it without quotes, and the API server "
        + "rejects it; write e.g. 'tag-no'",
    ]],
  ['IM124', 'a trust domain that is not a domain name',
    everywhere('trustDomain: example.org', 'trustDomain: spiffe://example.org'), [
      "IM124 istioctl/control-plane-1-32-0.yaml:15:5: IstioOperator 'control-plane-1-32-0': "
        + "spec.meshConfig.trustDomain: meshConfig.trustDomain 'spiffe://example.org' is not a valid domain name "
        + "(labels of letters, digits and '-', separated by dots); write e.g. 'example.org'",
      "IM124 istioctl/control-plane.yaml:8:5: IstioOperator 'control-plane': spec.meshConfig.trustDomain: "
        + "meshConfig.trustDomain 'spiffe://example.org' is not a valid domain name (labels of letters, digits and "
        + "'-', separated by dots); write e.g. 'example.org'",
    ]],
];

export const ACCEPTED: AcceptedCases = [
  ['a numeric tag, and null for the default', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  tag: 131\n  hub: null\n')],
];
