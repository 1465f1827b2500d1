import { md, pki } from 'node-forge';
import { parse } from 'yaml';
import { type MeshProps, RemoteCredentials, SecretValue } from '../../../src';
import { placeText } from '../../../src/core/diagnostic';
import { problemText } from '../../../src/core/rule';
import { manifestDiagnostics } from '../../../src/rules/manifest/manifest-diagnostics';
import { MANIFEST_RULES } from '../../../src/rules/manifest/manifest-rules';
import { manifestsOf } from '../../../src/rules/manifest/manifests';
import { Memo } from '../../../src/util/memo';
import { type Certificate, certificate } from '../../e2e/lab/certificates';
import { type Files, directoryWith, treeOf, twoNetworks } from '../../support/mesh-util';
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
const PEER_AUTHENTICATION = '70-resources/peerauthentication.security.istio.io.istio-system.default.yaml';
const DESTINATION_RULE = '70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml';

const memo = new Memo();

/** Messages about the files of a cluster: code, place in its directory, and text. */
function messagesOf(files: Files): string[] {
  const cluster = manifestsOf('cluster1', new Map(Object.entries(files)), memo);
  return manifestDiagnostics(cluster).map(({ rule: { code }, place, ...found }) =>
    `${code} ${placeText(place).replace('cluster1/', '')}: ${problemText(found)}`);
}

/** Messages about the generated manifests after a change. */
function messagesAfter(edit: Edit): string[] {
  const files = { ...generated };
  edit(files);
  return messagesOf(files);
}

/** Objects of users and of other tools, in addition to the generated ones. */
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

/** A change of the generated manifests. */
type Edit = (files: { [path: string]: string }) => void;

let root: Certificate;
let signer: Certificate;
let leaf: Certificate;
let generated: Files;

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
  const metadata = { name: 'cacerts', namespace: 'istio-system' };
  const cacerts = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: files });
  const resources = `${directoryWith({ 'resources.yaml': RESOURCES, 'secret.json': cacerts })}/*`;
  const all = Object.entries(treeOf({ ...twoNetworks(SETTINGS), resources: [resources] }));
  const ofOne = Object.fromEntries(all.filter(([path]) => path.startsWith('cluster1/'))
    .map(([path, text]) => [path.slice('cluster1/'.length), text]));
  generated = { ...ofOne, [CACERTS]: JSON.stringify(parse(ofOne[CACERTS]), undefined, 1) }; // one line for each file
});

/** Replaces a text that a file contains exactly once. */
function replaced(file: string, from: string, to: string): Edit {
  return files => {
    expect(`${files[file]}`.split(from)).toHaveLength(2);
    files[file] = files[file].replace(from, () => to);
  };
}

/** Replaces a text in every file. */
function everywhere(from: string, to: string): Edit {
  return files => Object.keys(files).forEach(file => files[file] = files[file].split(from).join(to));
}

/** Sets the options of istiods for kubeconfigs. */
function allowing(options: string): (files: { [path: string]: string }, ...istiods: string[]) => void {
  const env = `env: {PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: "${options}"}`;
  return (files, ...istiods) => istiods.forEach(istiod =>
    replaced(istiod, '  values:\n', `  values:\n    pilot:\n      ${env}\n`)(files));
}

/** Adds an object, and lists its file in a kustomization. */
function added(file: string, text: (files: Files) => string): Edit {
  return files => {
    const list = '70-resources/kustomization.yaml';
    files[`70-resources/${file}`] = text(files);
    files[list] = files[list].replace('resources:\n', `resources:\n- ${file}\n`);
  };
}

/** Removes the files in a directory, and the lines that list it. */
function removed(directory: string): Edit {
  return files => {
    Object.keys(files).filter(file => file.startsWith(directory)).forEach(file => delete files[file]);
    everywhere(`- ${directory}\n`, '')(files);
  };
}

/** Changes files of the CA. */
function caFiles(change: () => Files): Edit {
  return files => {
    const secret = JSON.parse(files[CACERTS]);
    files[CACERTS] = JSON.stringify({ ...secret, stringData: { ...secret.stringData, ...change() } }, undefined, 1);
  };
}

