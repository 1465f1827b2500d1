import { parse } from 'yaml';
import { type Authority, type Edit, CACERTS } from './manifest-edits';
import { type Files, directoryWith, treeOf, twoNetworks } from './mesh-util';
import { CA_PEM } from './util';
import { type MeshProps, RemoteCredentials, SecretValue } from '../../src';
import { placeText } from '../../src/core/diagnostic';
import { problemText } from '../../src/core/rule';
import { manifestDiagnostics } from '../../src/rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../src/rules/manifest/manifests';
import { Memo } from '../../src/util/memo';
import { certificate } from '../e2e/lab/certificates';

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

/** The manifests of a cluster that uses everything for which there are rules. */
export class GeneratedManifests {
  public static async create(): Promise<GeneratedManifests> {
    const root = await certificate({ commonName: 'root' });
    const signer = await certificate({ commonName: 'signer', issuer: root });
    const leaf = await certificate({ commonName: 'leaf', issuer: root, hosts: ['istiod.istio-system.svc'] });
    const cacerts = {
      'ca-cert.pem': signer.certificate,
      'ca-key.pem': signer.key,
      'cert-chain.pem': signer.certificate + root.certificate,
      'root-cert.pem': root.certificate,
    };
    return new GeneratedManifests(filesWith(cacerts), { root, signer, leaf });
  }

  private readonly memo = new Memo();

  private constructor(private readonly files: Files, public readonly authority: Authority) {}

  /** Messages after a change: code, place in the cluster's directory, and text. */
  public messages(edit: Edit = () => {}): string[] {
    const files = { ...this.files };
    edit(files, this.authority);
    const cluster = manifestsOf('cluster1', new Map(Object.entries(files)), this.memo);
    return manifestDiagnostics(cluster).map(({ rule: { code }, place, ...found }) =>
      `${code} ${placeText(place).replace('cluster1/', '')}: ${problemText(found)}`);
  }
}

function filesWith(stringData: Files): Files {
  const metadata = { name: 'cacerts', namespace: 'istio-system' };
  const cacerts = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData });
  const resources = `${directoryWith({ 'resources.yaml': RESOURCES, 'secret.json': cacerts })}/*`;
  const all = Object.entries(treeOf({ ...twoNetworks(SETTINGS), resources: [resources] }));
  const files = Object.fromEntries(all.filter(([path]) => path.startsWith('cluster1/'))
    .map(([path, text]) => [path.slice('cluster1/'.length), text]));
  return { ...files, [CACERTS]: JSON.stringify(parse(files[CACERTS]), undefined, 1) }; // one line for each file
}
