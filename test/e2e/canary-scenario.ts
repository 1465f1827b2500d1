import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { Continuous } from './continuous';
import { Installation } from './installation';
import { type Change, changed, changesOf } from '../support/readme-changes';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';
import { Tree } from './tree';

const EXAMPLE = resolve(__dirname, '..', '..', 'examples', 'canary');
const CLUSTERS = { cluster1: 'network-cluster1', cluster2: 'network-cluster2' };
const NAMES = Object.keys(CLUSTERS);
const [OLD, NEXT] = ['1-30-0', '1-31-0'];

const NAMESPACE = 'istio-system';
const SAMPLE = 'sample';
const GATEWAY = 'istio-eastwestgateway';
const FOLLOWERS = [[NAMESPACE, GATEWAY], [SAMPLE, 'helloworld'], [SAMPLE, 'client']] as const;

/** The lab has one build of Istio, which both names stand for, and both versions. */
const ISTIOCTLS = ['1.30.0', '1.31.0'].map(version => `istioctl-${version}() { istioctl "$@"; }\n`).join('');
const TRAFFIC = ' --traffic'; // of which there is enough here
const ONE_VERSION = (mesh: string) => mesh.replaceAll('istioVersion: 1.30.0', 'istioVersion: 1.31.0');

/**
 * Shows that a cluster moves to a second control plane and back without a failed request anywhere, by the lines of
 * examples/canary.
 */
export class CanaryScenario implements Scenario {
  public readonly name = 'canary';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const changes = changesOf(readFileSync(join(EXAMPLE, 'README.md'), 'utf-8'));
    const section = (title: string) =>
      changes.find(change => change.title === title) ?? fail(`the README has no section '${title}'`);
    const [add, move] = ['Add the canary', 'Move the tag'].map(section);
    const first = readFileSync(join(EXAMPLE, 'mesh.yaml'), 'utf-8');
    const beside = changed(first, add.diff!);
    const steps: ReadonlyArray<readonly [what: string, mesh: string, change: Change, revision: string]> = [
      ['the canary comes', beside, add, OLD],
      ['the tag moves', changed(beside, move.diff!), move, NEXT],
      ['the tag moves back', beside, move, OLD],
    ];
    const tree = new Tree(directory, join(directory, 'meshes', 'mesh.yaml'));
    mkdirSync(join(directory, 'meshes'));
    const write = (mesh: string) => writeFileSync(tree.mesh, ONE_VERSION(mesh));
    write(first);
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      await new Installation(lab, directory, { mesh: tree.mesh, linked: true }, say).install();
      const traffic = new Traffic(lab, SAMPLE);
      await traffic.start();
      await until('the first answers of everybody',
        async () => (await Promise.all(NAMES.map(name => heard(traffic, name)))).every(all => all === NAMES.length));
      say('everybody answers');
      const requests = new Continuous(traffic, NAMES);
      for (const [what, mesh, { script }, revision] of steps) {
        write(mesh);
        await tree.synth();
        const told = await lab.script(ISTIOCTLS + script!.replace(TRAFFIC, ''), directory);
        await Promise.all(FOLLOWERS.map(([namespace, app]) => follows(lab.clusters[0], namespace, app, revision)));
        say(`${what}: ${told.trim().split('\n').pop()}`);
      }
      return [
        { what: steps.map(([what]) => what).join(', '), requests: await requests.end(), answers: 'none failed' },
        await control(lab.clusters[0], traffic, NAMES[1]),
      ];
    });
  }
}

function fail(why: string): never {
  throw new Error(why);
}

/** Waits until the pod of a deployment is one that the istiod of a revision injected. */
async function follows(cluster: Cluster, namespace: string, app: string, revision: string): Promise<void> {
  await until(`the pod of ${app} is of revision ${revision}`, async () => {
    const { annotations } = cluster.kubelet.pod(namespace, { app })!.object.metadata;
    return JSON.parse(annotations!['sidecar.istio.io/status']).revision === revision;
  });
}

/** A gateway that ends and has no successor is missed. */
async function control(cluster: Cluster, traffic: Traffic, peer: string): Promise<Row> {
  await cluster.kubectl('-n', NAMESPACE, 'scale', 'deployment', GATEWAY, '--replicas=0');
  const error = await until(`requests of ${peer} fail without the gateway of ${cluster.name}`, async () =>
    (await traffic.ask(peer, 4)).find(answer => answer.error)?.error);
  return { what: 'control: the gateway ends', answers: `requests of ${peer} fail: ${error}` };
}

/** How many versions answer in a cluster, when every request is answered. */
async function heard(traffic: Traffic, cluster: string): Promise<number> {
  const answers = await traffic.ask(cluster, 20);
  return answers.some(({ error }) => error) ? 0 : new Set(answers.map(({ version }) => version)).size;
}
