import { isDeepStrictEqual } from 'util';
import { cacerts } from './cacerts';
import { Installation } from './installation';
import { type Certificate, certificate } from './lab/certificates';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';

/** A way to break a link or a cluster, the cells of the matrix that it turns red, and how that is mended. */
interface Break {
  readonly what: string;
  /** Who sends, to whom, and which check is red. */
  readonly red: readonly string[];
  readonly make: (mesh: LinkedMesh) => Promise<unknown>;
  readonly mend: (mesh: LinkedMesh) => Promise<unknown>;
}

/** What `istio-mesh verify --output json` says. */
interface Result {
  readonly from: string;
  readonly to: string;
  readonly check: string;
  readonly finding: string;
  readonly detail?: string;
}

const MESH = 'examples/multi-primary-multi-network/main.ts';
const CLUSTERS = { cluster1: 'network1', cluster2: 'network2' };
const NAMESPACE = 'istio-system';
/** From before the first Secret is written to after the last. */
const KILLED_AFTER = [0.6, 0.9, 1.1, 1.3, 1.6];
const SECRET = 'istio-remote-secret-cluster2';
const GATEWAY = 'istio-eastwestgateway';

/** A mesh that runs, and what somebody does to it. */
class LinkedMesh {
  public constructor(public readonly lab: Lab, public readonly definition: string) {}

  public async kubectl(cluster: string, ...args: readonly string[]): Promise<string> {
    return this.lab.cluster(cluster).kubectl('-n', NAMESPACE, ...args);
  }

  public async patch(cluster: string, kind: string, name: string, change: object): Promise<void> {
    await this.kubectl(cluster, 'patch', kind, name, '--type=merge', '-p', JSON.stringify(change));
  }

  /** Changes the kubeconfig with which cluster1 reads cluster2. */
  public async editLink(pattern: RegExp, text: string): Promise<void> {
    const { data: { cluster2 } } = JSON.parse(await this.kubectl('cluster1', 'get', 'secret', SECRET, '-o', 'json'));
    const edited = Buffer.from(cluster2, 'base64').toString().replace(pattern, text);
    await this.patch('cluster1', 'secret', SECRET, { data: { cluster2: Buffer.from(edited).toString('base64') } });
  }

  public async link(): Promise<string> {
    return this.lab.istioMesh(['link', this.definition]);
  }

  /** Gives cluster2 another authority, which its istiod reads when it starts. */
  public async trust(secret: object): Promise<void> {
    await this.kubectl('cluster2', 'delete', 'secret', 'cacerts');
    await this.lab.cluster('cluster2').apply(JSON.stringify(secret));
    await this.kubectl('cluster2', 'rollout', 'restart', 'deployment', 'istiod');
    await this.kubectl('cluster2', 'rollout', 'status', 'deployment', 'istiod', '--timeout=90s');
  }

  /** What is red. */
  public async verify(...options: readonly string[]): Promise<readonly Result[]> {
    const told = await this.lab.istioMesh(['verify', this.definition, '--output', 'json', ...options], 1);
    return (JSON.parse(told) as Result[]).filter(({ finding }) => finding === 'red');
  }
}

const relink = (mesh: LinkedMesh) => mesh.link();

const BREAKS: readonly Break[] = [
  {
    what: 'no Secret',
    red: ['cluster1 cluster2 secret'],
    make: mesh => mesh.kubectl('cluster1', 'delete', 'secret', SECRET),
    mend: relink,
  },
  {
    what: 'a Secret in another namespace',
    red: ['cluster1 cluster2 secret'],
    make: async mesh => {
      const { metadata: { name, labels }, data } =
        JSON.parse(await mesh.kubectl('cluster1', 'get', 'secret', SECRET, '-o', 'json'));
      await mesh.kubectl('cluster1', 'delete', 'secret', SECRET);
      await mesh.lab.cluster('cluster1')
        .apply(JSON.stringify({
          apiVersion: 'v1', kind: 'Secret', metadata: { name, labels, namespace: 'default' }, data,
        }));
    },
    mend: async mesh => {
      await mesh.lab.cluster('cluster1').kubectl('-n', 'default', 'delete', 'secret', SECRET);
      await mesh.link();
    },
  },
  {
    what: 'no label',
    red: ['cluster1 cluster2 label'],
    make: mesh => mesh.patch('cluster1', 'secret', SECRET, { metadata: { labels: null } }),
    mend: relink,
  },
  {
    what: 'another key',
    red: ['cluster1 cluster2 key'],
    make: async mesh => {
      const { data: { cluster2 } } = JSON.parse(await mesh.kubectl('cluster1', 'get', 'secret', SECRET, '-o', 'json'));
      await mesh.patch('cluster1', 'secret', SECRET, { data: { 'cluster2': null, 'cluster-2': cluster2 } });
    },
    mend: relink,
  },
  {
    what: 'a wrong token',
    red: ['cluster1 cluster2 token'],
    make: mesh => mesh.editLink(/token: .*/, 'token: eyJhbGciOiJub25lIn0.e30.'),
    mend: relink,
  },
  {
    what: 'the authority of another API server',
    red: ['cluster1 cluster2 server'],
    make: async mesh => {
      const { data } =
        JSON.parse(await mesh.kubectl('cluster1', 'get', 'secret', 'istio-mesh-reader-blue', '-o', 'json'));
      await mesh.editLink(/certificate-authority-data: .*/, `certificate-authority-data: ${data['ca.crt']}`);
    },
    mend: relink,
  },
  {
    what: 'no network label',
    red: ['cluster1 cluster1 network'],
    make: mesh => mesh.kubectl('cluster1', 'label', 'namespace', NAMESPACE, 'topology.istio.io/network-'),
    mend: mesh => mesh.kubectl('cluster1', 'label', 'namespace', NAMESPACE, 'topology.istio.io/network=network1'),
  },
  {
    what: 'a gateway without address',
    red: ['cluster2 cluster2 gateway'],
    make: mesh =>
      mesh.patch('cluster2', 'service', GATEWAY, { spec: { type: 'ClusterIP', loadBalancerSourceRanges: null } }),
    mend: mesh => mesh.patch('cluster2', 'service', GATEWAY, { spec: { type: 'LoadBalancer' } }),
  },
];

