import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import {
  type MeshProps, LinkDestination, LoadBalancer, Mesh, MeshApp, RemoteCredentials, SecretValue,
} from '../../../src';
import { check } from '../../../src/cli/check/check';
import {
  type Files,
  directoryWith, filesOf, synthesized, treeOf, treeOfFile, twoClusters, twoNetworks,
} from '../../support/mesh-util';
import { blocks, clusters, pageOf, rows, section } from '../../support/runbook-page';
import { CA_PEM, temporaryDirectory } from '../../support/util';

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');

describe('the section Traffic paths', () => {
  const paths = (props: MeshProps) => rows(section(pageOf(props), 'Traffic paths'));

  test('has pods on the network of a cluster, gateways of other networks, and no path without a link', () => {
    const props = clusters(3, i => ({ network: i < 2 ? 'near' : 'far', peers: i === 1 ? ['c1'] : ['*'] }));
    expect(paths(props).slice(0, 3)).toEqual([
      '| `c1` | own pods | pods | gateway of `c3` |',
      '| `c2` | pods | own pods | – |',
      '| `c3` | gateway of `c1` | – | own pods |',
    ]);
  });

  test('uses another gateway of the network if a cluster has none', () => {
    const eastWestGateway = (i: number) => i === 2 ? { install: 'never' as any } : {};
    const props = clusters(3, i => ({ network: i === 0 ? 'near' : 'far', eastWestGateway: eastWestGateway(i) }));
    expect(paths(props)[0]).toBe('| `c1` | own pods | gateway of `c2` | gateway of `c2` |');
  });

  test('has one row for each cluster of up to 12, and one row for equal clusters of more', () => {
    expect(paths(clusters(12))).toHaveLength(12);
    expect(paths(clusters(13))).toEqual(['| `c1` … `c13` (13 clusters) | every other cluster on its network | – |']);
    const props = clusters(13, i => ({ network: `n${i % 2}`, peers: i === 12 ? ['c1'] : ['*'] }));
    expect(paths(props).slice(0, 3)).toEqual([
      '| `c1` | every other cluster on its network | every cluster on another network |',
      '| `c2`, `c4`, `c6`, `c8`, `c10`, `c12` '
      + '| every other cluster on its network | 6 of 7 clusters on other networks |',
      '| `c3`, `c5`, `c7`, `c9`, `c11` | 5 of 6 clusters on its network | every cluster on another network |',
    ]);
  });

  const otherPort = { ports: [{ name: 'status-port', port: 15021 }, { name: 'tls', port: 443, targetPort: 15443 }] };

  test.each<[string, MeshProps['eastWestGateway'], string]>([
    ['a load balancer', {}, 'load balancer | 15443'],
    [
      'an internal load balancer of a cloud',
      { loadBalancer: LoadBalancer.aws({ internal: true }) },
      'load balancer (aws, internal) | 15443',
    ],
    [
      'nodes',
      { loadBalancer: LoadBalancer.nodePort({ edge: 'true' }) },
      '`ExternalIP` of the nodes with `edge=true` | a node port that Kubernetes assigns',
    ],
    [
      'external IPs',
      { service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] } },
      'external IPs `192.0.2.1` | 15443',
    ],
    ['another port', otherPort, 'load balancer | 443'],
  ])('describes the address of a gateway with %s', (_, eastWestGateway, address) => {
    const text = section(pageOf(twoNetworks({ eastWestGateway })), 'Traffic paths');
    expect(text).toContain(`| \`cluster1\`, \`cluster2\` | ${address} |`);
  });
});

