import { execFileSync } from 'child_process';
import {
  type MeshProps, GitOps, Installer, LinkDestination, Mesh, RemoteCredentials, SecretValue, Trust,
} from '../../../src';
import { summary } from '../../../src/output/summary';
import { quietApp, twoClusters, twoNetworks } from '../../support/mesh-util';
import { blocks, clusters, pageOf, rows, section } from '../../support/runbook-page';

describe('the section Install', () => {
  const preparation = (props: MeshProps) => section(pageOf(props), 'Prepare each cluster');

  test('has one loop for clusters with equal commands', () => {
    expect(blocks(preparation(twoNetworks()), 'sh')).toEqual([
      'for c in cluster1 cluster2; do\n  kubectl --context $c apply -k $c/00-namespace\ndone',
    ]);
  });

  test('has the stages in the order in which they run', () => {
    const titles = (page: string) => [...section(page, 'Install').matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    expect(titles(pageOf(twoNetworks({ trust: Trust.pem('certs') })))).toEqual([
      '1. Prepare each cluster',
      '2. Distribute the CA certificates',
      '3. Install Istio',
      '4. Apply the remaining manifests',
      '5. Link the clusters',
      '6. Verify',
      'Later changes',
    ]);
    const gitOps = GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' });
    const trust = Trust.certManager({ issuerRef: { name: 'root' } });
    const props = { installer: Installer.helm(), gitOps, trust, remoteCredentials: RemoteCredentials.external() };
    expect(titles(pageOf(twoNetworks(props)))).toEqual([
      '1. Commit and bootstrap GitOps', '2. Verify', 'Later changes',
    ]);
  });

  test('has one loop with short lines for sixty clusters', () => {
    const page = pageOf(clusters(60));
    const [loop, ...others] = blocks(section(page, 'Prepare each cluster'), 'sh');
    expect(others).toEqual([]);
    const lines = page.match(/```sh\n[^]*?```/g)!.flatMap(text => text.split('\n'));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(120);
    expect(loop.match(/\bc\d+\b/g)).toHaveLength(60);
  });

  test('has loops over the names if the contexts contain them, and otherwise over names and contexts', () => {
    const lines = (one: string, two: string) =>
      blocks(preparation(twoClusters({}, { context: one }, { context: two })), 'sh')[0].split('\n');
    expect(lines('admin@cluster1', 'admin@cluster2')[1]).toBe('  kubectl --context admin@$c apply -k $c/00-namespace');
    expect(lines('cluster1_eu', 'cluster2_eu')[1]).toBe('  kubectl --context ${c}_eu apply -k $c/00-namespace');
    expect(lines("bob's east", '$(reboot)')).toEqual([
      'while read -r c context <&3; do',
      '  kubectl --context "$context" apply -k $c/00-namespace',
      "done 3<<'END'",
      "cluster1 bob's east",
      'cluster2 $(reboot)',
      'END',
    ]);
    for (const fragile of [' east', 'east\n', 'e\u202east', '\u001b[31m']) { // `read` or the page would change them
      expect(lines(fragile, fragile)[0]).toBe('for c in cluster1 cluster2; do');
    }
  });

  test.each([
    '`id`', '$(id)', "'; id; '", '`<img src=x>`', '=id', ' a ', 'a\nEND\nid', 'b\u202ea\u001b[31m\\', '',
  ])('passes the context %j unchanged to every program, and shows all of it', context => {
    const page = pageOf(twoClusters({}, { context }, { context }));
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const inline = page.matchAll(/(?<!`)(`+) ?(kubectl --context (?:(?!\1).)*?) ?\1(?!`)/g);
    const indented = page.match(/^ {4}istioctl .*$/gm)!;
    const lines = [...blocks(page, 'sh'), ...[...inline].map(([, , line]) => line), ...indented];
    const program = '{ [ "$1" = --context ] && printf "%s\\0" "$2"; }';
    const script = `kubectl() ${program}; istioctl() ${program}; istio-mesh() { :; }\n${lines.join('\n')}\n`;
    const words = execFileSync('bash', ['-c', script], { encoding: 'utf-8' }).split('\0').slice(0, -1);
    expect(words).toHaveLength(8);
    expect(new Set(words)).toEqual(new Set([context]));
  });

  test('separates clusters with different installers, as the summary does', () => {
    const props = twoClusters({}, {}, { installer: Installer.helm() });
    const text = section(pageOf(props), 'Install Istio');
    expect(text).toContain('For `cluster1`:\n\n```sh\n'
      + 'istioctl --context cluster1 install -y -f cluster1/istioctl/control-plane.yaml    # istioctl 1.31.0\n```');
    expect(text).toContain('For `cluster2`:\n\n```sh\nhelm upgrade --install istio-base base --repo ');
    expect(text).toContain(' --kube-context cluster2 --values cluster2/helm/istio-base.yaml\n');
    expect(text).toContain('Expected output: `STATUS: deployed`.');
    const app = quietApp();
    const mesh = new Mesh(app, 'mesh1', props);
    expect(summary('dist', app._files().tree, [mesh._model])).toContain(
      '\nnext steps for each cluster, e.g. cluster2 (the clusters have different installers: istioctl, helm):\n');
  });

  test('has tasks instead of commands for an external istiod and an external CA', () => {
    const page = pageOf(twoClusters({ installer: Installer.external() }));
    expect(blocks(section(page, 'Install Istio'), 'sh')).toEqual([]);
    expect(section(page, 'Install Istio')).toContain("meshID 'mesh1'");
    expect(section(page, 'Distribute the CA certificates')).toContain(
      'Create the Secret cacerts with an intermediate CA of the common root CA (https://istio.io/');
  });

  describe('for tokens that the manifests contain', () => {
    const remoteCredentials = (name: string) => RemoteCredentials.plainToken(SecretValue.env(name));
    const reading = (props: MeshProps) => section(pageOf(props), 'Read the tokens and synthesize again');
    const read = (context: string) => `kubectl --context ${context} -n istio-system get secret istio-mesh-reader-blue `
      + "-o 'go-template={{.data.token | base64decode}}'";

    test('reads the tokens before the second synth', () => {
      process.env.TOKEN_C1 = process.env.TOKEN_C2 = 's3cret-t0ken';
      const text = (count: number) =>
        reading({ ...clusters(count), remoteCredentials: remoteCredentials('TOKEN_$(cluster)') });
      expect(blocks(text(1), 'sh')).toEqual([`export "TOKEN_C1=$(${read('c1')})"`]);
      expect(blocks(text(2), 'sh')).toEqual([
        `for c in c1 c2; do\n  export "TOKEN_$(printf %s "$c" | tr a-z- A-Z_)=$(${read('$c')})"\ndone`,
      ]);
      expect(text(2)).toContain('do not commit it');
    });

    test('sets no variable whose name a shell would execute', () => {
      const name = 'A"; reboot; "';
      process.env[name] = 's3cret-t0ken';
      const text = reading({ ...clusters(1), remoteCredentials: remoteCredentials(name) });
      delete process.env[name];
      expect(text).toContain(
        'Write the output of this command to the environment variable A"; reboot; ", whose name shells do not accept:');
      expect(blocks(text, 'sh')).toEqual([read('c1')]);
    });
  });

  test('applies remote secrets in files with kubectl, unless another tool does', () => {
    const into = (destination: LinkDestination, gitOps?: GitOps) => pageOf(twoClusters({
      remoteCredentials: RemoteCredentials.linked({ into: destination }), gitOps, installer: gitOps && Installer.helm(),
    }));
    expect(blocks(section(into(LinkDestination.sealedSecrets()), 'Apply the remote secrets'), 'sh')).toEqual([
      'for c in cluster1 cluster2; do\n  kubectl --context $c apply -k ../links/$c\ndone',
    ]);
    expect(into(LinkDestination.sops())).not.toContain('Apply the remote secrets');
    expect(section(into(LinkDestination.sops(), GitOps.flux()), 'Link the clusters')).toContain(
      'Commit `../links`. The GitOps tool applies it, too.');
  });

  test('bootstraps the GitOps tool, and shows when the tool applies each step', () => {
    const bootstrap = (gitOps: GitOps) =>
      section(pageOf(twoNetworks({ gitOps, installer: Installer.helm() })), 'Commit and bootstrap GitOps');
    const argoCd = bootstrap(GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' }));
    expect(blocks(argoCd, 'sh')).toEqual(['kubectl apply -k argocd']);
    expect(rows(argoCd).map(row => row.split(' | ')[2])).toEqual([
      'wave -30 |', expect.stringContaining('wave 0, and wave 10 for the gateway'), 'wave 10 |',
    ]);
    const flux = bootstrap(GitOps.flux());
    expect(flux).toContain('./dist/flux/cluster1');
    expect(rows(flux)[0]).toContain('Kustomization mesh1-cluster1-namespace');
  });

  test.each([
    ['istio-mesh rotate', RemoteCredentials.linked(), '`istio-mesh rotate mesh.yaml`'],
    ['commits', RemoteCredentials.linked({ into: LinkDestination.sops() }), 'set `reader: {activeToken: green}`'],
    ['their own source', RemoteCredentials.external(), 'change them where you manage them'],
  ])('replaces credentials by %s', (_, remoteCredentials, expected) => {
    expect(section(pageOf(twoClusters({ remoteCredentials })), 'Later changes')).toContain(expected);
  });
});
