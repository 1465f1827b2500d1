import { cacerts } from './cacerts';
import { NO_METRICS } from './installation';
import { certificate } from './lab/certificates';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';

const NAMESPACE = 'istio-system';

/** What the guide writes into `cluster1.yaml`: no name. */
function controlPlane(cluster: string, network: string): object {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: { values: { global: { meshID: 'mesh1', multiCluster: { clusterName: cluster }, network } } },
  };
}

/** What `samples/multicluster/gen-eastwest-gateway.sh --network …` prints. */
function eastWestGateway(network: string): object {
  const ports = { 'status-port': 15021, 'tls': 15443, 'tls-istiod': 15012, 'tls-webhook': 15017 };
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'eastwest' },
    spec: {
      revision: '',
      profile: 'empty',
      components: {
        ingressGateways: [{
          name: 'istio-eastwestgateway',
          label: { 'istio': 'eastwestgateway', 'app': 'istio-eastwestgateway', 'topology.istio.io/network': network },
          enabled: true,
          k8s: {
            env: [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network }],
            service: { ports: Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: port })) },
          },
        }],
      },
      values: { gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } }, global: { network } },
    },
  };
}

/** `samples/multicluster/expose-services.yaml`. */
const EXPOSED_SERVICES = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { name: 'cross-network-gateway' },
  spec: {
    selector: { istio: 'eastwestgateway' },
    servers: [
      { port: { number: 15443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' }, hosts: ['*.local'] },
    ],
  },
};

/** Makes a mesh as Istio's guide for a multi-primary mesh does, by hand, and without this library. */
export async function installByGuide(
  lab: Lab, networks: { readonly [cluster: string]: string }, say: (line: string) => void,
): Promise<void> {
  const hasGateways = new Set(Object.values(networks)).size > 1;
  const root = await certificate({ commonName: 'root of the mesh' });
  await Promise.all(lab.clusters.map(async cluster => {
    const network = networks[cluster.name];
    await cluster.kubectl('create', 'namespace', NAMESPACE);
    await cluster.apply(JSON.stringify(await cacerts(cluster.name, NAMESPACE, root)));
    if (hasGateways) {
      await cluster.kubectl('label', 'namespace', NAMESPACE, `topology.istio.io/network=${network}`);
    }
    await install(cluster, controlPlane(cluster.name, network));
    await cluster.apply(JSON.stringify(NO_METRICS));
    if (hasGateways) {
      await install(cluster, eastWestGateway(network));
      await cluster.apply(JSON.stringify(EXPOSED_SERVICES), '-n', NAMESPACE);
    }
    say(`${cluster.name}: installed by hand`);
  }));
  await Promise.all(lab.clusters.map(async source => {
    const secret = await source.istioctl('create-remote-secret', `--name=${source.name}`);
    await Promise.all(lab.clusters.filter(cluster => cluster !== source).map(cluster => cluster.apply(secret)));
  }));
}

async function install(cluster: Cluster, operator: object): Promise<void> {
  await cluster.istioctlReading(JSON.stringify(operator), 'install', '-y', '-f', '-');
}
