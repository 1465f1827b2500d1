import { Testing } from 'cdk8s';
import {
  type IstioPrimaryProps, type MeshProps, Installer, IstioPrimary, LoadBalancer, RemoteCredentials,
} from '../../../src';
import { treeOf, twoClusters, twoNetworks } from '../../support/mesh-util';
import { codedProblems, problems } from '../../support/util';

const EXTERNAL = { installer: Installer.external() };

function primary(props: Partial<IstioPrimaryProps> = {}): any[] {
  const chart = Testing.chart();
  new IstioPrimary(chart, 'istio',
    { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1', ...EXTERNAL, ...props });
  return Testing.synth(chart);
}

test('of the control plane there is the namespace, which tells on which network pods without a proxy are', () => {
  expect(primary({ namespace: 'mesh', revision: 'theirs' })).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'mesh', labels: { 'topology.istio.io/network': 'network1' } },
    },
  ]);
});

test('there is no object to patch', () => {
  const made = new IstioPrimary(Testing.chart(), 'istio', { meshID: 'm', clusterName: 'c', network: 'n', ...EXTERNAL });
  expect(() => made.controlPlane)
    .toThrow("the installer 'external' has no object for the control plane of 'c'; change its settings instead");
});

test('a cluster has the gateway, what it exposes and the reader, and nothing for an installer', () => {
  const files =
    treeOf(twoNetworks({
      ...EXTERNAL, revision: 'theirs', eastWestGateway: { loadBalancer: LoadBalancer.metalLb('pool') },
    }));
  const directories = [
    ...new Set(Object.keys(files).filter(path => path.startsWith('cluster1/'))
      .map(path => path.split('/').slice(1, -1).join('/'))),
  ];
  expect(directories).toEqual(['00-namespace', '40-east-west-gateway', '50-exposed-services', '']);
  expect(files['cluster1/40-east-west-gateway/deployment-istio-eastwestgateway.yaml'])
    .toContain('istio.io/rev: theirs\n');
});

test('every setting that somebody else would have to make is refused by its name', () => {
  expect(codedProblems(() => primary({
    profile: 'demo',
    hub: 'example.com/istio',
    tag: '1.31.0',
    compatibilityVersion: '1.30',
    components: { pilot: { enabled: true } },
    canary: { revision: 'next', istioVersion: '1.32.0' },
    values: { global: { logAsJson: true, proxy: { logLevel: 'debug' } } },
    meshConfig: { accessLogFile: '/dev/stdout' },
  }))).toEqual([
    'profile', 'hub', 'tag', 'compatibilityVersion', 'components', 'canary', 'values.global.logAsJson',
    'values.global.proxy.logLevel', 'meshConfig.accessLogFile',
  ].map(setting =>
    `${setting} has no effect with the installer 'external'; set it where istiod is installed, and remove it here `
      + '(IM090)'));
});

test('what istiod has already, and the checks must know, is taken', () => {
  const meshConfig = { trustDomain: 'example.org', trustDomainAliases: ['example.com'] };
  expect(problems(() =>
    primary({
      values: { global: { proxy: { clusterDomain: 'corp.internal' } }, pilot: { env: { A: 'b' } } }, meshConfig,
    }))).toEqual([]);
});

test('what is said of the cluster domain is what the checks go by', () => {
  const domain = {
    values: { global: { proxy: { clusterDomain: 'corp.internal' } } },
    eastWestGateway: { loadBalancer: LoadBalancer.metalLb('pool') },
  };
  expect(treeOf(twoNetworks({
    ...EXTERNAL, ...domain,
  }))['cluster1/50-exposed-services/gateway-cross-network-gateway.yaml']).toContain('"*.corp.internal"');
});

/** Two clusters that log in at each other by a program, which istiod must allow. */
function withProgram(env?: { [name: string]: string }): MeshProps {
  const remoteCredentials = RemoteCredentials.unsafeExec({ command: 'aws' });
  return twoClusters({
    ...EXTERNAL,
    remoteCredentials,
    caData: Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'),
    ...env && { values: { pilot: { env } } },
  });
}

test('a variable that istiod needs to read its peers is refused, until somebody says that it is there', () => {
  const refused = (env?: { [name: string]: string }) =>
    codedProblems(() => treeOf(withProgram(env))).filter(problem => problem.includes('IM090'));
  expect(refused()).toEqual(['cluster1', 'cluster2'].map(name => expect.stringContaining(
    `cluster '${name}': istiod needs the variable PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: 'exec' to read its `
      + 'peers, and the installer \'external\' does not set it; set it where istiod is installed, and repeat it in '
        + 'values.pilot.env (IM090)')));
  expect(refused({ PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: 'exec' })).toEqual([]);
  expect(refused({ PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: 'tokenFile,exec' })).toEqual([]);
});
