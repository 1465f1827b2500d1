import {
  type AcceptedCases, type ViolationCases, added, CACERTS, DEPLOYMENT, LINK, NAMESPACE, replaced,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM107', 'a numeric label', replaced(NAMESPACE, 'network: network1', 'network: 1.30'), [
    "IM107 00-namespace/namespace-istio-system.yaml:5:5: Namespace 'istio-system': "
      + "metadata.labels['topology.istio.io/network']: number 1.30 is not a string, and the API server rejects it; "
      + "write it in quotes: '1.30'",
  ]],
  ['IM107', 'a boolean label of a remote secret',
    replaced(LINK, 'istio/multiCluster: "true"', 'istio/multiCluster: true'), [
      "IM107 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': "
        + "metadata.labels['istio/multiCluster']: boolean true is not a string, and the API server rejects it; write "
        + "it in quotes: 'true'",
    ]],
  ['IM107', 'a boolean environment variable', replaced(DEPLOYMENT, 'value: network1', 'value: no'), [
    "IM107 70-resources/deployment.gateways.rendered.yaml:21:11: Deployment 'rendered': "
      + 'spec.template.spec.containers[0].env[0].value: boolean no is not a string, and the API server rejects it; '
      + "write it in quotes: 'no'",
  ]],
  ['IM107', 'a number in a Secret', replaced(CACERTS, '"stringData": {', '"stringData": {\n  "pin": 1234,'), [
    "IM107 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData.pin: the value is a number "
      + 'and not a string, and the API server rejects it; write it in quotes',
  ]],
  ['IM108', 'a name in upper case',
    replaced(LINK, 'name: istio-remote-secret-cluster2', 'name: istio-remote-secret-Cluster2'), [
      "IM108 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:8:3: Secret 'istio-remote-secret-Cluster2': "
        + "metadata.name: name 'istio-remote-secret-Cluster2' is not a valid object name (up to 253 lower-case "
        + "letters, digits, '-' and '.', starting and ending with a letter or digit); write "
        + "'istio-remote-secret-cluster2'",
    ]],
  ['IM109', 'a label with a space',
    replaced('70-resources/namespace.sample.yaml', 'istio-injection: enabled', 'istio-injection: enabled\n    team: '
      + 'team mesh'), [
      "IM109 70-resources/namespace.sample.yaml:6:5: Namespace 'sample': metadata.labels.team: value 'team mesh' is "
        + "not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter "
        + 'or digit',
    ]],
  ['IM110', 'plain text in data', replaced(LINK, 'stringData:', 'data:'), [
    "IM110 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': "
      + 'data.cluster2: the value is not valid base64, so the API server rejects the Secret; move it to stringData',
  ]],
];

export const ACCEPTED: AcceptedCases = [
  ['names of roles, which may have colons', added('role.yaml', () => 'apiVersion: rbac.authorization.k8s.io/v1\nkind: '
    + 'ClusterRole\nmetadata: {name: "team:Reader"}\n')],
];
