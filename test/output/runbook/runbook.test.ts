import { execFileSync } from 'child_process';
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import type { ClusterProps, MeshProps } from '../../../src';
import { GitOps, Installer, LinkDestination, LoadBalancer, Mesh, MeshApp, RemoteCredentials, SecretValue, Trust } from '../../../src';
import { check } from '../../../src/cli/check/check';
import { block, code, plain, table } from '../../../src/output/runbook/markdown';
import { summary } from '../../../src/output/summary';
import { directoryWith, filesOf, quietApp, synthesized, treeOf, treeOfFile, twoClusters, twoNetworks } from '../../support/mesh-util';
import type { Files } from '../../support/mesh-util';
import { CA_PEM, temporaryDirectory } from '../../support/util';

const EXAMPLES = join(__dirname, '..', '..', '..', 'examples');

function pageOf(props: MeshProps): string {
  return treeOf(props)['mesh.md'];
}

/** The text below a heading, up to the next one of its kind or a higher one. */
function section(page: string, title: string): string {
  const [, marks, , text] = new RegExp(`^(##+) ((?:\\d+\\. )?${title})\\n(.*?)(?=^##? |^${title === 'Install' ? '## ' : '###? '}|$(?![\\s\\S]))`, 'ms').exec(page) ?? [];
  if (marks === undefined) {
    throw new Error(`the page has no section '${title}':\n${page}`);
  }
  return text;
}

/** The blocks of a language in a text. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)\\n\`\`\`$`, 'gms'))].map(([, content]) => content);
}

/** The rows of the first table in a text, without its head. */
function rows(text: string): string[] {
  return text.split('\n').filter(line => line.startsWith('| ')).slice(2);
}

function clusters(count: number, of: (i: number) => Partial<ClusterProps> = () => ({})): MeshProps {
  return {
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: 'network1',
    apiServer: 'https://$(cluster).example.com:6443',
    clusters: Array.from({ length: count }, (_, i) => ({ name: `c${i + 1}`, ...of(i) })),
  };
}