describe('the section Firewall', () => {
  /** Source, destination and port of each row. */
  const connections = (props: MeshProps) =>
    rows(section(pageOf(props), 'Firewall')).map(row => row.split(' | ').slice(0, 3).join(' | '));

  test('has the API servers, the gateways, and the connections within a cluster', () => {
    expect(connections(twoNetworks())).toEqual([
      '| istiod pods of `cluster2` | API server of `cluster1`, `cluster1.example.com` | 6443',
      '| istiod pods of `cluster1` | API server of `cluster2`, `cluster2.example.com` | 6443',
      '| pods of `cluster2` | east-west gateway of `cluster1`: load balancer | 15443',
      '| pods of `cluster1` | east-west gateway of `cluster2`: load balancer | 15443',
      '| load balancer of `cluster1`, `cluster2` | nodes or pods of its gateway '
      + '| 15021, or the port that the cloud chooses',
      '| API server of each cluster | istiod pods of the same cluster | 15017',
      '| pods with a sidecar, and gateways | istiod pods of the same cluster | 15012',
      '| istiod pods | API server of the same cluster | the port of the Service `kubernetes`',
      '| your machine | API server of each cluster | the port in your kubeconfig',
    ]);
  });

  test('has connections between pods instead of gateways on one network', () => {
    const pods = 'pods of `cluster1`, `cluster2`, on network `network1`';
    const found = connections(twoClusters());
    expect(found).toContain(`| ${pods} | ${pods} | the ports of your workloads`);
    expect(found.join()).not.toContain('gateway of');
  });

  test('has the proxy of an API server, and the connection between the two', () => {
    expect(connections(twoClusters({ proxyUrl: 'http://proxy.example.com:3128' })).slice(0, 2)).toEqual([
      '| istiod pods of `cluster2` | proxy `proxy.example.com` of `cluster1` | 3128',
      '| proxy `proxy.example.com` | API server of `cluster1`, `cluster1.example.com` | 6443',
    ]);
  });

  test('has port 443 for a URL without a port', () => {
    const props = { ...clusters(2), apiServer: 'https://$(cluster).example.com' };
    expect(connections(props)[0]).toMatch(/ \| 443$/);
  });

  test('is not longer for 60 clusters than for two', () => {
    const found = (props: MeshProps) => connections({ ...props, network: 'network-$(cluster)' });
    const all = '`c1` … `c60` (60 clusters)';
    expect(found(clusters(60)).slice(0, 2)).toEqual([
      `| istiod pods of every other cluster | API server of ${all}, see [Clusters](#clusters) | 6443`,
      `| pods of every cluster on another network | east-west gateway of ${all}: load balancer | 15443`,
    ]);
    expect(found(clusters(12))).toHaveLength(12 + 12 + 5);
    expect(found(clusters(13))).toHaveLength(1 + 1 + 5);
  });

  test('lists the restrictions by source ranges and NetworkPolicies', () => {
    const eastWestGateway = {
      service: { loadBalancerSourceRanges: ['192.0.2.0/24'] },
      networkPolicy: { ipBlocks: ['198.51.100.0/24'] },
    };
    expect(section(pageOf(twoNetworks({ eastWestGateway })), 'Firewall')).toContain(
      '- `cluster1`, `cluster2`: the load balancer accepts only `192.0.2.0/24` (`loadBalancerSourceRanges`); '
      + 'the NetworkPolicy `cross-network-istio-eastwestgateway` allows `198.51.100.0/24` to connect to the mTLS port');
    expect(section(pageOf(twoNetworks()), 'Firewall')).not.toContain('already restrict');
  });

  test('has the health check that annotations request', () => {
    const found = connections(twoNetworks({ eastWestGateway: { loadBalancer: LoadBalancer.aws() } }));
    expect(found).toContain('| load balancer of `cluster1`, `cluster2` | pods of its gateway | 15021');
  });
});

describe('the section Links', () => {
  const links = (props: MeshProps) => rows(section(pageOf(props), 'Links'));

  test('has for each cluster the peers that read it, and the delivery of the credentials', () => {
    const delivery = 'linked | token of `istio-mesh-reader-blue`, by `istio-mesh link`';
    expect(links(clusters(4, i => ({ peers: i === 3 ? [] : ['*'] })))).toEqual([
      `| \`c1\` | \`c2\`, \`c3\` | ${delivery} |`,
      `| \`c2\` | \`c1\`, \`c3\` | ${delivery} |`,
      `| \`c3\` | \`c1\`, \`c2\` | ${delivery} |`,
      `| \`c4\` | no cluster | ${delivery} |`,
    ]);
    expect(links(clusters(200))).toEqual([`| \`c1\` … \`c200\` (200 clusters) | every other cluster | ${delivery} |`]);
  });

  test.each<[string, RemoteCredentials, string]>([
    [
      'a secret store',
      RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }),
      'through the store `vault` at `istio/mesh1/NAME`',
    ],
    [
      'the output directory',
      RemoteCredentials.plainToken(SecretValue.unsafePlainText('t')),
      'in the output directory, step `60-remote-secrets` of each peer',
    ],
    ['another tool', RemoteCredentials.external(), 'external, not part of the output directory'],
    [
      'files of istiod',
      RemoteCredentials.external({ kubeconfigPath: '/etc/peers' }),
      'external, in files below `/etc/peers` of istiod instead of Secrets',
    ],
    [
      'encrypted files',
      RemoteCredentials.linked({ into: LinkDestination.sops() }),
      'files in `../links/CLUSTER/`, each with a Secret that is encrypted by SOPS',
    ],
  ])('describes the delivery by %s', (_, remoteCredentials, expected) => {
    expect(section(pageOf(twoClusters({ remoteCredentials })), 'Links')).toContain(expected);
  });
});

test('the section Clusters has a row for each cluster, and lists common settings only once', () => {
  const common = { revision: '1-31-0', revisionTags: { prod: '1-31-0' } };
  const canary = { revision: '1-32-0', istioVersion: '1.32.0' };
  const text = section(pageOf(twoClusters(common, { canary }, { network: 'network2' })), 'Clusters');
  expect(text).toContain(
    'All clusters: Istio 1.31.0; Revision `1-31-0`; Tags `prod` → `1-31-0`; Injection label `istio.io/rev=prod`;');
  expect(text).toContain('| Cluster | Network | Canary | Context | API server |');
  expect(rows(text)).toEqual([
    '| `cluster1` | `network1` | `1-32-0` (1.32.0) | `cluster1` | `https://cluster1.example.com:6443` |',
    '| `cluster2` | `network2` |  | `cluster2` | `https://cluster2.example.com:6443` |',
  ]);
});