/** The certificate of the CA, changed and signed again. */
function resigned(change: (signed: pki.Certificate) => void, digest: md.MessageDigest = md.sha256.create()): string {
  const signed = pki.certificateFromPem(signer.certificate);
  change(signed);
  signed.sign(pki.privateKeyFromPem(root.key), digest);
  return pki.certificateToPem(signed);
}

/** A JSON Web Token that expires. */
function token(expiry: string): string {
  return ['e30', Buffer.from(JSON.stringify({ exp: Date.parse(expiry) / 1000 })).toString('base64url'), 'x'].join('.');
}

const SELECTOR = 'selector:\n    app: rendered\n    istio: rendered\n    topology.istio.io/network: ';
const IN_KUBECONFIG = `${LINK}:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2`;

const EXEC_REJECTED = `IM141 ${IN_KUBECONFIG}: users[0].user.exec is rejected by istiod, because it would run a `
  + "program that is not in the image of istiod; use a token, or add 'exec' to "
  + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod in this cluster, as unsafeExec in a mesh does';

/** A change that breaks a rule, and the messages about it. */
const CASES: ReadonlyArray<readonly [code: string, what: string, edit: Edit, messages: readonly string[]]> = [
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
  ['IM117', 'an IstioOperator without a name', replaced(CONTROL_PLANE, '  name: control-plane\n', ''), [
    "IM117 istioctl/control-plane.yaml:1:1: IstioOperator: metadata.name is missing, so 'istioctl install' of this "
      + "file removes what 'istioctl/eastwest.yaml' installed; set it, e.g. to control-plane",
  ]],
  ['IM117', 'IstioOperators with the same name', replaced(GATEWAY, 'name: eastwest\n', 'name: control-plane\n'), [
    "IM117 istioctl/eastwest.yaml:4:3: IstioOperator 'control-plane': metadata.name: name 'control-plane' is also the "
      + "name of another IstioOperator of revision 'default', so each installation removes what the other one "
      + 'installed; give each its own name',
  ]],
  ['IM118', 'a second document in the file of an IstioOperator', files => files[CANARY] += `---\n${files[EXPOSED]}`, [
    "IM118 istioctl/control-plane-1-32-0.yaml:24:1: Gateway 'cross-network-gateway': istioctl accepts only one "
      + 'IstioOperator and nothing else in a file, but this is a second document; move it to its own file',
  ]],
  ['IM119', 'a revision with dots', everywhere('1-32-0', '1.32.0'), [
    "IM119 istioctl/control-plane-1-32-0.yaml:16:3: IstioOperator 'control-plane-1.32.0': spec.revision: revision "
      + "'1.32.0' contains dots, which Istio does not allow in a revision; write '1-32-0'",
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
  ['IM123', 'a gateway that two IstioOperators install',
    replaced(CANARY, '    ingressGateways:\n    - enabled: false\n      name: istio-ingressgateway\n', ''), [
      "IM123 istioctl/control-plane.yaml:1:1: IstioOperator 'control-plane': gateway 'istio-ingressgateway' is already "
        + "installed by 'istioctl/control-plane-1-32-0.yaml', and each installation takes it from the other; list it "
        + 'in one of them, and set enabled: false for it in the other',
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
  ['IM136', 'a context that does not exist', replaced(LINK, 'current-context: cluster2', 'current-context: cluster1'), [
    `IM136 ${IN_KUBECONFIG}: current-context 'cluster1' is not in contexts, and istiod rejects the kubeconfig; did you `
      + "mean 'cluster2'?",
  ]],
  ['IM136', 'a user that does not exist', replaced(LINK, 'user: cluster2', 'user: admin'), [
    `IM136 ${IN_KUBECONFIG}: contexts[0].context.user 'admin' is not in users, and istiod rejects the kubeconfig; use `
      + 'one of cluster2',
  ]],
  ['IM136', 'an empty kubeconfig', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: ""\n'), [
    `IM136 ${IN_KUBECONFIG}: the kubeconfig is empty, and istiod rejects it; create the Secret with istioctl `
      + 'create-remote-secret',
  ]],
  ['IM137', 'a loopback address',
    replaced(LINK, 'server: https://cluster2.example.com:6443', 'server: https://127.0.0.1:6443'), [
      `IM137 ${IN_KUBECONFIG}: clusters[0].cluster.server 'https://127.0.0.1:6443' is a loopback address, `
        + 'which the other clusters cannot reach; write the https URL at which the other clusters reach it, '
        + 'e.g. https://10.0.0.1:6443',
    ]],
  ['IM137', 'a proxy that istiod cannot use',
    replaced(LINK, 'server: https:', 'proxy-url: ftp://proxy.example.com\n        server: https:'), [
      `IM137 ${IN_KUBECONFIG}: clusters[0].cluster.proxy-url 'ftp://proxy.example.com' is not a valid http, `
        + 'https or socks5 URL; write e.g. http://10.0.0.1:3128',
    ]],
  ['IM138', 'a CA that kubectl did not print',
    files => files[LINK] = files[LINK].replace(/(certificate-authority-data:) .*/, '$1 DATA+OMITTED'), [
      `IM138 ${IN_KUBECONFIG}: clusters[0].cluster.certificate-authority-data is not a base64-encoded certificate, and `
        + "istiod rejects the kubeconfig; set it to the base64 of the PEM text of the API server's CA certificate",
    ]],
  ['IM139', 'a kubeconfig without a CA',
    files => files[LINK] = files[LINK].replace(/ +certificate-authority-data: .*\n/, ''), [
      `IM139 ${IN_KUBECONFIG}: clusters[0].cluster has no certificate-authority-data, so istiod trusts this API server `
        + 'only if a public CA signed its certificate; add its CA certificate',
    ]],
  ['IM140', 'the proxy of Rancher',
    replaced(LINK, 'https://cluster2.example.com:6443', 'https://rancher.example.com/k8s/clusters/c-1'), [
      `IM140 ${IN_KUBECONFIG}: clusters[0].cluster.server 'https://rancher.example.com/k8s/clusters/c-1' is Rancher's `
        + "proxy, which does not accept service account tokens; use the cluster's own endpoint",
    ]],
  ['IM141', 'a program that prints the token', replaced(LINK, 'token: t0ken', 'exec: {command: aws}'), [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program that one of two istiods may run', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program in a list with a space, which istiod reads as part of the option', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey, exec')(files, CONTROL_PLANE, CANARY);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a program that Helm values allow, but not the Kubernetes settings', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('exec')(files, CONTROL_PLANE, CANARY);
    replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  components: {pilot: {k8s: {env: [{name: '
      + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS, value: clientKey}]}}}\n')(files);
  }, [
    EXEC_REJECTED,
  ]],
  ['IM141', 'a file that contains the token', replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token'), [
    `IM141 ${IN_KUBECONFIG}: users[0].user.tokenFile is rejected by istiod, because a kubeconfig must not refer to `
      + "files in the container of istiod; use a token, or add 'tokenFile' to "
      + 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS of every istiod in this cluster, as unsafeTokenFile in a mesh '
      + 'does',
  ]],
  ['IM141', 'an auth provider that istiod does not support',
    replaced(LINK, 'token: t0ken', 'auth-provider: {name: gcp}'), [
      `IM141 ${IN_KUBECONFIG}: users[0].user.auth-provider 'gcp' is not supported by istiod, whatever its options `
        + 'allow; use a token, or a program, as unsafeExec in a mesh does',
    ]],
  ['IM142', 'a token that kubectl did not print', replaced(LINK, 'token: t0ken', 'token: REDACTED'), [
    `IM142 ${IN_KUBECONFIG}: users[0].user.token is a placeholder instead of a credential, as 'kubectl config view' `
      + 'prints without --raw; create the Secret with istioctl create-remote-secret',
  ]],
  ['IM142', 'a user without a token', replaced(LINK, 'token: t0ken', 'token: ""'), [
    `IM142 ${IN_KUBECONFIG}: users[0].user has no credentials, so the API server rejects the requests of istiod; add `
      + 'the token of the reader service account',
  ]],
  ['IM143', 'an expired token', replaced(LINK, 'token: t0ken', `token: ${token('2020-01-01')}`), [
    `IM143 ${IN_KUBECONFIG}: users[0].user.token expired on 2020-01-01, and the API server rejects it; create the `
      + 'Secret again, with a token that does not expire',
  ]],
  ['IM144', 'a token that expires', replaced(LINK, 'token: t0ken', `token: ${token('2100-01-01')}`), [
    `IM144 ${IN_KUBECONFIG}: users[0].user.token expires on 2100-01-01, and no component renews it; use the token of a `
      + 'token Secret, or renew it before that day',
  ]],
  ['IM145', 'a token in its Secret',
    replaced('00-namespace/secret-istio-mesh-reader-blue.yaml', 'kind: Secret\n', 'kind: Secret\ndata: {token: '
      + 'dDBrZW4=}\n'), [
      "IM145 00-namespace/secret-istio-mesh-reader-blue.yaml:3:8: Secret 'istio-mesh-reader-blue': data.token: a token "
        + 'is in plain text here, visible to anyone with access to the manifests; keep it out of version control, e.g. '
        + 'encrypt it, or create the Secret in the cluster',
    ]],
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
  ['IM181', 'a misspelled file', replaced(CACERTS, '"root-cert.pem"', '"root-ca.pem"'), [
    "IM181 70-resources/secret.istio-system.cacerts.yaml:1:1: Secret 'cacerts': key 'root-cert.pem' is missing, and "
      + "istiod does not start without it; rename 'root-ca.pem' if it is meant to be this file",
  ]],
  ['IM182', 'a certificate that is not a CA certificate',
    caFiles(() => ({ 'ca-cert.pem': leaf.certificate, 'ca-key.pem': leaf.key })), [
      "IM182 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: "
        + 'ca-cert.pem is not a CA certificate, so istiod cannot sign workload certificates with it; '
        + 'create an intermediate CA certificate with CA:true and the key usage certSign',
    ]],
  ['IM182', 'text that is not a certificate', caFiles(() => ({ 'cert-chain.pem': 'chain' })), [
    "IM182 70-resources/secret.istio-system.cacerts.yaml:11:3: Secret 'cacerts': stringData['cert-chain.pem']: "
      + 'cert-chain.pem has no PEM certificate that istiod can read, so istiod does not start; write one',
  ]],
  ['IM183', 'the key of another certificate', caFiles(() => ({ 'ca-key.pem': root.key })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem "
      + 'is not the key of ca-cert.pem, so istiod does not start; write a key and a certificate that belong together',
  ]],
  ['IM183', 'text that is not a key', caFiles(() => ({ 'ca-key.pem': 'key' })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem "
      + 'is not a PEM private key that istiod can read, so istiod does not start; write the key without a password',
  ]],
  ['IM184', 'another root', caFiles(() => ({ 'root-cert.pem': CA_PEM })), [
    "IM184 70-resources/secret.istio-system.cacerts.yaml:12:3: Secret 'cacerts': stringData['root-cert.pem']: "
      + 'root-cert.pem did not sign ca-cert.pem or any certificate of its chain, so istiod does not start; '
      + 'write the root CA that signed it, the same one in every cluster',
  ]],
  ['IM185', 'an expired certificate', caFiles(() => ({
    'ca-cert.pem': resigned(({ validity }) => validity.notAfter = new Date('2020-01-01')),
  })), [
    "IM185 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem "
      + 'expired on 2020-01-01, and istiod rejects it; create it again under the same root CA',
  ]],
  ['IM186', 'a SHA-1 signature', caFiles(() => ({ 'ca-cert.pem': resigned(() => {}, md.sha1.create()) })), [
    "IM186 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem "
      + 'is signed with SHA-1, which istiod rejects; create it again with SHA-256',
  ]],
  ['IM187', 'cacerts in another namespace', replaced(CACERTS, '"istio-system"', '"default"'), [
    "IM187 70-resources/secret.istio-system.cacerts.yaml:6:3: Secret 'cacerts': metadata.namespace: namespace "
      + "'default' is not the namespace of istiod, 'istio-system', so istiod does not find the Secret; write "
      + "'istio-system'",
  ]],
  ['IM191', 'failover without outlier detection',
    replaced(DESTINATION_RULE, '    outlierDetection:\n      consecutive5xxErrors: 1\n', ''), [
      'IM191 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:12:7: DestinationRule '
        + "'helloworld': spec.trafficPolicy.loadBalancer.localityLbSetting: localityLbSetting has no effect without "
        + 'outlierDetection, with which proxies detect that a locality fails; add trafficPolicy.outlierDetection',
    ]],
  ['IM192', 'a workload without mutual TLS', replaced(PEER_AUTHENTICATION, 'STRICT', 'DISABLE'), [
    'IM192 70-resources/peerauthentication.security.istio.io.istio-system.default.yaml:8:5: PeerAuthentication '
      + "'default': spec.mtls.mode: mode 'DISABLE' is not the mutual TLS of the mesh, without which no traffic passes "
      + 'an east-west gateway, so endpoints on other networks are left out; write PERMISSIVE or STRICT',
  ]],
  ['IM192', 'a client without mutual TLS', replaced(DESTINATION_RULE, 'ISTIO_MUTUAL', 'DISABLE'), [
    "IM192 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:19:7: DestinationRule 'helloworld': "
      + "spec.trafficPolicy.tls.mode: mode 'DISABLE' is not the mutual TLS of the mesh, without which no traffic "
      + 'passes an east-west gateway, so endpoints on other networks are left out; write ISTIO_MUTUAL',
  ]],
  ['IM193', 'two namespaces in one string', replaced(DESTINATION_RULE, '- "."', '- sample, canary'), [
    "IM193 70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml:8:5: DestinationRule 'helloworld': "
      + "spec.exportTo[0]: exportTo 'sample, canary' is not '.', '*' or a namespace, so no proxy would see this; write "
      + 'one of these',
  ]],
  ['IM193', 'an annotation that is not a namespace', replaced(SERVICE, 'exportTo: "*"', 'exportTo: sample canary'), [
    "IM193 70-resources/service.gateways.rendered.yaml:5:5: Service 'rendered': "
      + "metadata.annotations['networking.istio.io/exportTo']: exportTo 'sample canary' is not '.', '*', '~' or a "
      + 'namespace, so no proxy would see this; write one of these',
  ]],
];

/** Whether a message is about a secret in plain text, which the generated manifests of this test contain. */
function isAboutPlainText(message: string): boolean {
  return message.startsWith('IM145 ');
}

test.each(CASES)('%s reports %s', (code, _, edit, messages) => {
  const known = code === 'IM145' ? messagesOf(generated) : [];
  const reported = messagesAfter(edit)
    .filter(message => code === 'IM145' ? !known.includes(message) : !isAboutPlainText(message));
  expect(reported).toEqual(messages);
  expect(reported.join('\n')).toContain(`${code} `);
});

test('nothing is reported about valid manifests, except the secrets that the definition has in plain text', () => {
  const fix = 'is in plain text here, visible to anyone with access to the manifests; keep it out of version control, '
    + 'e.g. encrypt it, or create the Secret in the cluster';
  expect(messagesOf(generated)).toEqual([
    `IM145 ${IN_KUBECONFIG}: a credential of an API server ${fix}`,
    `IM145 ${CACERTS}:10:3: Secret 'cacerts': stringData['ca-key.pem']: a private key ${fix}`,
  ]);
});

/** A change that breaks no rule. */
const ACCEPTED: ReadonlyArray<readonly [what: string, edit: Edit]> = [
  ['a program that every istiod of the cluster allows', files => {
    replaced(LINK, 'token: t0ken', 'exec: {command: aws}')(files);
    allowing('clientKey,exec')(files, CONTROL_PLANE, CANARY);
  }],
  ['a token file that every istiod of the cluster allows', files => {
    replaced(LINK, 'token: t0ken', 'tokenFile: /var/run/token')(files);
    allowing('tokenFile')(files, CONTROL_PLANE, CANARY);
  }],
  ['a user of OpenID Connect', replaced(LINK, 'token: t0ken', 'auth-provider: {name: oidc}')],
  ['an encrypted remote secret', files => files[LINK] = files[LINK].replace(/cluster2: \|[^]*/, 'cluster2: '
    + 'ENC[AES256_GCM,data:x]\nsops: {version: 3.9.0}\n')],
  ['values that Flux substitutes later', files => [NAMESPACE, LINK, GATEWAY].forEach(file =>
    files[file] = files[file].replaceAll('network1', '${NETWORK}').replace('t0ken', '${TOKEN}'))],
  ['a revision tag in the values of the control plane', files => {
    replaced(GATEWAY, 'revision: ""', 'revision: stable')(files);
    replaced(CONTROL_PLANE, '  values:\n', '  values:\n    revisionTags: [stable]\n')(files);
  }],
  ['another port that is also in the label', files => {
    replaced(GATEWAY, 'label:\n', 'label:\n        networking.istio.io/gatewayPort: "15444"\n')(files);
    [GATEWAY, EXPOSED].forEach(file => files[file] = files[file].replaceAll('15443', '15444'));
  }],
  ['node ports with the labels of the nodes', files => {
    replaced(GATEWAY, 'service:\n', 'service:\n          type: NodePort\n')(files);
    replaced(GATEWAY, 'team: mesh', "traffic.istio.io/nodeSelector: '{}'")(files);
  }],
  ['a CA with the file names of cert-manager', caFiles(() => ({
    'tls.crt': signer.certificate,
    'tls.key': signer.key,
    'ca.crt': root.certificate,
    ...absent('ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'),
  }))],
  ['failover in a subset that inherits outlierDetection', replaced(DESTINATION_RULE, 'spec:\n',
    'spec:\n  subsets: [{name: v1, trafficPolicy: {loadBalancer: {localityLbSetting: {enabled: true}}}}]\n')],
  ['a client of a service outside of the mesh', files => files[DESTINATION_RULE] = files[DESTINATION_RULE]
    .replace('helloworld.sample.svc.cluster.local', 'api.example.com').replace('ISTIO_MUTUAL', 'SIMPLE')],
  ['a numeric tag, and null for the default', replaced(CONTROL_PLANE, 'spec:\n', 'spec:\n  tag: 131\n  hub: null\n')],
  ['names of roles, which may have colons', added('role.yaml', () => 'apiVersion: rbac.authorization.k8s.io/v1\nkind: '
    + 'ClusterRole\nmetadata: {name: "team:Reader"}\n')],
  ['a patch, and resources from elsewhere', files => {
    files['70-resources/kustomization.yaml'] += 'patches:\n- path: patch.yaml\n';
    files['70-resources/patch.yaml'] = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample, labels: '
      + '{istio-injection: no}}\n';
    replaced('kustomization.yaml', '- 70-resources\n', '- 70-resources\n- ../base\n- '
      + 'https://example.com/objects.yaml\n')(files);
  }],
];

/** Files to remove. */
function absent(...names: string[]): Files {
  return Object.fromEntries(names.map(name => [name, undefined!]));
}

test.each(ACCEPTED)('nothing is reported about %s', (_, edit) => {
  expect(messagesAfter(edit).filter(message => !isAboutPlainText(message))).toEqual([]);
});

test('no message contains a secret', () => {
  const keys = [root, signer, leaf].map(({ key }) => key.split('\n')[2]);
  const shown = CASES.flatMap(([, , edit]) => messagesAfter(edit)).join('\n');
  ['t0ken', 'dDBrZW4', token('2020-01-01'), ...keys].forEach(secret => expect(shown).not.toContain(secret));
});

test('every rule has a case above, a unique code and all of its texts', () => {
  const codes = MANIFEST_RULES.map(({ code }) => code);
  expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual(codes);
  expect([...new Set(codes)]).toEqual(codes);
  for (const { code, title, symptom, fix, see } of MANIFEST_RULES) {
    expect(code).toMatch(/^IM1\d\d$/);
    expect([title, symptom, fix].filter(text => text === '' || text.includes('\n'))).toEqual([]);
    expect(see).toMatch(/^https:\/\//);
  }
});