async function brokenAuthorities(mesh: LinkedMesh, root: Certificate): Promise<readonly Break[]> {
  const own = await cacerts('cluster2', NAMESPACE, root);
  const bring = async (secret: object) => mesh.lab.cluster('cluster2').apply(JSON.stringify(secret));
  return [{
    what: 'an expired certificate',
    red: ['cluster2 cluster2 cacerts'],
    make: async () => bring(await cacerts('cluster2', NAMESPACE, root, true)),
    mend: () => bring(own),
  }, {
    what: 'a foreign root',
    red: ['cluster1 cluster2 root', 'cluster2 cluster1 root'],
    make: async () =>
      mesh.trust(await cacerts('cluster2', NAMESPACE, await certificate({ commonName: 'another root' }))),
    mend: () => mesh.trust(own),
  }];
}

/** What a scenario does to a mesh that works. */
interface Trial {
  readonly name: string;
  /** Whether `link` is killed, too. */
  readonly kills: boolean;
  readonly breaks: (mesh: LinkedMesh, root: Certificate) => Promise<readonly Break[]>;
}

/** Shows that `verify` is green where a mesh works, and that each way to break it turns exactly the right cells red. */
export class LinksScenario implements Scenario {
  /** Links that are broken, each in another way. */
  public static links(): LinksScenario {
    return new LinksScenario({ name: 'links', kills: true, breaks: async () => BREAKS });
  }

  /** Authorities that the other clusters do not trust. */
  public static authorities(): LinksScenario {
    return new LinksScenario({ name: 'authorities', kills: false, breaks: brokenAuthorities });
  }

  private constructor(private readonly trial: Trial) {}

  public get name(): string {
    return this.trial.name;
  }

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      const { tree, root } = await new Installation(lab, directory, { mesh: MESH, linked: true }, say).install();
      const mesh = new LinkedMesh(lab, tree.path('dist', 'mesh.yaml'));
      const rows = [await this.expect(mesh, 'a mesh that works', [], '--traffic')];
      if (this.trial.kills) { // first, since istiod hangs when it loses a link that did not work before
        rows.push(await this.kill(mesh));
      }
      for (const { what, red, make, mend } of await this.trial.breaks(mesh, root)) {
        await make(mesh);
        rows.push(await this.expect(mesh, what, red));
        say(`${what}: ${red.join(', ')} red`);
        await mend(mesh);
        await this.expect(mesh, `${what}, mended`, []);
      }
      return rows;
    });
  }

  /** Wherever `link` is killed, the next one makes what is missing. */
  private async kill(mesh: LinkedMesh): Promise<Row> {
    let made = 0;
    for (const seconds of KILLED_AFTER) {
      await Promise.all(Object.keys(CLUSTERS)
        .map(cluster => mesh.kubectl(cluster, 'delete', 'secret', '-l', 'istio/multiCluster=true')));
      await mesh.lab.istioMeshKilled(seconds, 'link', mesh.definition);
      const left =
        await Promise.all(Object.keys(CLUSTERS)
          .map(cluster => mesh.kubectl(cluster, 'get', 'secret', '-l', 'istio/multiCluster=true', '-o', 'name')));
      made += left.filter(names => names !== '').length;
      await mesh.link();
      await this.expect(mesh, `link, killed after ${seconds} s and run again`, []);
    }
    return {
      what: `link, killed ${KILLED_AFTER.length} times and run again`,
      answers: `${made} of ${2 * KILLED_AFTER.length} links were made before, then nothing is red`,
    };
  }

  /** Waits until exactly these cells are red: istiods and load balancers take a moment. */
  private async expect(
    mesh: LinkedMesh, what: string, red: readonly string[], ...options: readonly string[]
  ): Promise<Row> {
    await until(what, async () => {
      const found = await mesh.verify(...options);
      const cells = found.map(({ from, to, check }) => `${from} ${to} ${check}`).sort();
      if (!isDeepStrictEqual(cells, [...red].sort())) {
        throw new Error(`${what}: red should be ${red.join(', ') || 'nothing'}, and is `
          + `${found.map(one => JSON.stringify(one)).join('\n') || 'nothing'}`);
      }
      return true;
    }, 90);
    return { what, answers: red.length > 0 ? `red: ${red.join(', ')}` : 'nothing is red, and everybody answers' };
  }
}