test('the section Warnings has a row for each rule, and the reasons of acknowledged rules', () => {
  const acknowledge = { IM036: 'signed by | a <b>public</b> authority\nof *ours*' };
  const text = section(pageOf(twoNetworks({ acknowledge })), 'Warnings');
  expect(text).toContain('| `IM049` | cluster \'cluster1\': eastWestGateway: ');
  expect(text).toContain('; and 1 more of its kind |');
  expect(text).toContain('| `IM036` | signed by \\| a \\<b\\>public\\</b\\> authority of \\*ours\\* |');
  expect(pageOf(twoClusters({ caData: CA_PEM }))).not.toContain('## Warnings');
});

describe('the runbook', () => {
  const plainText = (text: string) => SecretValue.unsafePlainText(text);

  test.each([
    ['a token in a variable', RemoteCredentials.plainToken(SecretValue.env('RUNBOOK_TOKEN'))],
    ['a token in plain text', RemoteCredentials.plainToken(plainText('s3cret-t0ken'))],
    [
      'settings of an auth provider',
      RemoteCredentials.authProvider({ secretConfig: { 'client-secret': plainText('s3cret-t0ken') } }),
    ],
    [
      'a client certificate',
      RemoteCredentials.clientCertificate({
        certificate: plainText(`${CA_PEM}s3cret-t0ken`), key: plainText('-----BEGIN s3cret-t0ken'),
      }),
    ],
  ])('does not contain %s', (_, remoteCredentials) => {
    process.env.RUNBOOK_TOKEN = 's3cret-t0ken';
    const files = treeOf(twoClusters({ remoteCredentials }));
    expect(Object.keys(files).some(path => path.includes('60-remote-secrets'))).toBe(true);
    expect(files['mesh.md']).not.toMatch(/s3cret/);
  });

  test('does not depend on the path of the output directory, and check accepts it', () => {
    const text = JSON.stringify(twoNetworks({ trust: undefined }));
    const directory = directoryWith({ 'mesh.yaml': text });
    const outdir = join(temporaryDirectory(), 'elsewhere');
    const app = new MeshApp({ outdir, summary: false });
    Mesh.fromFile(app, 'mesh', join(directory, 'mesh.yaml'));
    app.synth();
    expect(filesOf(outdir)['mesh.md']).toBe(treeOfFile(text)['mesh.md']);
    expect(JSON.stringify(check(join(directory, 'mesh.yaml'), outdir))).not.toContain('mesh.md');
  });

  test('is only written for a mesh', () => {
    expect(Object.keys(synthesized(app => new MeshApp({ outdir: app.outdir })))).not.toContain('mesh.md');
  });

  test('of 200 clusters is smaller than 60 kB', () => {
    expect(pageOf({ ...clusters(200), network: 'network-$(cluster)' }).length).toBeLessThan(60_000);
  });

  const hasMeshFile = (name: string) => existsSync(join(EXAMPLES, name, 'mesh.yaml'));
  const examples = readdirSync(EXAMPLES).filter(name => hasMeshFile(name) && name !== 'flux');

  test.each(examples)('of the example %s has no empty section and no broken link', name => {
    const files: Files = synthesized(app => Mesh.fromFile(app, 'mesh', join(EXAMPLES, name, 'mesh.yaml')));
    const page = files['mesh.md'];
    expect(page).not.toMatch(/^#+ [^\n]*\n+(#{1,2} |$(?![\s\S]))/m);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase());
    const anchors = headings.map(title => `#${title.replace(/[^\w -]/g, '').replace(/ /g, '-')}`);
    const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
    const localTargets = targets.filter(target => !target.startsWith('https://'));
    expect(localTargets.filter(target => !anchors.includes(target) && !(target in files))).toEqual([]);
  });
});

test('docs/reference/runbook.md quotes the commands, the firewall table and the titles of a runbook', () => {
  const doc = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'reference', 'runbook.md'), 'utf-8');
  const page = pageOf(twoNetworks());
  expect(blocks(doc, 'sh').filter(commands => !page.includes(commands))).toEqual([]);
  const connections = rows(section(page, 'Firewall')).slice(0, 4).map(row => row.split(' | ').slice(0, 3).join(' | '));
  expect(connections.map(row => `${row} |`)).toEqual(blocks(doc, 'text')[0].split('\n'));
  const titles = rows(doc.split('```')[0]).map(row => row.split(' | ')[0].slice(2));
  expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(titles);
});
