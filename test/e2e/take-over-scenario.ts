import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Continuous } from './continuous';
import { installByGuide } from './guide';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import { type Rendered, differences } from './rendering';
import type { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';
import { Tree } from './tree';

const CLUSTERS = { cluster1: 'network1', cluster2: 'network2' };
const NAMES = Object.keys(CLUSTERS);
const NAMESPACE = 'istio-system';

/** What Istio is made of in a cluster, its pods too, by which everybody knows that something started again. */
const KINDS = [
  'namespace', 'deployment', 'pod', 'service', 'configmap', 'secret', 'serviceaccount', 'horizontalpodautoscaler',
  'poddisruptionbudget', 'role', 'rolebinding',
  'clusterrole', 'clusterrolebinding', 'mutatingwebhookconfiguration', 'validatingwebhookconfiguration',
  'gateway.networking.istio.io',
];

/** What objects say beside what was asked of them. */
const SAID_BY_OTHERS = new RegExp(`/(${[
  'resourceVersion', 'generation', 'status', 'control-plane.alpha.kubernetes.io/leader',
  'kubectl.kubernetes.io/last-applied-configuration',
].join('|')})(/|$)`);

const OWNER = '/metadata/labels/install.operator.istio.io/owning-resource';

/** Everything that is another one after this library took over. */
const CHANGES = [
  'ClusterRole istio-mesh-reader-istio-system is new',
  'ClusterRoleBinding istio-mesh-reader-istio-system is new',
  'Secret istio-mesh-reader-blue is new',
  'Secret istio-mesh-reader-green is new',
  'Secret istio-reader-service-account-istio-remote-secret-token is gone',
  'Secret istio-remote-secret-PEER /data/PEER',
  'ServiceAccount istio-mesh-reader-blue is new',
  'ServiceAccount istio-mesh-reader-green is new',
];

/**
 * Shows that a mesh that was made by hand with Istio's guide is taken over as docs/how-to/adopt-a-mesh.md says, without
 * a failed request.
 */
export class TakeOverScenario implements Scenario {
  public readonly name = 'take-over';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      await installByGuide(lab, CLUSTERS, say);
      const traffic = new Traffic(lab, 'sample');
      await traffic.start();
      await everybodyAnswers(traffic);
      say('everybody answers');
      const before = await objectsOf(lab);
      const requests = new Continuous(traffic, NAMES);

      const tree = new Tree(directory, join(directory, 'meshes', 'mesh.yaml'));
      const notes = await read(lab, directory, 'meshes');
      say(['read the mesh', ...notes].join('\n'));
      await tree.synth();
      await this.takeOver(lab, tree, say);
      const commands =
        notes.map(note =>
          /: (kubectl .* delete secret .*)$/.exec(note)?.[1] ?? fail(`a note that is none of a token: ${note}`));
      say((await lab.script(commands.join('\n'), directory)).trim());
      say(await lab.istioMesh(['verify', tree.path('dist', 'mesh.yaml')]));
      const asked = await requests.end();
      await everybodyAnswers(traffic);

      const changes = changesBetween(before, await objectsOf(lab));
      expectSame('what changed', changes,
        NAMES.flatMap((name, i) => CHANGES.map(change => `${name}: ${change.replaceAll('PEER', NAMES[1 - i])}`)));
      expectSame('what is noted of the mesh as it is now', await read(lab, directory, 'again'), []);
      expectSame('the mesh as it is read again', [readFileSync(join(directory, 'again', 'mesh.yaml'), 'utf-8')],
        [readFileSync(tree.mesh, 'utf-8')]);
      return [
        { what: 'read, synthesized, applied, linked, old tokens ended', requests: asked, answers: 'none failed' },
        {
          what: 'other objects than before',
          answers: `the reader and its tokens, the links; of ${before.size} objects no other, and no pod`,
        },
        await control(lab, traffic),
      ];
    });
  }

  /** What synth prints, in all clusters at a time, and then the links. */
  private async takeOver(lab: Lab, tree: Tree, say: Stage['say']): Promise<void> {
    await Promise.all(lab.clusters.map(async cluster => {
      await cluster.kubectl('apply', '-k', tree.path('dist', cluster.name, '00-namespace'));
      for (const file of tree.operators(cluster.name)) {
        await cluster.istioctl('install', '-y', '-f', file);
      }
      await cluster.kubectl('apply', '-k', tree.path('dist', cluster.name));
      say(`${cluster.name}: applied the tree`);
    }));
    say(await lab.istioMesh(['link', tree.path('dist', 'mesh.yaml')]));
    say(await until('nothing is red', () => lab.istioMesh(['verify', tree.path('dist', 'mesh.yaml')])));
  }
}

