import { base64, FakeClusters } from './fake-clusters';
import { type KubernetesObject, guideObjects } from './guide-objects';
import { meshDefinition } from '../../src/cli/init/initial-mesh';
import { readRunningMesh } from '../../src/cli/init/running/mesh';
import { cacerts } from '../e2e/cacerts';
import { certificate } from '../e2e/lab/certificates';

export const NAMESPACE = 'istio-system';

/** The clusters of the mesh; their contexts have the same names. */
export const NAMES = ['one', 'two'];

/** Objects with CA certificates; creating their keys takes a moment, so tests share them. */
export interface CertificateObjects {
  /** The Secret `cacerts`. */
  readonly cacerts: KubernetesObject;
  /** The ConfigMap with the root CA of `cacerts`. */
  readonly root: KubernetesObject;
  /** The same ConfigMap with another root CA. */
  readonly otherRoot: KubernetesObject;
}

export async function certificateObjects(): Promise<CertificateObjects> {
  const [root, other] = await Promise.all(['a', 'b'].map(commonName => certificate({ commonName })));
  const { stringData, ...secret } = await cacerts('one', NAMESPACE, root) as KubernetesObject;
  const data = Object.entries(stringData).map(([file, text]) => [file, base64(text as string)]);
  return {
    cacerts: { ...secret, data: Object.fromEntries(data) },
    root: rootConfigMap(root.certificate),
    otherRoot: rootConfigMap(other.certificate),
  };
}

function rootConfigMap(pem: string): KubernetesObject {
  const metadata = { name: 'istio-ca-root-cert', namespace: NAMESPACE };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'root-cert.pem': pem } };
}

/** Two clusters with a mesh that was installed with Istio's guide. */
export function guideMesh({ cacerts: secret, root }: CertificateObjects): FakeClusters {
  const clusters = new FakeClusters(...NAMES);
  NAMES.forEach((name, i) => clusters.put(name, ...guideObjects({ name, peers: [NAMES[1 - i]] }), secret, root));
  return clusters;
}

/** Changes an object of cluster `one`. */
export function change(
  clusters: FakeClusters, kind: string, name: string, edit: (object: KubernetesObject) => void, cluster = 'one',
): void {
  const object = structuredClone(clusters.get(cluster, kind, name));
  edit(object);
  clusters.put(cluster, object);
}

/** Changes the JSON at a key of the ConfigMap `values` of cluster `one`. */
export function changeValues(clusters: FakeClusters, key: string, edit: (values: KubernetesObject) => void): void {
  change(clusters, 'ConfigMap', 'values', ({ data }) => {
    const values = JSON.parse(data[key]);
    edit(values);
    data[key] = JSON.stringify(values);
  });
}

/** Reads the mesh in some contexts; `one` has the settings of the first cluster, including those of the mesh. */
export async function readMesh(...contexts: readonly string[]): Promise<any> {
  const known = [{ name: 'one', server: 'https://one.kubeconfig:6443', isUnverified: false }];
  const mesh = await readRunningMesh(contexts.length === 0 ? NAMES : contexts, known);
  const definition = meshDefinition(mesh) as any;
  const { clusters: [first], ...shared } = definition;
  return { ...definition, one: { ...shared, ...first }, notes: mesh.notes };
}

/** The note about the token with which istioctl linked the peers to a cluster. */
export function tokenNote(name: string): string {
  const secret = 'istio-reader-service-account-istio-remote-secret-token';
  return `istio-mesh link replaces the token of the links to '${name}'; when istio-mesh verify succeeds and nothing `
    + `else uses the old token, revoke it: kubectl --context ${name} -n ${NAMESPACE} delete secret ${secret}`;
}

/** The only notes about a mesh without errors. */
export const TOKEN_NOTES = NAMES.map(tokenNote);
