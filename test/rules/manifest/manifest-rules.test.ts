import { md, pki } from 'node-forge';
import { parse } from 'yaml';
import type { MeshProps } from '../../../src';
import { RemoteCredentials, SecretValue } from '../../../src';
import { judged } from '../../../src/core/rule';
import { DocumentTexts } from '../../../src/rules/manifest/documents';
import { MANIFEST_RULES } from '../../../src/rules/manifest/manifest-rules';
import { manifestsOf } from '../../../src/rules/manifest/manifests';
import type { Certificate } from '../../e2e/lab/certificates';
import { certificate } from '../../e2e/lab/certificates';
import type { Files } from '../../support/mesh-util';
import { directoryWith, treeOf, twoNetworks } from '../../support/mesh-util';
import { CA_PEM } from '../../support/util';

const READER = '00-namespace/serviceaccount-istio-mesh-reader-blue.yaml';
const CONTROL_PLANE = 'istioctl/control-plane.yaml';
const CANARY = 'istioctl/control-plane-1-32-0.yaml';
const GATEWAY = 'istioctl/eastwest.yaml';
const NAMESPACE = '00-namespace/namespace-istio-system.yaml';
const EXPOSED = '50-exposed-services/gateway-cross-network-gateway.yaml';
const LINK = '60-remote-secrets/secret-istio-remote-secret-cluster2.yaml';
const SERVICE = '70-resources/service.gateways.rendered.yaml';
const DEPLOYMENT = '70-resources/deployment.gateways.rendered.yaml';
const CACERTS = '70-resources/secret.istio-system.cacerts.yaml';
const DESTINATION_RULE = '70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml';

const texts = new DocumentTexts();

/** What the rules find in the files of a cluster: code, place below its directory, and message. */
function findingsOf(files: Files): string[] {
  const cluster = manifestsOf('cluster1', new Map(Object.entries(files)), texts);
  return judged(MANIFEST_RULES, cluster).map(([{ code }, [[index, ...keys], message]]) =>
    `${code} ${cluster.manifests[index as number].place(keys).replace('cluster1/', '')}: ${message}`);
}

/** What they find in the tree after somebody edited it. */
function findingsAfter(edit: Edit): string[] {
  const files = { ...tree };
  edit(files);
  return findingsOf(files);
}

/** Objects of users and of other tools, beside those that this library makes. */
const RESOURCES = `
apiVersion: v1
kind: Namespace
metadata: {name: sample, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: canary, labels: {istio.io/rev: 1-32-0}}
---
apiVersion: v1
kind: Namespace
metadata: {name: gateways}
---
apiVersion: v1
kind: Service
metadata:
  name: rendered
  namespace: gateways
  labels: {app: rendered, istio: rendered, topology.istio.io/network: network1}
  annotations: {networking.istio.io/exportTo: '*'}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [10.0.0.0/8]
  selector: {app: rendered, istio: rendered, topology.istio.io/network: network1}
  ports: [{name: status-port, port: 15021, targetPort: 15021}, {name: tls, port: 15443, targetPort: 15443}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: rendered, namespace: gateways}
spec:
  selector: {matchLabels: {app: rendered}}
  template:
    metadata:
      labels: {app: rendered, istio: rendered, istio.io/rev: default, topology.istio.io/network: network1}
    spec:
      containers:
      - name: istio-proxy
        image: auto
        env: [{name: ISTIO_META_REQUESTED_NETWORK_VIEW, value: network1}]
        ports: [{name: http-envoy-prom, containerPort: 15090}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: helloworld, namespace: sample}
spec:
  host: helloworld.sample.svc.cluster.local
  exportTo: ['.']
  trafficPolicy:
    loadBalancer: {localityLbSetting: {failover: [{from: east, to: west}]}}
    outlierDetection: {consecutive5xxErrors: 1}
    tls: {mode: ISTIO_MUTUAL}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec: {mtls: {mode: STRICT}}
`;

const SETTINGS: Partial<MeshProps> = {
  remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('t0ken')),
  caData: CA_PEM,
  canary: { revision: '1-32-0', istioVersion: '1.32.0' },
  meshConfig: { trustDomain: 'example.org' },
  eastWestGateway: { service: { loadBalancerSourceRanges: ['10.0.0.0/8'], annotations: { team: 'mesh' } } },
};

/** What somebody does to a tree. */
type Edit = (files: { [path: string]: string }) => void;

let root: Certificate;
let signer: Certificate;
let leaf: Certificate;
let tree: Files;

beforeAll(async () => {
  root = await certificate({ commonName: 'root' });
  signer = await certificate({ commonName: 'signer', issuer: root });
  leaf = await certificate({ commonName: 'leaf', issuer: root, hosts: ['istiod.istio-system.svc'] });
  const files = {
    'ca-cert.pem': signer.certificate,
    'ca-key.pem': signer.key,
    'cert-chain.pem': signer.certificate + root.certificate,
    'root-cert.pem': root.certificate,
  };
  const cacerts = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: files });
  const resources = `${directoryWith({ 'resources.yaml': RESOURCES, 'secret.json': cacerts })}/*`;
  const all = Object.entries(treeOf({ ...twoNetworks(SETTINGS), resources: [resources] }));
  const ofOne = Object.fromEntries(all.filter(([path]) => path.startsWith('cluster1/')).map(([path, text]) => [path.slice('cluster1/'.length), text]));
  tree = { ...ofOne, [CACERTS]: JSON.stringify(parse(ofOne[CACERTS]), undefined, 1) }; // a line for each file, however long
});

/** Puts something else in the place of a text that stands in a file once. */
function replaced(file: string, from: string, to: string): Edit {
  return files => {
    expect(`${files[file]}`.split(from)).toHaveLength(2);
    files[file] = files[file].replace(from, () => to);
  };
}

/** The same in every file. */
function everywhere(from: string, to: string): Edit {
  return files => Object.keys(files).forEach(file => files[file] = files[file].split(from).join(to));
}

/** Adds an object, and names its file where it is applied. */
/** What istiods allow in kubeconfigs. */
function allowing(words: string): (files: { [path: string]: string }, ...istiods: string[]) => void {
  return (files, ...istiods) => istiods.forEach(istiod =>
    replaced(istiod, '  values:\n', `  values:\n    pilot:\n      env: {PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: "${words}"}\n`)(files));
}

function added(file: string, text: (files: Files) => string): Edit {
  return files => {
    files[`70-resources/${file}`] = text(files);
    files['70-resources/kustomization.yaml'] = files['70-resources/kustomization.yaml'].replace('resources:\n', `resources:\n- ${file}\n`);
  };
}

/** Removes files, and lines that name them. */
function removed(directory: string): Edit {
  return files => {
    Object.keys(files).filter(file => file.startsWith(directory)).forEach(file => delete files[file]);
    everywhere(`- ${directory}\n`, '')(files);
  };
}

