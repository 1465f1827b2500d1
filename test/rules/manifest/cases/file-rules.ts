import {
  type AcceptedCases, type ViolationCases, added, NAMESPACE, READER, replaced,
} from '../../../support/manifest-edits';

export const VIOLATIONS: ViolationCases = [
  ['IM101', 'an unfinished merge', replaced(READER, 'kind: ServiceAccount\n', '<<<<<<< HEAD\nkind: ServiceAccount\n'), [
    'IM101 00-namespace/serviceaccount-istio-mesh-reader-blue.yaml:2:1: the file contains conflict markers (<<<<<<<, '
      + '>>>>>>>) of an unfinished merge; finish the merge',
  ]],
  ['IM101', 'a repeated key',
    replaced(NAMESPACE, '  name: istio-system\n', '  name: istio-system\n  name: istio-mesh\n'), [
      "IM101 00-namespace/namespace-istio-system.yaml:7:3: 'name' is a duplicate key; remove one of the two",
    ]],
  ['IM102', 'a document without a kind', replaced(READER, 'kind: ServiceAccount\n', ''), [
    'IM102 00-namespace/serviceaccount-istio-mesh-reader-blue.yaml:1:1: kind is missing, so this is not a Kubernetes '
      + 'object and is rejected; add it, or move the document to a file that is not applied',
  ]],
  ['IM103', 'a file that does not exist', files => delete files[READER], [
    'IM103 00-namespace/kustomization.yaml:5:3: Kustomization: resources[1]: resources contains '
      + "'serviceaccount-istio-mesh-reader-blue.yaml', which does not exist, so kubectl applies nothing; did you mean "
      + "'serviceaccount-istio-mesh-reader-green.yaml'?",
  ]],
  ['IM103', 'a misspelled directory',
    replaced('kustomization.yaml', '- 50-exposed-services\n', '- 50-exposed-service\n'), [
      "IM103 kustomization.yaml:5:3: Kustomization: resources[1]: resources contains '50-exposed-service', which does "
        + "not exist, so kubectl applies nothing; did you mean '50-exposed-services'?",
      'IM104 50-exposed-services/kustomization.yaml:1:1: Kustomization: no kustomization lists the directory '
        + "'50-exposed-services', so 'kubectl apply -k' of its parent directory does not apply it; add it to the "
        + 'resources there, or remove it',
    ]],
  ['IM103', 'a directory without a kustomization', files => delete files['70-resources/kustomization.yaml'], [
    "IM103 kustomization.yaml:7:3: Kustomization: resources[3]: resources contains '70-resources', a directory without "
      + 'a kustomization.yaml, so kubectl applies nothing; add one to it, or list its files',
  ]],
  ['IM104', 'a file that no kustomization lists',
    replaced('00-namespace/kustomization.yaml', '- secret-istio-mesh-reader-green.yaml\n', ''), [
      "IM104 00-namespace/secret-istio-mesh-reader-green.yaml:1:1: Secret 'istio-mesh-reader-green': no kustomization "
        + "lists '00-namespace/secret-istio-mesh-reader-green.yaml', so 'kubectl apply -k' does not apply it; add it "
        + 'to the resources of the kustomization next to it, or remove it',
    ]],
  ['IM105', 'an object in two files', added('namespace.again.yaml', files => files[NAMESPACE]), [
    "IM105 70-resources/namespace.again.yaml:1:1: Namespace 'istio-system': an object of this kind and name is already "
      + "in '00-namespace/namespace-istio-system.yaml', and the one that is applied last wins; remove one, or rename "
      + 'it',
  ]],
  ['IM105', 'a file that is listed twice',
    replaced('50-exposed-services/kustomization.yaml', 'resources:\n', 'resources:\n- '
      + 'gateway-cross-network-gateway.yaml\n'), [
      'IM105 50-exposed-services/kustomization.yaml:5:3: Kustomization: resources[1]: resources contains '
        + "'gateway-cross-network-gateway.yaml' twice, which kustomize rejects; remove one of the two",
    ]],
  ['IM106', 'an IstioOperator that is applied',
    replaced('kustomization.yaml', '- 70-resources\n', '- 70-resources\n- istioctl/eastwest.yaml\n'), [
      "IM106 istioctl/eastwest.yaml:1:1: IstioOperator 'eastwest': the IstioOperator is applied with the rest of its "
        + 'directory, but clusters do not accept this kind since Istio 1.24; move its file to the directory istioctl/, '
        + 'and pass it to istioctl',
    ]],
];

export const ACCEPTED: AcceptedCases = [
  ['a patch, and resources from elsewhere', files => {
    files['70-resources/kustomization.yaml'] += 'patches:\n- path: patch.yaml\n';
    files['70-resources/patch.yaml'] = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample, labels: '
      + '{istio-injection: no}}\n';
    replaced('kustomization.yaml', '- 70-resources\n', '- 70-resources\n- ../base\n- '
      + 'https://example.com/objects.yaml\n')(files);
  }],
];
