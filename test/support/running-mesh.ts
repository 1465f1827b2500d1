import { join } from 'path';
import { authorityFiles, newRoot } from './authorities';
import { FakeApiServers } from './fake-api-servers';
import { base64, FakeClusters, tokenSecret } from './fake-clusters';
import { type Files, directoryWith } from './mesh-util';
import type { Issuer } from '../../src/cli/certs/certificates';
import { Linker } from '../../src/cli/link/link';
import { loadMesh } from '../../src/cli/load-mesh';
import { type VerificationResult, verifyMesh } from '../../src/cli/verify/verification';
import type { MeshModel } from '../../src/definition/mesh-model';

export const MESH = `meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one, network: n1}, {name: two, network: n2}]
`;

export const NAMES = ['one', 'two'];

const NAMESPACE = 'istio-system';

/** Certificates of a mesh. */
export interface MeshCertificates {
  readonly root: Issuer;
  readonly otherRoot: Issuer;
  /** The Secret `cacerts` of each cluster. */
  readonly cacerts: readonly any[];
  /** A Secret `cacerts` with an expired certificate. */
  readonly expired: any;
}

/** Creates certificates; a test file does this only once, because it is slow. */
export function meshCertificates(): MeshCertificates {
  const [root, otherRoot] = [newRoot(), newRoot()];
  const { key } = root; // creating more keys would take longer
  const cacerts = NAMES.map(cluster => cacertsSecret(authorityFiles(root, { cluster, key })));
  return { root, otherRoot, cacerts, expired: cacertsSecret(authorityFiles(root, { days: -1 / 48, key })) };
}

function cacertsSecret(files: Files): object {
  const data = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, base64(text)]));
  return { kind: 'Secret', metadata: { name: 'cacerts', namespace: NAMESPACE }, data };
}

/** The ConfigMap with the root CAs that workloads trust. */
export function rootsConfigMap(...roots: ReadonlyArray<Pick<Issuer, 'certificate'>>): any {
  return {
    kind: 'ConfigMap',
    metadata: { name: 'istio-ca-root-cert', namespace: NAMESPACE },
    data: { 'root-cert.pem': roots.map(root => root.certificate).join('') },
  };
}

/** The mesh of a definition. */
export function meshFrom(text = MESH): MeshModel {
  return loadMesh(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
}

/** Results with a status, one per line. */
export function linesOf(results: readonly VerificationResult[], status: string): string[] {
  return results.filter(({ finding }) => finding === status)
    .map(({ from, to, check, detail }) => `${from} ${to} ${check}: ${detail}`);
}

/** Two linked clusters on two networks that run Istio, all of it fake. */
export class RunningMesh {
  public static async start(certificates: MeshCertificates): Promise<RunningMesh> {
    const running = new RunningMesh(certificates);
    await new Linker(meshFrom(), { timeoutSeconds: 0 }).run(() => undefined);
    return running;
  }

  public readonly apiServers = new FakeApiServers();
  public readonly clusters = new FakeClusters(...NAMES);

  private constructor(certificates: MeshCertificates) {
    NAMES.forEach((name, i) => {
      const labels = { 'topology.istio.io/network': `n${i + 1}` };
      this.clusters.put(
        name,
        { kind: 'Namespace', metadata: { name: NAMESPACE, labels } },
        {
          kind: 'Service',
          metadata: { name: 'istio-eastwestgateway', namespace: NAMESPACE, labels },
          spec: {},
          status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
        },
        certificates.cacerts[i],
        rootsConfigMap(certificates.root),
        tokenSecret('blue', `${name}-blue`),
        tokenSecret('green', `${name}-green`),
      );
      this.putIstiod(name, 'istiod-1');
      this.putPeerState(name, 'synced');
    });
  }

  /** Adds an istiod pod. */
  public putIstiod(cluster: string, name: string, revision?: string, ready = 'True'): void {
    const labels = { app: 'istiod', ...revision !== undefined && { 'istio.io/rev': revision } };
    const status = { conditions: [{ type: 'Ready', status: ready }] };
    this.clusters.put(cluster, { kind: 'Pod', metadata: { name, namespace: NAMESPACE, labels }, status });
  }

  /** Sets what a cluster's istiod reports about the other cluster. */
  public putPeerState(cluster: string, state: string, version = '1.31.0', started = 0): void {
    const [other] = NAMES.filter(name => name !== cluster);
    this.putMetrics(cluster, [
      '# TYPE istiod_remote_cluster_sync_status gauge',
      `istio_build{component="pilot",tag="${version}"} 1`,
      `process_start_time_seconds ${started}`,
      `istiod_remote_cluster_sync_status{cluster="${other}",cluster_type="remote",status="closed"} 0`,
      `istiod_remote_cluster_sync_status{cluster="${other}",cluster_type="remote",status="${state}"} 1`,
    ]);
  }

  /** Sets the metrics of an istiod. */
  public putMetrics(cluster: string, lines: readonly string[], pod = 'istiod-1'): void {
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}:15014/proxy/metrics`;
    this.clusters.answer(cluster, path, `${lines.join('\n')}\n`);
  }

  /** Changes the remote secret with which `one` reads `two`. */
  public editRemoteSecret(edit: (secret: any) => object): void {
    this.clusters.put('one', edit(this.clusters.get('one', 'Secret', 'istio-remote-secret-two')));
  }

  /** Changes the kubeconfig with which `one` reads `two`. */
  public editKubeconfig(pattern: RegExp, replacement: string): void {
    this.editRemoteSecret(secret => {
      const kubeconfig = Buffer.from(secret.data.two, 'base64').toString();
      return { ...secret, data: { two: base64(kubeconfig.replace(pattern, replacement)) } };
    });
  }

  /** The failed checks, one per line. */
  public async failures(definition = MESH): Promise<string[]> {
    return linesOf(await verifyMesh(meshFrom(definition)), 'red');
  }

  /** The checks that could not be evaluated, one per line. */
  public async unknowns(definition = MESH): Promise<string[]> {
    return linesOf(await verifyMesh(meshFrom(definition)), 'unknown');
  }
}