/** The authority with other files. */
function authority(change: () => Files): Edit {
  return files => {
    const secret = JSON.parse(files[CACERTS]);
    files[CACERTS] = JSON.stringify({ ...secret, stringData: { ...secret.stringData, ...change() } }, undefined, 1);
  };
}

/** The certificate of the authority, changed and signed anew. */
function resigned(change: (signed: pki.Certificate) => void, digest: md.MessageDigest = md.sha256.create()): string {
  const signed = pki.certificateFromPem(signer.certificate);
  change(signed);
  signed.sign(pki.privateKeyFromPem(root.key), digest);
  return pki.certificateToPem(signed);
}

/** A JSON Web Token that ends. */
function token(end: string): string {
  return ['e30', Buffer.from(JSON.stringify({ exp: Date.parse(end) / 1000 })).toString('base64url'), 'x'].join('.');
}

const CASES: ReadonlyArray<readonly [code: string, what: string, edit: Edit, messages: readonly string[]]> = [
  ['IM101', 'an unfinished merge', replaced(READER, 'kind: ServiceAccount\n', '<<<<<<< HEAD\nkind: ServiceAccount\n'), [
    'IM101 00-namespace/serviceaccount-istio-mesh-reader-blue.yaml:2:1: the file has lines of an unfinished merge (<<<<<<<, >>>>>>>), with which nobody can read it; finish the merge',
  ]],
  ['IM101', 'a key that stands twice', replaced(NAMESPACE, '  name: istio-system\n', '  name: istio-system\n  name: istio-mesh\n'), [
    "IM101 00-namespace/namespace-istio-system.yaml:7:3: 'name' stands here a second time; remove one of the two",
  ]],
  ['IM102', 'a document without a kind', replaced(READER, 'kind: ServiceAccount\n', ''), [
    'IM102 00-namespace/serviceaccount-istio-mesh-reader-blue.yaml:1:1: kind is missing, without which this is no Kubernetes object and is refused; add it, or move the document out of what is applied',
  ]],
  ['IM103', 'a file that is not there', files => delete files[READER], [
    "IM103 00-namespace/kustomization.yaml:5:3: Kustomization: resources[1]: resources names 'serviceaccount-istio-mesh-reader-blue.yaml', which is not there, so that kubectl applies nothing; did you mean 'serviceaccount-istio-mesh-reader-green.yaml'?",
  ]],
  ['IM103', 'a misspelt directory', replaced('kustomization.yaml', '- 50-exposed-services\n', '- 50-exposed-service\n'), [
    "IM103 kustomization.yaml:5:3: Kustomization: resources[1]: resources names '50-exposed-service', which is not there, so that kubectl applies nothing; did you mean '50-exposed-services'?",
    "IM104 50-exposed-services/kustomization.yaml:1:1: Kustomization: no kustomization names the directory '50-exposed-services', so that 'kubectl apply -k' of the one above leaves it out; add it to the resources there, or remove it",
  ]],
  ['IM103', 'a directory without a kustomization', files => delete files['70-resources/kustomization.yaml'], [
    "IM103 kustomization.yaml:7:3: Kustomization: resources[3]: resources names '70-resources', a directory without a kustomization.yaml, so that kubectl applies nothing; add one to it, or name its files",
  ]],
  ['IM104', 'a file that no kustomization names', replaced('00-namespace/kustomization.yaml', '- secret-istio-mesh-reader-green.yaml\n', ''), [
    "IM104 00-namespace/secret-istio-mesh-reader-green.yaml:1:1: Secret 'istio-mesh-reader-green': no kustomization names '00-namespace/secret-istio-mesh-reader-green.yaml', so that 'kubectl apply -k' leaves it out; add it to the resources of the kustomization beside it, or remove it",
  ]],
  ['IM105', 'an object that stands twice', added('namespace.again.yaml', files => files[NAMESPACE]), [
    "IM105 70-resources/namespace.again.yaml:1:1: Namespace 'istio-system': an object of this kind and name stands in '00-namespace/namespace-istio-system.yaml' already, and of the two the one that is applied last wins; remove one, or name it differently",
  ]],
  ['IM105', 'a file that is listed twice', replaced('50-exposed-services/kustomization.yaml', 'resources:\n', 'resources:\n- gateway-cross-network-gateway.yaml\n'), [
    "IM105 50-exposed-services/kustomization.yaml:5:3: Kustomization: resources[1]: resources names 'gateway-cross-network-gateway.yaml' twice, which kustomize refuses; remove one of the two",
  ]],
  ['IM106', 'an IstioOperator among what is applied', replaced('kustomization.yaml', '- 70-resources\n', '- 70-resources\n- istioctl/eastwest.yaml\n'), [
    "IM106 istioctl/eastwest.yaml:1:1: IstioOperator 'eastwest': the IstioOperator is applied with the rest of its directory, and no cluster takes that kind since Istio 1.24; move its file to the directory istioctl/, and give it to istioctl",
  ]],
  ['IM107', 'a label that is a number', replaced(NAMESPACE, 'network: network1', 'network: 1.30'), [
    "IM107 00-namespace/namespace-istio-system.yaml:5:5: Namespace 'istio-system': metadata.labels['topology.istio.io/network']: number 1.30 stands where a string belongs, which the API server refuses; write it in quotes: '1.30'",
  ]],
  ['IM107', 'the label of a link that is a boolean', replaced(LINK, 'istio/multiCluster: "true"', 'istio/multiCluster: true'), [
    "IM107 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': metadata.labels['istio/multiCluster']: boolean true stands where a string belongs, which the API server refuses; write it in quotes: 'true'",
  ]],
  ['IM107', 'a variable that is a boolean', replaced(DEPLOYMENT, 'value: network1', 'value: no'), [
    "IM107 70-resources/deployment.gateways.rendered.yaml:21:11: Deployment 'rendered': spec.template.spec.containers[0].env[0].value: boolean no stands where a string belongs, which the API server refuses; write it in quotes: 'no'",
  ]],
  ['IM107', 'a number among secret values', replaced(CACERTS, '"stringData": {', '"stringData": {\n  "pin": 1234,'), [
    "IM107 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData.pin: a number stands where a string belongs, which the API server refuses; write it in quotes",
  ]],
  ['IM108', 'a name in upper case', replaced(LINK, 'name: istio-remote-secret-cluster2', 'name: istio-remote-secret-Cluster2'), [
    "IM108 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:8:3: Secret 'istio-remote-secret-Cluster2': metadata.name: name 'istio-remote-secret-Cluster2' is refused by the API server: up to 253 lower-case letters, digits, '-' and '.', a letter or digit first and last; write 'istio-remote-secret-cluster2'",
  ]],
  ['IM109', 'a label with a space', replaced('70-resources/namespace.sample.yaml', 'istio-injection: enabled', 'istio-injection: enabled\n    team: team mesh'), [
    "IM109 70-resources/namespace.sample.yaml:6:5: Namespace 'sample': metadata.labels.team: label value 'team mesh' is no label value: 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first and last",
  ]],
  ['IM110', 'plain text where base64 belongs', replaced(LINK, 'stringData:', 'data:'), [
    "IM110 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': data.cluster2: data holds base64 alone, and this is none, so that the API server refuses the Secret; put it under stringData",
  ]],
  ['IM111', 'the name that every cluster has', replaced(CONTROL_PLANE, 'clusterName: cluster1', 'clusterName: Kubernetes'), [
    "IM111 istioctl/control-plane.yaml:13:9: IstioOperator 'control-plane': spec.values.global.multiCluster.clusterName: clusterName 'Kubernetes' is what every istiod without a name calls itself, and two of one name ignore each other; write the name of this cluster",
  ]],
  ['IM111', 'a control plane without the name of its cluster', replaced(CANARY, '      multiCluster:\n        clusterName: cluster1\n', ''), [
    "IM111 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': spec.values.global.multiCluster.clusterName: the name of the cluster is missing, so that istiod calls it 'Kubernetes' like every other one without a name, and they ignore each other; write values.global.multiCluster.clusterName",
  ]],
  ['IM112', 'a name that no Secret can have', everywhere('clusterName: cluster1', 'clusterName: Cluster_1'), [
    "IM112 istioctl/control-plane.yaml:13:9: IstioOperator 'control-plane': spec.values.global.multiCluster.clusterName: clusterName 'Cluster_1' is not a DNS label: 1 to 63 lower-case letters, digits and '-', a letter or digit first and last; write 'cluster-1'",
    "IM112 istioctl/control-plane-1-32-0.yaml:21:9: IstioOperator 'control-plane-1-32-0': spec.values.global.multiCluster.clusterName: clusterName 'Cluster_1' is not a DNS label: 1 to 63 lower-case letters, digits and '-', a letter or digit first and last; write 'cluster-1'",
  ]],
  ['IM113', 'control planes on two networks', replaced(CANARY, 'network: network1', 'network: network2'), [
    "IM113 istioctl/control-plane-1-32-0.yaml:22:7: IstioOperator 'control-plane-1-32-0': spec.values.global.network: network is 'network2', and is 'network1' in IstioOperator 'control-plane', so that the two control planes of this cluster tell their proxies different things; say the same in both",
  ]],
  ['IM113', 'a control plane without a network', replaced(CANARY, '      network: network1\n', ''), [
    "IM113 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': spec.values.global.network: network is missing, and is 'network1' in IstioOperator 'control-plane', so that the two control planes of this cluster tell their proxies different things; say the same in both",
  ]],
  ['IM114', 'a misspelt key', replaced(CANARY, 'multiCluster:', 'multicluster:'), [
    "IM111 istioctl/control-plane-1-32-0.yaml:18:5: IstioOperator 'control-plane-1-32-0': spec.values.global.multiCluster.clusterName: the name of the cluster is missing, so that istiod calls it 'Kubernetes' like every other one without a name, and they ignore each other; write values.global.multiCluster.clusterName",
    "IM114 istioctl/control-plane-1-32-0.yaml:20:7: IstioOperator 'control-plane-1-32-0': spec.values.global.multicluster: 'multicluster' is not a key here; did you mean 'multiCluster'?",
  ]],
  ['IM114', 'a misspelt key at the top', replaced(GATEWAY, 'metadata:', 'metdata:'), [
    "IM114 istioctl/eastwest.yaml:3:1: IstioOperator: metdata: 'metdata' is not a key here; did you mean 'metadata'?",
    "IM117 istioctl/eastwest.yaml:1:1: IstioOperator: metadata.name is missing, so that 'istioctl install' of this file removes what 'istioctl/control-plane.yaml' installed; name it, e.g. eastwest",
  ]],
  ['IM115', 'a key that nobody knows', replaced(CONTROL_PLANE, 'meshID: mesh1', 'meshID: mesh1\n      federation: true'), [
    "IM115 istioctl/control-plane.yaml:12:7: IstioOperator 'control-plane': spec.values.global.federation: 'federation' is not a key here; use one of agentgateway, arch, caAddress, caName, certSigners, configCluster, configValidation, defaultNodeSelector, defaultPodDisruptionBudget, defaultResources, defaultTolerations, enableReaderRBAC, …",
  ]],
  ['IM116', 'a name that is a number', replaced(CONTROL_PLANE, 'meshID: mesh1', 'meshID: 007'), [
    "IM116 istioctl/control-plane.yaml:11:7: IstioOperator 'control-plane': spec.values.global.meshID: number 007 stands where a string belongs; write it in quotes: '007'",
  ]],
  ['IM117', 'an IstioOperator without a name', replaced(CONTROL_PLANE, '  name: control-plane\n', ''), [
    "IM117 istioctl/control-plane.yaml:1:1: IstioOperator: metadata.name is missing, so that 'istioctl install' of this file removes what 'istioctl/eastwest.yaml' installed; name it, e.g. control-plane",
  ]],
  ['IM117', 'IstioOperators of one name', replaced(GATEWAY, 'name: eastwest\n', 'name: control-plane\n'), [
    "IM117 istioctl/eastwest.yaml:4:3: IstioOperator 'control-plane': metadata.name: name 'control-plane' is that of another IstioOperator of revision 'default' already, so that each installation removes what the other brought; give each a name of its own",
  ]],
  ['IM118', "two documents in a file of istioctl's", files => files[CANARY] += `---\n${files[EXPOSED]}`, [
    "IM118 istioctl/control-plane-1-32-0.yaml:24:1: Gateway 'cross-network-gateway': istioctl takes one IstioOperator in a file and nothing else, and this is a second document; move it to a file of its own",
  ]],
  ['IM119', 'a revision with dots', everywhere('1-32-0', '1.32.0'), [
    "IM119 istioctl/control-plane-1-32-0.yaml:16:3: IstioOperator 'control-plane-1.32.0': spec.revision: revision '1.32.0' has dots, which Istio refuses in a revision; write '1-32-0'",
  ]],
  ['IM120', 'a gateway of a revision that is not there', replaced(GATEWAY, 'revision: ""', 'revision: 1-32-1'), [
    "IM120 istioctl/eastwest.yaml:32:3: IstioOperator 'eastwest': spec.revision: revision '1-32-1' is not installed here, so that nobody would inject the gateway, and its pod never starts; did you mean '1-32-0'?",
  ]],
  ['IM120', 'a rendered gateway of a tag that is not there', replaced(DEPLOYMENT, 'istio.io/rev: default', 'istio.io/rev: stable'), [
    "IM120 70-resources/deployment.gateways.rendered.yaml:15:9: Deployment 'rendered': spec.template.metadata.labels['istio.io/rev']: revision 'stable' is not installed here, so that nobody would inject the gateway, and its pod never starts; use one of default, 1-32-0",
  ]],
  ['IM121', 'a namespace that has no effect', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  namespace: mesh\n'), [
    "IM121 istioctl/control-plane.yaml:7:3: IstioOperator 'control-plane': spec.namespace: namespace 'mesh' is not values.global.istioNamespace, 'istio-system', into which alone istioctl installs; write 'mesh' there too",
  ]],
  ['IM122', 'a port that only root can open', replaced(GATEWAY, 'targetPort: 15021', 'targetPort: 443'), [
    "IM122 istioctl/eastwest.yaml:18:13: IstioOperator 'eastwest': spec.components.ingressGateways[0].k8s.service.ports[0]: targetPort 443 of 'status-port' is refused by istioctl, since the gateway's pods run without privileges: 1024 to 65535; set targetPort, e.g. 8021",
  ]],
  ['IM123', 'a gateway that two IstioOperators install', replaced(CANARY, '    ingressGateways:\n    - enabled: false\n      name: istio-ingressgateway\n', ''), [
    "IM123 istioctl/control-plane.yaml:1:1: IstioOperator 'control-plane': gateway 'istio-ingressgateway' is installed by 'istioctl/control-plane-1-32-0.yaml' already, and each installation takes it from the other; list it in one of them, and with enabled: false in the other",
  ]],
  ['IM124', 'words that are no text without quotes', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  hub: "007"\n  tag: a b\n'), [
    "IM124 istioctl/control-plane.yaml:7:3: IstioOperator 'control-plane': spec.hub: hub '007' is no text to istioctl, even in quotes; write its host too, e.g. 'docker.io/007'",
    "IM124 istioctl/control-plane.yaml:8:3: IstioOperator 'control-plane': spec.tag: tag 'a b' is no tag of an image: 1 to 128 letters, digits, '_', '.' and '-', the last two not first; write e.g. '1.31.0'",
  ]],
  ['IM124', 'names in values that are no text without quotes', replaced(CONTROL_PLANE, '  values:\n', "  values:\n    revisionTags: ['no', prod]\n"), [
    "IM124 istioctl/control-plane.yaml:10:20: IstioOperator 'control-plane': spec.values.revisionTags[0]: revisionTags 'no' is no text where Istio's charts write it without quotes, and the API server refuses it; write e.g. 'tag-no'",
  ]],
  ['IM124', 'a trust domain that is none', everywhere('trustDomain: example.org', 'trustDomain: spiffe://example.org'), [
    "IM124 istioctl/control-plane-1-32-0.yaml:15:5: IstioOperator 'control-plane-1-32-0': spec.meshConfig.trustDomain: meshConfig.trustDomain 'spiffe://example.org' is no domain name: labels of letters, digits and '-' with dots between them; write e.g. 'example.org'",
    "IM124 istioctl/control-plane.yaml:8:5: IstioOperator 'control-plane': spec.meshConfig.trustDomain: meshConfig.trustDomain 'spiffe://example.org' is no domain name: labels of letters, digits and '-' with dots between them; write e.g. 'example.org'",
  ]],
  ['IM131', 'a label in lower case', replaced(LINK, 'istio/multiCluster:', 'istio/multicluster:'), [
    "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': metadata.labels['istio/multicluster']: label 'istio/multicluster' is none that istiod looks for, so that it ignores the Secret; write 'istio/multiCluster'",
  ]],
  ['IM131', 'a label that says yes', replaced(LINK, 'istio/multiCluster: "true"', 'istio/multiCluster: "yes"'), [
    "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:7:5: Secret 'istio-remote-secret-cluster2': metadata.labels['istio/multiCluster']: label 'istio/multiCluster' is 'yes', and istiod looks for 'true' alone, so that it ignores the Secret; write \"true\"",
  ]],
  ['IM131', 'a link without its label', replaced(LINK, '    istio/multiCluster: "true"\n', '    team: mesh\n'), [
    "IM131 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:6:3: Secret 'istio-remote-secret-cluster2': metadata.labels['istio/multiCluster']: label 'istio/multiCluster' is missing, by which alone istiod finds the Secret; write istio/multiCluster: \"true\"",
  ]],
  ['IM132', 'a link in another namespace', replaced(LINK, 'namespace: istio-system', 'namespace: default'), [
    "IM132 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:9:3: Secret 'istio-remote-secret-cluster2': metadata.namespace: namespace 'default' is not 'istio-system', where istiod runs, and it looks nowhere else; write 'istio-system'",
  ]],
  ['IM133', "a key that is another cluster's name", replaced(LINK, '  cluster2: |', '  cluster3: |'), [
    "IM133 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster3: key 'cluster3' is the name that istiod gives to the cluster, and the annotation says 'cluster2'; write the key as 'cluster2', or correct the other",
  ]],
  ['IM134', 'a link of the cluster with itself', files => files[LINK] = files[LINK].replaceAll('cluster2', 'cluster1'), [
    "IM134 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster1': stringData.cluster1: key 'cluster1' is the name of this cluster itself, and istiod ignores it; apply this Secret to the other clusters, and remove it here",
  ]],
  ['IM135', 'two links with one cluster', added('secret.again.yaml', files => files[LINK].replace('name: istio-remote-secret-cluster2', 'name: again')), [
    "IM135 70-resources/secret.again.yaml:11:3: Secret 'again': stringData.cluster2: key 'cluster2' stands in Secret 'istio-remote-secret-cluster2' already, and istiod ignores the second of a name; remove one of the two",
  ]],
  ['IM136', 'a context that is not there', replaced(LINK, 'current-context: cluster2', 'current-context: cluster1'), [
    "IM136 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: current-context 'cluster1' is none of the contexts, and istiod refuses the kubeconfig; did you mean 'cluster2'?",
  ]],
  ['IM136', 'a context of no user', replaced(LINK, 'user: cluster2', 'user: admin'), [
    "IM136 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: contexts[0].context.user 'admin' is none of the users, and istiod refuses the kubeconfig; use one of cluster2",
  ]],
  ['IM136', 'an empty kubeconfig', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: ""\n'), [
    "IM136 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: the kubeconfig is empty, and istiod refuses it; make the Secret with istioctl create-remote-secret",
  ]],
  ['IM137', 'the address of one machine', replaced(LINK, 'server: https://cluster2.example.com:6443', 'server: https://127.0.0.1:6443'), [
    "IM137 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: clusters[0].cluster.server 'https://127.0.0.1:6443' is a loopback address, which the other clusters cannot reach; write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443",
  ]],
  ['IM137', 'a proxy that istiod cannot use', replaced(LINK, 'server: https:', 'proxy-url: ftp://proxy.example.com\n        server: https:'), [
    "IM137 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: clusters[0].cluster.proxy-url 'ftp://proxy.example.com' is not a valid http, https or socks5 URL; write e.g. http://10.0.0.1:3128",
  ]],
  ['IM138', 'an authority that kubectl did not print', files => files[LINK] = files[LINK].replace(/(certificate-authority-data:) .*/, '$1 DATA+OMITTED'), [
    "IM138 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: clusters[0].cluster.certificate-authority-data is no certificate in base64, and istiod refuses the kubeconfig; write the base64 of the PEM text of the API server's CA",
  ]],
  ['IM139', 'no authority at all', files => files[LINK] = files[LINK].replace(/ +certificate-authority-data: .*\n/, ''), [
    "IM139 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: clusters[0].cluster has no certificate-authority-data, so that istiod trusts this API server only if a public authority signed its certificate; give its CA",
  ]],
  ['IM140', "Rancher's proxy", replaced(LINK, 'server: https://cluster2.example.com:6443', 'server: https://rancher.example.com/k8s/clusters/c-1'), [
    "IM140 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: clusters[0].cluster.server 'https://rancher.example.com/k8s/clusters/c-1' is Rancher's proxy, which takes no token of a service account; give the cluster's own endpoint",
  ]],
  ['IM141', 'a program that gives the token', replaced(LINK, 'token: t0ken', 'exec: {command: aws}'), [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.exec is refused by istiod, which would have to run a program that is not in its image; use a token, or list 'exec' in PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod here, as unsafeExec in a mesh does",
  ]],
  ['IM141', 'a program that one of two istiods may run', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE);
  }, [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.exec is refused by istiod, which would have to run a program that is not in its image; use a token, or list 'exec' in PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod here, as unsafeExec in a mesh does",
  ]],
  ['IM141', 'a program in a list with a blank, which is a part of the word to istiod', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey, exec')(files, CONTROL_PLANE, CANARY);
  }, [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.exec is refused by istiod, which would have to run a program that is not in its image; use a token, or list 'exec' in PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod here, as unsafeExec in a mesh does",
  ]],
  ['IM141', 'a program that Helm values allow and Kubernetes settings do not', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE, CANARY);
    replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  components: {pilot: {k8s: {env: [{name: PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS, value: clientKey}]}}}\n')(files);
  }, [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.exec is refused by istiod, which would have to run a program that is not in its image; use a token, or list 'exec' in PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod here, as unsafeExec in a mesh does",
  ]],
  ['IM141', 'a file with a token', replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token'), [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.tokenFile is refused by istiod, since a kubeconfig may name no file of its container; use a token, or list 'tokenFile' in PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod here, as unsafeTokenFile in a mesh does",
  ]],
  ['IM141', 'a provider that istiod does not have', replaced(LINK, 'token: t0ken', 'auth-provider: {name: gcp}'), [
    "IM141 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.auth-provider 'gcp' is none that istiod has, whatever it is told to allow; use a token, or a program, as unsafeExec in a mesh does",
  ]],
  ['IM142', 'a token that kubectl did not print', replaced(LINK, 'token: t0ken', 'token: REDACTED'), [
    "IM142 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.token is a placeholder and no credential, such as 'kubectl config view' prints without --raw; make the Secret with istioctl create-remote-secret",
  ]],
  ['IM142', 'no token', replaced(LINK, 'token: t0ken', 'token: ""'), [
    "IM142 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user has no credentials, so that the API server knows nobody and refuses istiod; give the token of the reader account",
  ]],
  ['IM143', 'a token of yesteryear', replaced(LINK, 'token: t0ken', `token: ${token('2020-01-01')}`), [
    "IM143 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.token ended on 2020-01-01, and the API server refuses it; make the Secret anew, with a token that does not end",
  ]],
  ['IM144', 'a token that ends', replaced(LINK, 'token: t0ken', `token: ${token('2100-01-01')}`), [
    "IM144 60-remote-secrets/secret-istio-remote-secret-cluster2.yaml:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: users[0].user.token ends on 2100-01-01, and nobody renews it; use the token of a token Secret, or renew it before",
  ]],
  ['IM145', 'a token in its Secret', replaced('00-namespace/secret-istio-mesh-reader-blue.yaml', 'kind: Secret\n', 'kind: Secret\ndata: {token: dDBrZW4=}\n'), [
    "IM145 00-namespace/secret-istio-mesh-reader-blue.yaml:3:8: Secret 'istio-mesh-reader-blue': data.token: a token stands here in plain text, for everybody who reads the tree; keep it out of version control, e.g. encrypted, or make the Secret in the cluster",
  ]],
  ['IM151', 'a gateway that sees another network', replaced(GATEWAY, 'value: network1', 'value: network2'), [
    "IM151 istioctl/eastwest.yaml:13:11: IstioOperator 'eastwest': spec.components.ingressGateways[0].k8s.env[0].value: ISTIO_META_REQUESTED_NETWORK_VIEW says network 'network2', and the gateway is for 'network1' elsewhere; write 'network1' in every place",
  ]],
  ['IM151', 'a gateway without its label', replaced(GATEWAY, '        topology.istio.io/network: network1\n', ''), [
    "IM151 istioctl/eastwest.yaml:9:7: IstioOperator 'eastwest': spec.components.ingressGateways[0]: the label topology.istio.io/network is missing, by which alone istiod finds the gateway of a network; write topology.istio.io/network: network1",
  ]],
  ['IM151', 'a Service that selects another network', replaced(SERVICE, 'selector:\n    app: rendered\n    istio: rendered\n    topology.istio.io/network: network1', 'selector:\n    app: rendered\n    istio: rendered\n    topology.istio.io/network: network2'), [
    "IM151 70-resources/service.gateways.rendered.yaml:25:5: Service 'rendered': spec.selector['topology.istio.io/network']: the selector says network 'network2', and the gateway is for 'network1' elsewhere; write 'network1' in every place",
  ]],
  ['IM151', 'a rendered gateway that sees every network', replaced(DEPLOYMENT, 'ISTIO_META_REQUESTED_NETWORK_VIEW', 'TEAM'), [
    "IM151 70-resources/deployment.gateways.rendered.yaml:19:9: Deployment 'rendered': spec.template.spec.containers[0].env: the variable ISTIO_META_REQUESTED_NETWORK_VIEW is missing, without which the gateway sends requests on to other networks; set it to 'network1'",
  ]],
  ['IM152', 'a gateway of another network', files => files[GATEWAY] = files[GATEWAY].replaceAll('network1', 'network2'), [
    "IM152 istioctl/eastwest.yaml:29:9: IstioOperator 'eastwest': spec.components.ingressGateways[0].label['topology.istio.io/network']: network 'network2' is not 'network1', that of IstioOperator 'control-plane': no endpoint of this cluster is on 'network2', so that istiod never chooses the gateway; write 'network1'",
  ]],
  ['IM153', 'a gateway without the port of the others', replaced(GATEWAY, 'port: 15443', 'port: 443'), [
    "IM153 istioctl/eastwest.yaml:17:11: IstioOperator 'eastwest': spec.components.ingressGateways[0].k8s.service.ports: the Service has no port 15443, at which the other networks look for the gateway of its label topology.istio.io/network, so that istiod ignores it; add the port, or remove the label where this is no gateway",
  ]],
  ['IM153', 'a Service with the label of a gateway', added('service.yaml', () => 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  labels: {topology.istio.io/network: network1}\nspec:\n  type: ClusterIP\n  externalIPs: [10.0.0.1]\n  ports: [{port: 80}]\n'), [
    "IM153 70-resources/service.yaml:9:3: Service 'web': spec.ports: the Service has no port 15443, at which the other networks look for the gateway of its label topology.istio.io/network, so that istiod ignores it; add the port, or remove the label where this is no gateway",
  ]],
  ['IM154', 'a gateway without an address', replaced(SERVICE, 'type: LoadBalancer', 'type: ClusterIP'), [
    "IM154 70-resources/service.gateways.rendered.yaml:26:3: Service 'rendered': spec.type: type 'ClusterIP' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort with the annotation traffic.istio.io/nodeSelector, or externalIPs",
  ]],
  ['IM154', 'node ports of no nodes', replaced(GATEWAY, 'service:\n', 'service:\n          type: NodePort\n'), [
    "IM154 istioctl/eastwest.yaml:15:11: IstioOperator 'eastwest': spec.components.ingressGateways[0].k8s.service.type: type 'NodePort' gives the gateway no address that istiod knows; add the annotation traffic.istio.io/nodeSelector with the labels of the nodes to reach it at",
  ]],
  ['IM155', 'istiod behind the gateway', replaced(SERVICE, 'ports:\n', 'ports:\n  - {name: tls-istiod, port: 15012, targetPort: 15012}\n'), [
    "IM155 70-resources/service.gateways.rendered.yaml:16:5: Service 'rendered': spec.ports[0]: ports has 'tls-istiod' with 15012, a port of istiod, which no cluster of a multi-primary mesh asks through a gateway; remove it",
  ]],
  ['IM156', 'a gateway that is open to all', replaced(SERVICE, '  loadBalancerSourceRanges:\n  - 10.0.0.0/8\n', ''), [
    "IM156 70-resources/service.gateways.rendered.yaml:12:1: Service 'rendered': spec: the load balancer may be public, and open to every address; make it internal, or set service.loadBalancerSourceRanges to where the other networks come from",
  ]],
  ['IM156', 'a gateway whose ranges are everybody', replaced(SERVICE, '- 10.0.0.0/8', '- 0.0.0.0/0'), [
    "IM156 70-resources/service.gateways.rendered.yaml:12:1: Service 'rendered': spec: service.loadBalancerSourceRanges has '0.0.0.0/0', which is every address, and the load balancer may be public; write where the other networks come from",
  ]],
  ['IM157', 'a load balancer that ends TLS', replaced(GATEWAY, 'team: mesh', 'service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn'), [
    "IM157 istioctl/eastwest.yaml:24:9: IstioOperator 'eastwest': spec.components.ingressGateways[0].k8s.serviceAnnotations: annotation 'service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn' lets the load balancer end TLS, which only the other side's proxy may do; remove it",
  ]],
  ['IM158', 'a port without a name', replaced(SERVICE, 'name: tls\n    port', 'port'), [
    "IM158 70-resources/service.gateways.rendered.yaml:19:5: Service 'rendered': spec.ports[1]: name is missing, which the API server asks for where a Service has several ports; write one",
  ]],
  ['IM158', 'a name of a port that is too long', replaced(DEPLOYMENT, 'name: http-envoy-prom', 'name: http-envoy-prometheus'), [
    "IM158 70-resources/deployment.gateways.rendered.yaml:26:11: Deployment 'rendered': spec.template.spec.containers[0].ports[0].name: port name 'http-envoy-prometheus' has 21 characters, and the API server takes 15 where a port of a container is named; shorten it",
  ]],
  ['IM159', 'a Service without pods', replaced(DEPLOYMENT, 'istio: rendered', 'istio: gateway'), [
    "IM159 70-resources/service.gateways.rendered.yaml:24:5: Service 'rendered': spec.selector.istio: selector istio: rendered is no label of the gateway's pods, so that the Service leads nowhere; write the label of the Deployment's template",
  ]],
  ['IM161', 'a Gateway of no gateway', replaced(EXPOSED, 'istio: eastwestgateway', 'istio: eastwest'), [
    "IM161 50-exposed-services/gateway-cross-network-gateway.yaml:8:5: Gateway 'cross-network-gateway': spec.selector.istio: selector istio: eastwest is no label of the gateway 'istio-eastwestgateway', so that it gets no listener for the other networks; write istio: eastwestgateway",
  ]],
  ['IM162', 'a Gateway at another port', replaced(EXPOSED, 'number: 15443', 'number: 443'), [
    "IM162 50-exposed-services/gateway-cross-network-gateway.yaml:14:7: Gateway 'cross-network-gateway': spec.servers[0].port.number: port 443 is not 15443, at which the other networks reach the gateway 'istio-eastwestgateway', so that nobody answers them; write 15443",
  ]],
  ['IM163', 'another mode at the port', replaced(EXPOSED, 'mode: AUTO_PASSTHROUGH', 'mode: PASSTHROUGH'), [
    "IM163 50-exposed-services/gateway-cross-network-gateway.yaml:17:7: Gateway 'cross-network-gateway': spec.servers[0].tls.mode: tls.mode 'PASSTHROUGH' at the port of the other networks, where only AUTO_PASSTHROUGH leads to the services of the mesh; write AUTO_PASSTHROUGH",
  ]],
  ['IM164', 'hosts of another domain', replaced(EXPOSED, '"*.local"', '"*.example.org"'), [
    "IM164 50-exposed-services/gateway-cross-network-gateway.yaml:11:7: Gateway 'cross-network-gateway': spec.servers[0].hosts[0]: hosts has '*.example.org', which covers no service of the cluster domain 'cluster.local', so that nothing would be exposed; write '*.cluster.local' or a narrower one such as '*.prod.svc.cluster.local'",
  ]],
  ['IM165', 'gateways that expose nothing', removed('50-exposed-services'), [
    "IM165 istioctl/eastwest.yaml:9:7: IstioOperator 'eastwest': spec.components.ingressGateways[0]: no Gateway of this cluster has a server with AUTO_PASSTHROUGH, so that the gateway 'istio-eastwestgateway' answers no other network; add Istio's cross-network-gateway",
    "IM165 70-resources/service.gateways.rendered.yaml:1:1: Service 'rendered': no Gateway of this cluster has a server with AUTO_PASSTHROUGH, so that the gateway 'rendered' answers no other network; add Istio's cross-network-gateway",
  ]],
  ['IM171', 'a namespace on another network', replaced(NAMESPACE, 'network: network1', 'network: network2'), [
    "IM171 00-namespace/namespace-istio-system.yaml:5:5: Namespace 'istio-system': metadata.labels['topology.istio.io/network']: network 'network2' is not 'network1', that of IstioOperator 'control-plane', so that the pods of this cluster are on two networks; write 'network1'",
  ]],
  ['IM171', 'a namespace on no network', replaced(NAMESPACE, '    topology.istio.io/network: network1\n', '    team: mesh\n'), [
    "IM171 00-namespace/namespace-istio-system.yaml:1:1: Namespace 'istio-system': the label topology.istio.io/network is missing, which tells the other clusters on which network the pods without a proxy are; write topology.istio.io/network: network1",
  ]],
  ['IM172', 'a gateway where nothing is injected', replaced('70-resources/namespace.gateways.yaml', 'metadata:\n', 'metadata:\n  labels: {istio-injection: disabled}\n'), [
    "IM172 70-resources/namespace.gateways.yaml:4:12: Namespace 'gateways': metadata.labels.istio-injection: istio-injection: disabled keeps istiod from injecting the gateway 'rendered', whose image stays 'auto', so that its pod never starts; remove the label",
  ]],
  ['IM173', 'two labels for one thing', replaced('70-resources/namespace.canary.yaml', 'labels:\n', 'labels:\n    istio-injection: enabled\n'), [
    "IM173 70-resources/namespace.canary.yaml:6:5: Namespace 'canary': metadata.labels['istio.io/rev']: istio.io/rev has no effect beside istio-injection, which is stronger; remove istio-injection",
  ]],
  ['IM174', 'a revision that is not there', replaced('70-resources/namespace.canary.yaml', 'istio.io/rev: 1-32-0', 'istio.io/rev: 1-33-0'), [
    "IM174 70-resources/namespace.canary.yaml:5:5: Namespace 'canary': metadata.labels['istio.io/rev']: revision '1-33-0' is not installed here, so that nobody injects these pods; did you mean '1-32-0'?",
  ]],
  ['IM174', 'the default revision where there is none', files => delete files[CONTROL_PLANE], [
    "IM120 istioctl/eastwest.yaml:32:3: IstioOperator 'eastwest': spec.revision: revision 'default' is not installed here, so that nobody would inject the gateway, and its pod never starts; use one of 1-32-0",
    "IM120 70-resources/deployment.gateways.rendered.yaml:15:9: Deployment 'rendered': spec.template.metadata.labels['istio.io/rev']: revision 'default' is not installed here, so that nobody would inject the gateway, and its pod never starts; use one of 1-32-0",
    "IM174 70-resources/namespace.sample.yaml:5:5: Namespace 'sample': metadata.labels.istio-injection: istio-injection: enabled is for the revision 'default', which is not installed here, so that nobody injects these pods; write istio.io/rev: 1-32-0 instead",
  ]],
  ['IM175', 'a word that istiod does not know', replaced('70-resources/namespace.sample.yaml', 'istio-injection: enabled', 'istio-injection: enable'), [
    "IM175 70-resources/namespace.sample.yaml:5:5: Namespace 'sample': metadata.labels.istio-injection: istio-injection 'enable' is neither enabled nor disabled, and istiod ignores it; did you mean 'enabled'?",
  ]],
  ['IM176', 'a misspelt annotation', replaced(SERVICE, 'networking.istio.io/exportTo', 'networking.istio.io/exporTo'), [
    "IM176 70-resources/service.gateways.rendered.yaml:5:5: Service 'rendered': metadata.annotations['networking.istio.io/exporTo']: 'networking.istio.io/exporTo' is no key that Istio looks for, and it ignores it; did you mean 'networking.istio.io/exportTo'?",
  ]],
  ['IM181', 'a misspelt file', replaced(CACERTS, '"root-cert.pem"', '"root-ca.pem"'), [
    "IM181 70-resources/secret.istio-system.cacerts.yaml:1:1: Secret 'cacerts': key 'root-cert.pem' is missing, and istiod does not start without it; rename 'root-ca.pem' if it is meant to be this file",
  ]],
  ['IM182', "a certificate that is no authority's", authority(() => ({ 'ca-cert.pem': leaf.certificate, 'ca-key.pem': leaf.key })), [
    "IM182 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem is not a CA certificate, so istiod cannot sign workload certificates with it; create an intermediate CA certificate with CA:true and the key usage certSign",
  ]],
  ['IM182', 'text that is no certificate', authority(() => ({ 'cert-chain.pem': 'chain' })), [
    "IM182 70-resources/secret.istio-system.cacerts.yaml:11:3: Secret 'cacerts': stringData['cert-chain.pem']: cert-chain.pem has no PEM certificate that istiod can read, so istiod does not start; write one",
  ]],
  ['IM183', 'the key of another certificate', authority(() => ({ 'ca-key.pem': root.key })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem is not the key of ca-cert.pem, so istiod does not start; write a key and a certificate that belong together",
  ]],
  ['IM183', 'text that is no key', authority(() => ({ 'ca-key.pem': 'key' })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem is not a PEM private key that istiod can read, so istiod does not start; write the key without a password",
  ]],
  ['IM184', 'another root', authority(() => ({ 'root-cert.pem': CA_PEM })), [
    "IM184 70-resources/secret.istio-system.cacerts.yaml:12:3: Secret 'cacerts': stringData['root-cert.pem']: root-cert.pem did not sign ca-cert.pem or any certificate of its chain, so istiod does not start; write the root CA that signed it, the same one in every cluster",
  ]],
  ['IM185', 'a certificate of yesteryear', authority(() => ({ 'ca-cert.pem': resigned(({ validity }) => validity.notAfter = new Date('2020-01-01')) })), [
    "IM185 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem expired on 2020-01-01, and istiod rejects it; create it again under the same root CA",
  ]],
  ['IM186', 'a signature that nobody takes any more', authority(() => ({ 'ca-cert.pem': resigned(() => {}, md.sha1.create()) })), [
    "IM186 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem is signed with SHA-1, which istiod rejects; create it again with SHA-256",
  ]],
  ['IM187', 'an authority in another namespace', replaced(CACERTS, '"istio-system"', '"default"'), [
    "IM187 70-resources/secret.istio-system.cacerts.yaml:6:3: Secret 'cacerts': metadata.namespace: namespace 'default' is not 'istio-system', where istiod runs, and it looks nowhere else; write 'istio-system'",
  ]],
  ['IM191', 'failover that never happens', replaced(DESTINATION_RULE, '    outlierDetection:\n      consecutive5xxErrors: 1\n', ''), [
    "IM191 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:12:7: DestinationRule 'helloworld': spec.trafficPolicy.loadBalancer.localityLbSetting: localityLbSetting has no effect without outlierDetection, by which alone a proxy knows that a locality fails; add trafficPolicy.outlierDetection",
  ]],
  ['IM192', 'a workload without mutual TLS', replaced('70-resources/peerauthentication.security.istio.io.istio-system.default.yaml', 'STRICT', 'DISABLE'), [
    "IM192 70-resources/peerauthentication.security.istio.io.istio-system.default.yaml:8:5: PeerAuthentication 'default': spec.mtls.mode: mode 'DISABLE' is not the mesh's own mutual TLS, which alone goes through an east-west gateway, so that endpoints on other networks are left out; write PERMISSIVE or STRICT",
  ]],
  ['IM192', 'a client without mutual TLS', replaced(DESTINATION_RULE, 'ISTIO_MUTUAL', 'DISABLE'), [
    "IM192 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:19:7: DestinationRule 'helloworld': spec.trafficPolicy.tls.mode: mode 'DISABLE' is not the mesh's own mutual TLS, which alone goes through an east-west gateway, so that endpoints on other networks are left out; write ISTIO_MUTUAL",
  ]],
  ['IM193', 'namespaces in one text', replaced(DESTINATION_RULE, '- "."', '- sample, canary'), [
    "IM193 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:8:5: DestinationRule 'helloworld': spec.exportTo[0]: exportTo 'sample, canary' is neither '.' nor '*' nor a namespace, so that nobody would see this; write one of them",
  ]],
  ['IM193', 'an annotation that names nothing', replaced(SERVICE, 'exportTo: "*"', 'exportTo: sample canary'), [
    "IM193 70-resources/service.gateways.rendered.yaml:5:5: Service 'rendered': metadata.annotations['networking.istio.io/exportTo']: exportTo 'sample canary' is neither '.' nor '*' nor '~' nor a namespace, so that nobody would see this; write one of them",
  ]],
];

