import { writeFileSync } from 'fs';
import { basename } from 'path';
import { NO_METRICS } from './installation';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { Tree } from './tree';

const CLUSTER = 'cluster1';
const OLD = 'old';
const NEXT = 'next';
const GATEWAY = 'istio-eastwestgateway';

/** A cluster whose one tag is `default`, which validates too. */
function mesh(settings: string): string {
  return `meshID: mesh1
istioVersion: 1.31.0
eastWestGateway: {install: always, loadBalancer: {metalLb: pool}}
acknowledge: {IM053: the gateway is what this is about}
clusters: [{name: ${CLUSTER}, network: network1, peers: []}]
${settings}`;
}

const FIRST = `revision: ${OLD}\nrevisionTags: {default: ${OLD}}\n`;
const BESIDE = `revision: ${OLD}\ncanary: {revision: ${NEXT}, istioVersion: 1.31.0}\nrevisionTags: {default: ${OLD}}\n`;
const MOVED = BESIDE.replace(`default: ${OLD}`, `default: ${NEXT}`);
const DONE = `revision: ${NEXT}\nrevisionTags: {default: ${NEXT}}\n`;

interface Webhook {
  readonly failurePolicy: string;
  readonly clientConfig: { readonly caBundle?: string; readonly service: { readonly name: string } };
}

interface Webhooks {
  readonly metadata: { readonly name: string; readonly labels: { readonly [name: string]: string } };
  readonly webhooks: readonly Webhook[];
}

/**
 * Shows an upgrade as docs/how-to/upgrade-a-mesh.md tells it: the canary comes, the tag moves, moves back and moves
 * again, and the old control plane goes.
 */
export class UpgradeScenario implements Scenario {
  public readonly name = 'upgrade';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const tree = new Tree(directory, `${directory}/mesh.yaml`);
    return Lab.run({ directory, programs, clusters: { [CLUSTER]: 'network1' } }, async ({ clusters: [cluster] }) => {
      const rows: Row[] = [];
      const look = async (what: string, revision: string) => {
        rows.push({ what, answers: await seen(cluster, revision) });
        say(`${what}: ${rows[rows.length - 1].answers}`);
      };
      await this.write(tree, FIRST);
      await cluster.kubectl('apply', '-k', tree.path('dist', CLUSTER, '00-namespace'));
      await this.install(cluster, tree, say);
      await look('the first control plane', OLD);

      await this.write(tree, BESIDE);
      await this.install(cluster, tree, say);
      await look('a canary beside it', OLD);

      for (const [what, settings, revision] of [
        ['the tag moves', MOVED, NEXT], ['the tag moves back', BESIDE, OLD], ['the tag moves again', MOVED, NEXT],
      ]) {
        await this.write(tree, settings);
        await cluster.kubectl('apply', '-k', tree.path('dist', CLUSTER, '30-control-plane'));
        await cluster.kubectl('-n', 'istio-system', 'rollout', 'restart', `deployment/${GATEWAY}`);
        await look(what, revision);
      }

      await this.write(tree, DONE);
      await this.install(cluster, tree, say);
      say((await cluster.istioctl('uninstall', '-y', '--revision', OLD)).trim());
      await look('the old control plane is gone', NEXT);
      await this.install(cluster, tree, say);
      await look('the new one is installed again', NEXT);
      return rows;
    });
  }

  private async write(tree: Tree, settings: string): Promise<void> {
    writeFileSync(tree.mesh, mesh(settings));
    await tree.synth();
  }

  /** What synth prints. */
  private async install(cluster: Cluster, tree: Tree, say: Stage['say']): Promise<void> {
    const operators = tree.operators(CLUSTER);
    const gateway = operators[operators.length - 1];
    for (const file of operators) {
      if (file === gateway) {
        await cluster.apply(JSON.stringify(NO_METRICS));
        await cluster.kubectl('apply', '-k', tree.path('dist', CLUSTER, '30-control-plane'));
      }
      await cluster.istioctl('install', '-y', '--readiness-timeout', '2m', '-f', file);
    }
    await cluster.kubectl('apply', '-k', tree.path('dist', CLUSTER));
    say(`installed ${operators.map(file => basename(file)).join(', ')}`);
  }
}

/** Which istiod injects, validates and serves the gateway, when that is one of this revision. */
async function seen(cluster: Cluster, revision: string): Promise<string> {
  return until(`istiod of ${revision} to be followed`, async () => {
    const configurations = [
      ...await cluster.objects<Webhooks>('mutatingwebhookconfiguration'),
      ...await cluster.objects<Webhooks>('validatingwebhookconfiguration'),
    ];
    const ofTag =
      configurations.filter(({ metadata }) =>
        ['istio-revision-tag-default', 'istiod-default-validator'].includes(metadata.name));
    const said =
      ofTag.map(({ metadata, webhooks }) =>
        [metadata.name, metadata.labels['istio.io/rev'], ...new Set(webhooks.map(({ failurePolicy, clientConfig }) =>
          `${clientConfig.service.name} ${failurePolicy} ${clientConfig.caBundle ? 'known' : 'unknown'}`))].join(' '));
    const expected = [
      'istio-revision-tag-default', 'istiod-default-validator',
    ].map(name => `${name} ${revision} istiod-${revision} Fail known`);
    const pods = await cluster.objects<any>('pod');
    const gateways = pods.filter(({ metadata }) => metadata.labels?.app === GATEWAY && !metadata.deletionTimestamp);
    const served =
      gateways.map(({ spec, status }) =>
        `${spec.containers[0].env.find((one: any) => one.name === 'CA_ADDR')?.value} ${status.phase}`);
    const all = [...said, ...served].join(', ');
    return all === [...expected, `istiod-${revision}.istio-system.svc:15012 Running`].join(', ') ? all
      : Promise.reject(new Error(all));
  });
}
