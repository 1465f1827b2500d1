import { isDeepStrictEqual } from 'util';
import { type Manifest, ArgoCdRepository, WAVE } from './argo-cd-repository';
import { cacerts } from './cacerts';
import { writeLinks } from './encrypted-links';
import { GitOpsAgent } from './gitops-agent';
import { certificate } from './lab/certificates';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { SealedSecrets } from './sealed-secrets';
import { Traffic } from './traffic';
import { Tree } from './tree';

const CLUSTERS = { cluster1: 'network-cluster1', cluster2: 'network-cluster2' };
const MESH = 'test/e2e/meshes/argo-cd.yaml';
const NAMESPACE = 'istio-system';
const REQUESTS = 50;
const PORT = 9101;

/**
 * Shows that Argo CD's own engine brings a mesh from nothing to traffic, in waves, and that what Argo CD ignores is all
 * that istiod changes.
 */
export class ArgoCdScenario implements Scenario {
  public readonly name = 'argo-cd';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const tree = new Tree(directory, MESH);
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      const repository = await ArgoCdRepository.init(tree);
      const agents = lab.clusters.map((cluster, i) => new GitOpsAgent(cluster, repository.path, PORT + i, directory));
      await Promise.all([tree.synth(), prepare(lab)]);
      say('what the mesh does not bring is there: cacerts, and the controller of Sealed Secrets');

      await repository.commit(...lab.clusters);
      await Promise.all(agents.map(agent => agent.attempt()));
      say('the first wave is there, with the readers');
      await writeLinks(lab, tree);
      await repository.commit(...lab.clusters);
      await Promise.all(agents.map(agent => agent.sync()));
      const waves = await Promise.all(lab.clusters.map(cluster => checkOrder(cluster, repository)));
      say(`synced: ${waves.join(', ')}`);
      const differences = await Promise.all(lab.clusters.map(cluster => checkDifferences(lab, cluster, repository)));
      say(`ignored: ${differences.join(', ')}`);
      return [
        { what: 'both clusters from nothing', answers: waves.join(', ') },
        { what: 'webhooks: what is ignored', answers: differences.join(', ') },
        ...await checkTraffic(lab),
      ];
    });
  }
}

async function prepare(lab: Lab): Promise<void> {
  const root = await certificate({ commonName: 'root of the mesh' });
  const secrets = new SealedSecrets();
  await Promise.all(lab.clusters.map(async cluster => {
    await cluster.kubectl('create', 'namespace', NAMESPACE);
    await cluster.apply(JSON.stringify(await cacerts(cluster.name, NAMESPACE, root)));
    await secrets.prepare(cluster);
  }));
}

/** No object is older than one of an earlier wave, and none of a later one is older than an istiod that is ready. */
async function checkOrder(cluster: Cluster, repository: ArgoCdRepository): Promise<string> {
  const [live, committed] = [await repository.live(cluster), repository.objects(cluster)];
  if (live.length !== committed.length) {
    throw new Error(`${cluster.name} has ${live.length} of ${committed.length} objects`);
  }
  const made = live.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => ({
    wave: Number(metadata.annotations?.[WAVE] ?? 0),
    time: Date.parse(metadata.creationTimestamp!),
  }));
  const waves = [...new Set(made.map(({ wave }) => wave))].sort((a, b) => a - b);
  const times = waves.map(wave => made.filter(one => one.wave === wave).map(({ time }) => time));
  times.slice(1).forEach((later, i) => {
    if (Math.min(...later) < Math.max(...times[i])) {
      throw new Error(`${cluster.name}: something of wave ${waves[i + 1]} is older than something of wave ${waves[i]}`);
    }
  });
  const istiod = live.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'istiod')!;
  const ready =
    Date.parse(istiod.status.conditions.find(({ type }: { type: string }) => type === 'Available').lastTransitionTime);
  const first = Math.min(...made.filter(({ wave }) => wave > 0).map(({ time }) => time));
  if (!(first >= ready)) {
    throw new Error(`${cluster.name}: what needs istiod came ${ready - first} ms before it was ready`);
  }
  return `${live.length} objects in the waves ${waves.join(', ')}`;
}