describe('the commands', () => {
  test('of equal clusters are told once, in a loop, with what the first one prints', () => {
    const begin = section(pageOf(twoNetworks()), 'Begin each cluster');
    expect(blocks(begin, 'sh')).toEqual(['for c in cluster1 cluster2; do\n  kubectl --context $c apply -k $c/00-namespace\ndone']);
    expect(begin).toContain('It prints, e.g. for `cluster1`:');
    expect(blocks(begin, 'text')[0].split('\n')).toEqual([
      'namespace/istio-system created',
      'serviceaccount/istio-mesh-reader-blue created',
      'serviceaccount/istio-mesh-reader-green created',
      'clusterrole.rbac.authorization.k8s.io/istio-mesh-reader-istio-system created',
      'clusterrolebinding.rbac.authorization.k8s.io/istio-mesh-reader-istio-system created',
      'secret/istio-mesh-reader-blue created',
      'secret/istio-mesh-reader-green created',
    ]);
  });

  test('stand in the order in which they are run', () => {
    const titles = (page: string) => [...section(page, 'Install').matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(titles(pageOf(twoNetworks({ trust: Trust.pem('certs') })))).toEqual([
      '1. Begin each cluster', '2. Bring one root of trust', '3. Install Istio', '4. Apply the rest', '5. Link', '6. Look whether it works', 'Later',
    ]);
    const gitOps = GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' });
    const trust = Trust.certManager({ issuerRef: { name: 'root' } });
    expect(titles(pageOf(twoNetworks({ installer: Installer.helm(), gitOps, trust, remoteCredentials: RemoteCredentials.external() })))).toEqual([
      '1. Commit, and hand over', '2. Look whether it works', 'Later',
    ]);
  });

  test('of sixty equal clusters are one loop over lines that stay short', () => {
    const page = pageOf(clusters(60));
    const [loop, ...more] = blocks(section(page, 'Begin each cluster'), 'sh');
    expect(more).toEqual([]);
    expect(Math.max(...page.match(/```sh\n[^]*?```/g)!.flatMap(one => one.split('\n')).map(({ length }) => length))).toBeLessThan(120);
    expect(loop.match(/\bc\d+\b/g)).toHaveLength(60);
  });

  test('with contexts that have the name in them name it there, and with others read both', () => {
    const lines = (one: string, two: string) => blocks(section(pageOf(twoClusters({}, { context: one }, { context: two })), 'Begin each cluster'), 'sh')[0].split('\n');
    expect(lines('admin@cluster1', 'admin@cluster2')[1]).toBe('  kubectl --context admin@$c apply -k $c/00-namespace');
    expect(lines('cluster1_eu', 'cluster2_eu')[1]).toBe('  kubectl --context ${c}_eu apply -k $c/00-namespace');
    expect(lines("bob's east", '$(reboot)')).toEqual([
      'while read -r c context <&3; do', '  kubectl --context "$context" apply -k $c/00-namespace', "done 3<<'END'", "cluster1 bob's east", 'cluster2 $(reboot)', 'END',
    ]);
    for (const changed of [' east', 'east\n', 'e\u202east', '\u001b[31m']) { // by `read`, or by what shows the page
      expect(lines(changed, changed)[0]).toBe('for c in cluster1 cluster2; do');
    }
  });

  test('hand every context to the program as it is, and show all of it', () => {
    for (const context of ['`id`', '$(id)', "'; id; '", '`<img src=x>`', '=id', ' a ', 'a\nEND\nid', 'b\u202ea\u001b[31m\\', '']) {
      const page = pageOf(twoClusters({}, { context }, { context }));
      expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      const inSentences = [...page.matchAll(/(?<!`)(`+) ?(kubectl --context (?:(?!\1).)*?) ?\1(?!`)/g)].map(([, , line]) => line);
      const lines = [...blocks(page, 'sh'), ...inSentences, ...page.match(/^ {4}istioctl .*$/gm)!];
      const program = '{ [ "$1" = --context ] && printf "%s\\0" "$2"; }';
      const script = `kubectl() ${program}; istioctl() ${program}; istio-mesh() { :; }\n${lines.join('\n')}\n`;
      const words = execFileSync('bash', ['-c', script], { encoding: 'utf-8' }).split('\0').slice(0, -1);
      expect(words).toHaveLength(8);
      expect(new Set(words)).toEqual(new Set([context]));
    }
  });

  test('of mixed installers are told apart, and the summary says that they are mixed', () => {
    const text = section(pageOf(twoClusters({}, {}, { installer: Installer.helm() })), 'Install Istio');
    expect(text).toMatch(/^For `cluster1`:\n\n```sh\nistioctl --context cluster1 install -y -f cluster1\/istioctl\/control-plane\.yaml {4}# istioctl 1\.31\.0\n```/m);
    expect(text).toMatch(/^For `cluster2`:\n\n```sh\nhelm upgrade --install istio-base base --repo \S+ --version 1\.31\.0 --namespace istio-system --kube-context cluster2 --values cluster2\/helm\/istio-base\.yaml\n/m);
    expect(text).toContain('Release "istiod" does not exist. Installing it now.');
    const app = quietApp();
    const mesh = new Mesh(app, 'mesh1', twoClusters({}, {}, { installer: Installer.helm() }));
    expect(summary('dist', app._files().tree, [mesh._model])).toContain('\nnext, for each cluster, e.g. cluster2 (the installers differ: istioctl, helm):\n');
  });

  test('of somebody else\'s istiod, and of somebody else\'s authority, are tasks', () => {
    const page = pageOf(twoClusters({ installer: Installer.external() }));
    expect(section(page, 'Install Istio').trim()).toBe("Istiod is somebody else's: with meshID 'mesh1', clusterName the name of the cluster, network 'network1'.");
    expect(section(page, 'Bring one root of trust')).toContain('Create the Secret cacerts of a common root (https://istio.io/');
  });

  test('read the token that the tree is to have, and synthesize again', () => {
    const text = (count: number) => {
      process.env.TOKEN_C1 = process.env.TOKEN_C2 = 's3cret-t0ken';
      return section(pageOf({ ...clusters(count), remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('TOKEN_$(cluster)')) }), 'Read the tokens, and synthesize again');
    };
    const read = (context: string) => `$(kubectl --context ${context} -n istio-system get secret istio-mesh-reader-blue -o 'go-template={{.data.token | base64decode}}')"`;
    expect(blocks(text(1), 'sh')).toEqual([`export "TOKEN_C1=${read('c1')}`]);
    expect(blocks(text(2), 'sh')).toEqual([`for c in c1 c2; do\n  export "TOKEN_$(printf %s "$c" | tr a-z- A-Z_)=${read('$c')}\ndone`]);
    expect(text(2)).toContain('do not commit it');
  });

  test('set no variable whose name a shell would run', () => {
    const name = 'A"; reboot; "';
    process.env[name] = 's3cret-t0ken';
    const text = section(pageOf({ ...clusters(1), remoteCredentials: RemoteCredentials.plainToken(SecretValue.env(name)) }), 'Read the tokens, and synthesize again');
    delete process.env[name];
    expect(text).toContain('Write what this gives to the environment variable A"; reboot; ", which no shell can set:');
    expect(blocks(text, 'sh')).toEqual(["kubectl --context c1 -n istio-system get secret istio-mesh-reader-blue -o 'go-template={{.data.token | base64decode}}'"]);
  });

  test('apply links that are files where no tool does', () => {
    const into = (destination: LinkDestination, gitOps?: GitOps) => pageOf(twoClusters({
      remoteCredentials: RemoteCredentials.linked({ into: destination }), gitOps, installer: gitOps && Installer.helm(),
    }));
    expect(blocks(section(into(LinkDestination.sealedSecrets()), 'Apply the links'), 'sh')).toEqual(['for c in cluster1 cluster2; do\n  kubectl --context $c apply -k ../links/$c\ndone']);
    expect(into(LinkDestination.sops())).not.toContain('Apply the links');
    expect(section(into(LinkDestination.sops(), GitOps.flux()), 'Link')).toContain('Commit `../links`: the same tool applies it.');
  });

  test('hand over to a GitOps tool, and tell when it applies what', () => {
    const props = (gitOps: GitOps) => twoNetworks({ gitOps, installer: Installer.helm() });
    const argo = section(pageOf(props(GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' }))), 'Commit, and hand over');
    expect(blocks(argo, 'sh')).toEqual(['kubectl apply -k argocd']);
    expect(blocks(argo, 'text')).toEqual(['appproject.argoproj.io/mesh1 created\napplication.argoproj.io/mesh1-cluster1 created\n…']);
    expect(rows(argo).map(row => row.split(' | ')[2])).toEqual(['wave -30 |', expect.stringContaining('wave 0, and wave 10 for the gateway'), 'wave 10 |']);
    const flux = section(pageOf(props(GitOps.flux())), 'Commit, and hand over');
    expect(flux).toContain('Have the Flux of each cluster apply its directory, e.g. ./dist/flux/cluster1.');
    expect(rows(flux)[0]).toContain('Kustomization mesh1-cluster1-namespace');
  });

  test('give other tokens by rotate, by commits, or where they come from', () => {
    const later = (remoteCredentials: RemoteCredentials) => section(pageOf(twoClusters({ remoteCredentials })), 'Later');
    expect(later(RemoteCredentials.linked())).toContain('`istio-mesh rotate mesh.yaml`');
    expect(later(RemoteCredentials.linked({ into: LinkDestination.sops() }))).toContain('commit reader: {activeToken: green}');
    expect(later(RemoteCredentials.external())).toContain('where they come from');
  });
});

describe('who hears whom', () => {
  const hears = (props: MeshProps) => rows(section(pageOf(props), 'Who hears whom'));

  test('is a row for each cluster: pods on its network, gateways elsewhere, and nobody who is no peer', () => {
    const props = clusters(3, i => ({ network: i < 2 ? 'near' : 'far', peers: i === 1 ? ['c1'] : ['*'] }));
    expect(hears(props).slice(0, 3)).toEqual([
      '| `c1` | own pods | pods | gateway of `c3` |', '| `c2` | pods | own pods | – |', '| `c3` | gateway of `c1` | – | own pods |',
    ]);
  });

  test('goes through another gateway of its network where a cluster has none', () => {
    const props = clusters(3, i => ({ network: i === 0 ? 'near' : 'far', eastWestGateway: i === 2 ? { install: 'never' as any } : {} }));
    expect(hears(props)[0]).toBe('| `c1` | own pods | gateway of `c2` | gateway of `c2` |');
  });

  test('is told of each pair up to 12 clusters, and by network above', () => {
    expect(hears(clusters(12))).toHaveLength(12);
    expect(hears(clusters(13))).toEqual(['| `c1` … `c13` (13 clusters) | every other cluster of its network | – |']);
    const many = clusters(13, i => ({ network: `n${i % 2}`, peers: i === 12 ? ['c1'] : ['*'] }));
    expect(hears(many).slice(0, 3)).toEqual([
      '| `c1` | every other cluster of its network | every cluster of another network |',
      '| `c2`, `c4`, `c6`, `c8`, `c10`, `c12` | every other cluster of its network | 6 of 7 clusters of other networks |',
      '| `c3`, `c5`, `c7`, `c9`, `c11` | 5 of 6 clusters of its network | every cluster of another network |',
    ]);
  });

  test.each<[string, MeshProps['eastWestGateway'], string]>([
    ['a load balancer', {}, 'load balancer | 15443'],
    ['an internal one of a cloud', { loadBalancer: LoadBalancer.aws({ internal: true }) }, 'load balancer (aws, internal) | 15443'],
    ['nodes', { loadBalancer: LoadBalancer.nodePort({ edge: 'true' }) }, 'the `ExternalIP` of the nodes with `edge=true` | a node port, which Kubernetes chooses'],
    ['addresses', { service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] } }, 'external IPs `192.0.2.1` | 15443'],
    ['another port', { ports: [{ name: 'status-port', port: 15021 }, { name: 'tls', port: 443, targetPort: 15443 }] }, 'load balancer | 443'],
  ])('tells the address kind of a gateway with %s', (_, eastWestGateway, told) => {
    expect(section(pageOf(twoNetworks({ eastWestGateway })), 'Who hears whom')).toContain(`| \`cluster1\`, \`cluster2\` | ${told} |`);
  });
});

describe('the firewall table', () => {
  const firewall = (props: MeshProps) => rows(section(pageOf(props), 'Firewall')).map(row => row.split(' | ').slice(0, 3).join(' | '));

  test('has each API server, each gateway, and what stays within a cluster', () => {
    expect(firewall(twoNetworks())).toEqual([
      '| pods of istiod of `cluster2` | API server of `cluster1`, `cluster1.example.com` | 6443',
      '| pods of istiod of `cluster1` | API server of `cluster2`, `cluster2.example.com` | 6443',
      '| pods of `cluster2` | east-west gateway of `cluster1`: load balancer | 15443',
      '| pods of `cluster1` | east-west gateway of `cluster2`: load balancer | 15443',
      '| load balancer of `cluster1`, `cluster2` | nodes or pods of its gateway | what its cloud checks, or 15021',
      '| API server of each cluster | pods of its own istiod | 15017',
      '| pods with a proxy, gateways too | pods of their own istiod | 15012',
      '| pods of istiod | API server of their own cluster | that of Service `kubernetes`',
      '| your machine | API server of each cluster | that of your kubeconfig',
    ]);
  });

  test('has pods to pods on one network, and no gateways there', () => {
    const found = firewall(twoClusters());
    expect(found).toContain('| pods of `cluster1`, `cluster2`, on network `network1` | pods of `cluster1`, `cluster2`, on network `network1` | those of your workloads');
    expect(found.join()).not.toContain('gateway of');
  });

  test('leads to the proxy of an API server, and from there to that', () => {
    const found = firewall(twoClusters({ proxyUrl: 'http://proxy.example.com:3128' }));
    expect(found.slice(0, 2)).toEqual([
      '| pods of istiod of `cluster2` | proxy `proxy.example.com` of `cluster1` | 3128',
      '| proxy `proxy.example.com` | API server of `cluster1`, `cluster1.example.com` | 6443',
    ]);
    expect(firewall(twoClusters({ apiServer: 'https://$(cluster).example.com' }, { apiServer: undefined }, { apiServer: undefined })).join()).toContain(' | 443,');
  });

  test('of a mesh of 60 clusters is as long as that of two', () => {
    const networks = (props: MeshProps) => firewall({ ...props, network: 'network-$(cluster)' });
    expect(networks(clusters(60)).slice(0, 2)).toEqual([
      '| pods of istiod of every other cluster | API server of `c1` … `c60` (60 clusters), at its host in [Clusters](#clusters) | 6443',
      '| pods of every cluster of another network | east-west gateway of `c1` … `c60` (60 clusters): load balancer | 15443',
    ]);
    expect(networks(clusters(12))).toHaveLength(12 + 12 + 5);
    expect(networks(clusters(13))).toHaveLength(1 + 1 + 5);
  });

  test('tells what the tree limits: source ranges and NetworkPolicies', () => {
    const text = section(pageOf(twoNetworks({ eastWestGateway: { service: { loadBalancerSourceRanges: ['192.0.2.0/24'] }, networkPolicy: { ipBlocks: ['198.51.100.0/24'] } } })), 'Firewall');
    expect(text).toContain('- `cluster1`, `cluster2`: its load balancer takes `192.0.2.0/24` alone (`loadBalancerSourceRanges`); '
      + 'NetworkPolicy `cross-network-istio-eastwestgateway` lets `198.51.100.0/24` to the port of mTLS');
    expect(section(pageOf(twoNetworks()), 'Firewall')).not.toContain('limits already');
  });

  test('has the health check that annotations ask for', () => {
    expect(firewall(twoNetworks({ eastWestGateway: { loadBalancer: LoadBalancer.aws() } })).join()).toContain('| load balancer of `cluster1`, `cluster2` | pods of its gateway | 15021');
  });
});

describe('the links', () => {
  const links = (props: MeshProps) => rows(section(pageOf(props), 'Links'));

  test('tell for each cluster who reads it, and how its credential travels', () => {
    expect(links(clusters(4, i => ({ peers: i === 3 ? [] : ['*'] })))).toEqual([
      '| `c1` | `c2`, `c3` | linked | the token of `istio-mesh-reader-blue`, by `istio-mesh link` |',
      '| `c2` | `c1`, `c3` | linked | the token of `istio-mesh-reader-blue`, by `istio-mesh link` |',
      '| `c3` | `c1`, `c2` | linked | the token of `istio-mesh-reader-blue`, by `istio-mesh link` |',
      '| `c4` | nobody | linked | the token of `istio-mesh-reader-blue`, by `istio-mesh link` |',
    ]);
    expect(links(clusters(200))).toEqual(['| `c1` … `c200` (200 clusters) | every other cluster | linked | the token of `istio-mesh-reader-blue`, by `istio-mesh link` |']);
  });

  test.each<[string, RemoteCredentials, string]>([
    ['a store', RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }), 'through the store `vault` at `istio/mesh1/NAME`'],
    ['the tree', RemoteCredentials.plainToken(SecretValue.unsafePlainText('t')), 'in the tree, step `60-remote-secrets` of those that read it'],
    ['somebody else', RemoteCredentials.external(), 'somebody else brings the Secret'],
    ['files of istiod', RemoteCredentials.external({ kubeconfigPath: '/etc/peers' }), 'in files below `/etc/peers` of istiod, and in no Secret'],
    ['files beside the tree', RemoteCredentials.linked({ into: LinkDestination.sops() }), 'files with a Secret that SOPS encrypts each, in `../links/NAME/`'],
  ])('tell of a credential that travels by %s', (_, remoteCredentials, told) => {
    expect(section(pageOf(twoClusters({ remoteCredentials })), 'Links')).toContain(told);
  });
});

test('the clusters have a row each, with what differs; what is alike stands once', () => {
  const text = section(pageOf(twoClusters({ revision: '1-31-0', revisionTags: { prod: '1-31-0' } }, { canary: { revision: '1-32-0', istioVersion: '1.32.0' } }, { network: 'network2' })), 'Clusters');
  expect(text).toContain('All clusters: Istio 1.31.0; Revision `1-31-0`; Tags `prod` → `1-31-0`; Injected namespaces have `istio.io/rev=prod`;');
  expect(text).toContain('| Cluster | Network | Canary | Context | API server |');
  expect(text).toContain('| `cluster1` | `network1` | `1-32-0` (1.32.0) | `cluster1` | `https://cluster1.example.com:6443` |');
  expect(text).toContain('| `cluster2` | `network2` |  | `cluster2` | `https://cluster2.example.com:6443` |');
});

test('warnings are told by their rules, and acknowledged ones with the reason', () => {
  const told = section(pageOf(twoNetworks({ acknowledge: { IM036: 'signed by | a <b>public</b> authority\nof *ours*' } })), 'Warnings');
  expect(told).toContain('| `IM049` | cluster \'cluster1\': eastWestGateway: the load balancer may be public');
  expect(told).toContain('; and 1 more of its kind |');
  expect(told).toContain('| `IM036` | signed by \\| a \\<b\\>public\\</b\\> authority of \\*ours\\* |');
  expect(pageOf(twoClusters({ caData: CA_PEM }))).not.toContain('## Warnings');
});

describe('Markdown', () => {
  test('text of a user\'s is no markup, and stays on its line', () => {
    expect(plain('a_b *c* <d> [e](f) `g`\n# h $i$ & ~j~')).toBe('a\\_b \\*c\\* \\<d\\> \\[e\\](f) \\`g\\` \\# h \\$i\\$ \\& \\~j\\~');
    expect(code('a`b``c')).toBe('```a`b``c```');
    expect(code('`a')).toBe('`` `a ``');
    expect(block('sh', ['```'])).toBe('````sh\n```\n````');
  });

  test('a table escapes bars, and leaves out what is empty everywhere', () => {
    expect(table(['a', 'b', 'c'], [['1|2', '', '`|`'], ['3', '', '']])).toBe('| a | c |\n| --- | --- |\n| 1\\|2 | `\\|` |\n| 3 |  |');
  });
});

describe('the page', () => {
  test('holds no secret, wherever the definition has one', () => {
    process.env.RUN_BOOK_TOKEN = 's3cret-t0ken';
    const secrets = [
      RemoteCredentials.plainToken(SecretValue.env('RUN_BOOK_TOKEN')),
      RemoteCredentials.plainToken(SecretValue.unsafePlainText('s3cret-t0ken')),
      RemoteCredentials.authProvider({ secretConfig: { 'client-secret': SecretValue.unsafePlainText('s3cret-t0ken') } }),
      RemoteCredentials.clientCertificate({ certificate: SecretValue.unsafePlainText(`${CA_PEM}s3cret-t0ken`), key: SecretValue.unsafePlainText('-----BEGIN s3cret-t0ken') }),
    ];
    for (const remoteCredentials of secrets) {
      const files = treeOf(twoClusters({ remoteCredentials }));
      expect(Object.keys(files).some(path => path.includes('60-remote-secrets'))).toBe(true);
      expect(files['mesh.md']).not.toMatch(/s3cret/);
    }
  });

  test('is the same wherever the tree lies, and check takes it', () => {
    const text = JSON.stringify(twoNetworks({ trust: undefined }));
    const directory = directoryWith({ 'mesh.yaml': text });
    const outdir = join(temporaryDirectory(), 'elsewhere');
    const app = new MeshApp({ outdir, summary: false });
    Mesh.fromFile(app, 'mesh', join(directory, 'mesh.yaml'));
    app.synth();
    expect(filesOf(outdir)['mesh.md']).toBe(treeOfFile(text)['mesh.md']);
    expect(check(join(directory, 'mesh.yaml'), outdir).filter(({ place }) => place.file?.includes('mesh.md'))).toEqual([]);
  });

  test('is there with a mesh, and not with constructs alone', () => {
    expect(Object.keys(synthesized(app => new MeshApp({ outdir: app.outdir })))).not.toContain('mesh.md');
  });

  test('of 200 clusters is small', () => {
    expect(pageOf({ ...clusters(200), network: 'network-$(cluster)' }).length).toBeLessThan(60_000);
  });

  const EACH = readdirSync(EXAMPLES).filter(name => existsSync(join(EXAMPLES, name, 'mesh.yaml')) && name !== 'flux');

  test.each(EACH)('of the example %s has no empty section, and links that resolve', name => {
    const files: Files = synthesized(app => Mesh.fromFile(app, 'mesh', join(EXAMPLES, name, 'mesh.yaml')));
    const page = files['mesh.md'];
    expect(page).not.toMatch(/^#+ [^\n]*\n+(#{1,2} |$(?![\s\S]))/m);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-'));
    const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target).filter(target => !target.startsWith('https://'));
    expect(targets.filter(target => target.startsWith('#') ? !anchors.includes(target.slice(1)) : !(target in files))).toEqual([]);
  });
});

test('what the documentation shows is what a page has', () => {
  const doc = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'reference', 'runbook.md'), 'utf-8');
  const page = pageOf(twoNetworks());
  expect(blocks(doc, 'sh').filter(commands => !page.includes(commands))).toEqual([]);
  const lines = blocks(doc, 'text')[0].split('\n');
  expect(rows(section(page, 'Firewall')).slice(0, 4).map(row => `${row.split(' | ').slice(0, 3).join(' | ')} |`)).toEqual(lines);
  const named = rows(doc.split('```')[0]).map(row => row.split(' | ')[0].slice(2));
  expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(named);
});