function fail(why: string): never {
  throw new Error(why);
}

/** Reads the mesh that runs into a directory, and gives what is noted of it. */
async function read(lab: Lab, directory: string, into: string): Promise<readonly string[]> {
  mkdirSync(join(directory, into));
  const told = await lab.istioMesh(['init', join(directory, into), '--from-contexts', ...NAMES]);
  return told.split('\n').filter(line => line.startsWith('note: '));
}

/** Istio's objects in all clusters, by cluster, kind and name. */
async function objectsOf(lab: Lab): Promise<Map<string, Rendered>> {
  const found = await Promise.all(lab.clusters.map(async cluster => {
    const { items }: { items: Rendered[] } =
      JSON.parse(await cluster.kubectl('get', KINDS.join(','), '-n', NAMESPACE, '-o', 'json'));
    return items.filter(({ kind, metadata: { name } }) => kind !== 'Namespace' || name === NAMESPACE)
      .map(object => [`${cluster.name}: ${object.kind} ${object.metadata.name}`, withAnnotations(object)] as const);
  }));
  return new Map(found.flat());
}

function withAnnotations({ metadata, ...object }: Rendered): Rendered {
  return { ...object, metadata: { annotations: {}, ...metadata } };
}

/** What differs, but for who says that an object is theirs. */
function changesBetween(before: ReadonlyMap<string, Rendered>, after: ReadonlyMap<string, Rendered>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(key => {
    const [one, other] = [before.get(key), after.get(key)];
    return !one ? [`${key} is new`] : !other ? [`${key} is gone`]
      : differences(one, other).map(({ path }) => path).filter(path => path !== OWNER && !SAID_BY_OTHERS.test(path))
        .map(path => `${key} ${path}`);
  });
}

function expectSame(what: string, found: readonly string[], right: readonly string[]): void {
  if ([...found].sort().join('\n') !== [...right].sort().join('\n')) {
    throw new Error(`${what} should be\n${right.join('\n') || 'nothing'}\nand is\n${found.join('\n') || 'nothing'}`);
  }
}

/** What how-to and notes warn of: a gateway that is deleted so that another one can be made is missed. */
async function control(lab: Lab, traffic: Traffic): Promise<Row> {
  const [cluster, peer] = lab.clusters;
  // here nothing removes the pods of a deleted one
  await cluster.kubectl('-n', NAMESPACE, 'scale', 'deployment', 'istio-eastwestgateway', '--replicas=0');
  const error =
    await until(`requests of ${peer.name} fail`,
      async () => (await traffic.ask(peer.name, 4)).find(answer => answer.error)?.error);
  return { what: 'control: the gateway has no pods', answers: `requests of ${peer.name} fail: ${error}` };
}

/** Every version is heard everywhere. */
async function everybodyAnswers(traffic: Traffic): Promise<void> {
  await until('the answers of everybody',
    async () => (await Promise.all(NAMES.map(name => heard(traffic, name)))).every(all => all === NAMES.length));
}

/** How many versions answer in a cluster, when every request is answered. */
async function heard(traffic: Traffic, cluster: string): Promise<number> {
  const answers = await traffic.ask(cluster, 20);
  return answers.some(({ error }) => error) ? 0 : new Set(answers.map(({ version }) => version)).size;
}