/**
 * All that istiod changes in webhooks is ignored, and each expression is needed for that: without it, something
 * remains.
 */
async function checkDifferences(lab: Lab, cluster: Cluster, repository: ArgoCdRepository): Promise<string> {
  const desired = repository.objects(cluster);
  const found: string[] = [];
  for (const {
    group, kind, jqPathExpressions,
  } of repository.application(cluster).spec.ignoreDifferences as readonly Ignored[]) {
    const objects = desired.filter(one => one.kind === kind && one.apiVersion.startsWith(`${group}/`));
    if (objects.length === 0) {
      throw new Error(`${cluster.name} has no ${kind} in which ${jqPathExpressions.join(', ')} could be ignored`);
    }
    for (const object of objects) {
      const { name } = object.metadata;
      const live = async () => JSON.parse(await cluster.kubectl('get', kind, name, '-o', 'json'));
      await until(`istiod of ${cluster.name} changes ${kind} ${name} where it is ignored`, async () => {
        const now = await live();
        const without =
          await Promise.all(jqPathExpressions.map(one =>
            differs(lab, object, now, jqPathExpressions.filter(other => other !== one))));
        return without.every(Boolean);
      });
      if (await differs(lab, object, await live(), jqPathExpressions)) {
        throw new Error(`${cluster.name}: ${kind} ${name} differs in more than is ignored: `
          + `${JSON.stringify((await live()).webhooks)}`);
      }
      found.push(`${name} by ${jqPathExpressions.map(one => one.split('.').pop()).join(' and ')}`);
    }
  }
  return `${cluster.name}: ${found.join(', ')}`;
}

interface Ignored {
  readonly group: string;
  readonly kind: string;
  readonly jqPathExpressions: readonly string[];
}

/**
 * Whether webhooks in a cluster differ from what is committed, when that is taken from both which some expressions of
 * jq name.
 */
async function differs(
  lab: Lab, { webhooks: committed }: Manifest, { webhooks: live }: Manifest, expressions: readonly string[],
): Promise<boolean> {
  let both = [{ webhooks: committed }, { webhooks: live }];
  for (const jq of expressions) {
    both = JSON.parse(await lab.tool('argo-cd-expressions', [], JSON.stringify(both.map(value => ({ jq, value })))));
  }
  const [ours, theirs] = both;
  return !isWithin(ours, theirs) || (has(theirs, 'caBundle') && !has(ours, 'caBundle'));
}

/** Whether a value has all that another has, and may have the API server's defaults beside. */
function isWithin(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null || typeof whole !== 'object' || whole === null) {
    return isDeepStrictEqual(part, whole);
  }
  return Object.entries(part).every(([key, value]) => isWithin(value, (whole as any)[key]));
}

function has(value: unknown, key: string): boolean {
  return JSON.stringify(value).includes(`"${key}"`);
}

async function checkTraffic(lab: Lab): Promise<readonly Row[]> {
  const traffic = new Traffic(lab, 'sample');
  await traffic.start();
  return Promise.all(lab.clusters.map(async ({ name }) => {
    const heard = async (times: number) => {
      const answers = await traffic.ask(name, times);
      const versions = answers.map(({ version, error }) => version ?? error!);
      const told = [...new Set(versions)].sort()
        .map(one => `${one} ${versions.filter(version => version === one).length}`);
      if (!isDeepStrictEqual([...new Set(versions)].sort(), ['v1', 'v2'])) {
        throw new Error(`in ${name} v1 and v2 should answer, and did: ${told.join(', ')}`);
      }
      return told.join(', ');
    };
    await until(`the right answers in ${name}`, () => heard(20), 90);
    return { what: `sample in ${name}`, requests: REQUESTS, answers: await heard(REQUESTS) };
  }));
}
