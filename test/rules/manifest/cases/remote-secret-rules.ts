import {
  type AcceptedCases, type ViolationCases, added, GATEWAY, LINK, NAMESPACE, replaced,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM131', 'a label in lower case', replaced(LINK, 'istio/multiCluster:', 'istio/multicluster:'), [
    "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': "
      + "metadata.labels['istio/multicluster']: label 'istio/multicluster' is not the label that istiod looks for, so "
      + "istiod ignores the Secret; write 'istio/multiCluster'",
  ]],
  ['IM131', 'a label with the value yes', replaced(LINK, 'istio/multiCluster: "true"', 'istio/multiCluster: "yes"'), [
    "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': "
      + "metadata.labels['istio/multiCluster']: label 'istio/multiCluster' is 'yes', but istiod looks only for 'true', "
      + 'so it ignores the Secret; write "true"',
  ]],
  ['IM131', 'a remote secret without its label',
    replaced(LINK, '    istio/multiCluster: "true"\n', '    team: mesh\n'), [
      "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:6:3: Secret 'istio-remote-secret-cluster2': "
        + "metadata.labels['istio/multiCluster']: label 'istio/multiCluster' is missing, without which istiod does not "
        + 'discover the Secret; add istio/multiCluster: "true"',
    ]],
  ['IM132', 'a remote secret in another namespace', replaced(LINK, 'namespace: istio-system', 'namespace: default'), [
    "IM132 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:9:3: Secret 'istio-remote-secret-cluster2': "
      + "metadata.namespace: namespace 'default' is not the namespace of istiod, 'istio-system', so istiod does not "
      + "find the Secret; write 'istio-system'",
  ]],
  ['IM133', 'the name of another cluster as the key', replaced(LINK, '  cluster2: |', '  cluster3: |'), [
    "IM133 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': "
      + "stringData.cluster3: key 'cluster3' is the name that istiod gives to the cluster, but the annotation contains "
      + "'cluster2'; rename the key to 'cluster2', or correct the annotation",
  ]],
  ['IM134', 'a remote secret for its own cluster',
    files => files[LINK] = files[LINK].replaceAll('cluster2', 'cluster1'), [
      "IM134 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster1': "
        + "stringData.cluster1: key 'cluster1' is the name of this cluster, and istiod ignores it; apply this Secret "
        + 'to the other clusters, and remove it here',
    ]],
  ['IM135', 'two remote secrets for the same cluster',
    added('secret.again.yaml', files => files[LINK].replace('name: istio-remote-secret-cluster2', 'name: again')), [
      "IM135 70-resources/secret.again.yaml:11:3: Secret 'again': stringData.cluster2: key 'cluster2' is already in "
        + "Secret 'istio-remote-secret-cluster2', and istiod ignores a second one with the same name; remove one of "
        + 'the two',
    ]],
];

export const ACCEPTED: AcceptedCases = [
  ['an encrypted remote secret', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: '
    + 'ENC[AES256_GCM,data:x]\nsops: {version: 3.9.0}\n')],
  ['values that Flux substitutes later', files => [NAMESPACE, LINK, GATEWAY].forEach(file =>
    files[file] = files[file].replaceAll('network1', '${NETWORK}').replace('t0ken', '${TOKEN}'))],
];