/** What is found of every tree here: it has secrets in plain text. */
function isOfPlainText(finding: string): boolean {
  return finding.startsWith('IM145 ');
}

test.each(CASES)('%s finds %s', (code, _, edit, messages) => {
  const known = code === 'IM145' ? findingsOf(tree) : [];
  const found = findingsAfter(edit).filter(finding => code === 'IM145' ? !known.includes(finding) : !isOfPlainText(finding));
  expect(found).toEqual(messages);
  expect(found.join('\n')).toContain(`${code} `);
});

test('nothing is found in what this library and other tools make rightly, but the secrets that were asked for in plain text', () => {
  const stands = 'stands here in plain text, for everybody who reads the tree; keep it out of version control, e.g. encrypted, or make the Secret in the cluster';
  expect(findingsOf(tree)).toEqual([
    `IM145 ${LINK}:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2: a credential of an API server ${stands}`,
    `IM145 ${CACERTS}:10:3: Secret 'cacerts': stringData['ca-key.pem']: a private key ${stands}`,
  ]);
});

const ACCEPTED: ReadonlyArray<readonly [what: string, edit: Edit]> = [
  ['a program that every istiod of the cluster may run', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey,exec')(files, CONTROL_PLANE, CANARY);
  }],
  ['a file with a token that every istiod of the cluster may read', files => {
    replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token')(files);
    allowing('tokenFile')(files, CONTROL_PLANE, CANARY);
  }],
  ['a user of OpenID Connect', replaced(LINK, 'token: t0ken', 'auth-provider: {name: oidc}')],
  ['an encrypted link', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: ENC[AES256_GCM,data:x]\nsops: {version: 3.9.0}\n')],
  ['what Flux replaces later', files => [NAMESPACE, LINK, GATEWAY].forEach(file => files[file] = files[file].replaceAll('network1', '${NETWORK}').replace('t0ken', '${TOKEN}'))],
  ['a revision tag that the control plane makes', files => {
    replaced(GATEWAY, 'revision: ""', 'revision: stable')(files);
    replaced(CONTROL_PLANE, '  values:\n', '  values:\n    revisionTags: [stable]\n')(files);
  }],
  ['another port that is said in the label, too', files => {
    replaced(GATEWAY, 'label:\n', 'label:\n        networking.istio.io/gatewayPort: "15444"\n')(files);
    [GATEWAY, EXPOSED].forEach(file => files[file] = files[file].replaceAll('15443', '15444'));
  }],
  ['node ports with the labels of the nodes', files => {
    replaced(GATEWAY, 'service:\n', 'service:\n          type: NodePort\n')(files);
    replaced(GATEWAY, 'team: mesh', "traffic.istio.io/nodeSelector: '{}'")(files);
  }],
  ['an authority as cert-manager writes it', authority(() => ({
    'tls.crt': signer.certificate, 'tls.key': signer.key, 'ca.crt': root.certificate, ...absent('ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'),
  }))],
  ['failover in a subset, with outlierDetection around it', replaced(DESTINATION_RULE, 'spec:\n',
    'spec:\n  subsets: [{name: v1, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: true}}}}]\n')],
  ['a client that calls what is outside of the mesh', files => files[DESTINATION_RULE] = files[DESTINATION_RULE]
    .replace('helloworld.sample.svc.cluster.local', 'api.example.com').replace('ISTIO_MUTUAL', 'SIMPLE')],
  ['a tag that is a whole number, and null for the default', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  tag: 131\n  hub: null\n')],
  ['names of roles, which may have colons', added('role.yaml', () => 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "team:Reader"}\n')],
  ['a patch, and what comes from elsewhere', files => {
    files['70-resources/kustomization.yaml'] += 'patches:\n- path: patch.yaml\n';
    files['70-resources/patch.yaml'] = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample, labels: {istio-injection: no}}\n';
    replaced('kustomization.yaml', '- 70-resources\n', '- 70-resources\n- ../base\n- https://example.com/objects.yaml\n')(files);
  }],
];

/** Files that are not there. */
function absent(...names: string[]): Files {
  return Object.fromEntries(names.map(name => [name, undefined!]));
}

test.each(ACCEPTED)('nothing is said of %s', (_, edit) => {
  expect(findingsAfter(edit).filter(finding => !isOfPlainText(finding))).toEqual([]);
});

test('no message shows a secret', () => {
  const keys = [root, signer, leaf].map(({ key }) => key.split('\n')[2]);
  const shown = CASES.flatMap(([, , edit]) => findingsAfter(edit)).join('\n');
  ['t0ken', 'dDBrZW4', token('2020-01-01'), ...keys].forEach(secret => expect(shown).not.toContain(secret));
});

test('every rule is broken here, has a code of its own, and tells what it is about', () => {
  const codes = MANIFEST_RULES.map(({ code }) => code);
  expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual(codes);
  expect([...new Set(codes)]).toEqual(codes);
  for (const { code, title, symptom, fix, see } of MANIFEST_RULES) {
    expect(code).toMatch(/^IM1\d\d$/);
    expect([title, symptom, fix].filter(text => text === '' || text.includes('\n'))).toEqual([]);
    expect(see).toMatch(/^https:\/\//);
  }
});
