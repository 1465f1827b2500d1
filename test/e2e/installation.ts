import { mkdirSync, writeFileSync } from 'fs';
import { basename } from 'path';
import { certificate } from './lab/certificates';
import { apiServerName, Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import { Edit, Tree } from './tree';

export interface InstallationProps {
  /** The program or the mesh.yaml that is synthesized. */
  readonly mesh: string;
  /** Which clusters are linked by istioctl, in both directions. @default none: the program takes tokens from the environment */
  readonly links?: ReadonlyArray<readonly [string, string]>;
  /** What is changed before it is applied. @default nothing */
  readonly edit?: Edit;
}

const NAMESPACE = 'istio-system';
const READER = 'istio-mesh-reader';
const READER_SECRET = `${READER}-blue`;

const INSTALL = ['install', '-y', '--readiness-timeout', '2m', '-f'];

/** The one object that is not the mesh's: upstream's Envoy lacks the filter that makes Istio's metrics. */
const NO_METRICS = {
  apiVersion: 'telemetry.istio.io/v1',
  kind: 'Telemetry',
  metadata: { name: 'no-metrics', namespace: NAMESPACE },
  spec: { metrics: [{ providers: [{ name: 'prometheus' }], overrides: [{ disabled: true }] }] },
};

/** What a user does with a mesh, in the order in which the README says it. */
export class Installation {
  private readonly tree: Tree;

  public constructor(
    private readonly lab: Lab, directory: string, private readonly props: InstallationProps, private readonly say: (line: string) => void,
  ) {
    this.tree = new Tree(directory, props.mesh);
  }

  public async install(): Promise<void> {
    const { links, edit } = this.props;
    if (edit && !/^(cacerts|dist)\//.test(edit.file)) {
      throw new Error(`${edit.file} is neither below cacerts/ nor below dist/, which is all that is applied`);
    }
    this.say(`synthesizing ${this.props.mesh}`);
    await Promise.all([this.tree.synth(), this.writeCacerts()]);
    if (edit?.file.startsWith('cacerts/')) {
      this.tree.edit(edit, this.say);
    }
    await this.everywhere(async cluster => {
      await cluster.kubectl('apply', '-k', this.tree.path('dist', cluster.name, '00-namespace'));
      await cluster.kubectl('apply', '-f', this.tree.path('cacerts', `${cluster.name}.yaml`));
    });
    if (!links) {
      this.say('synthesizing again, with tokens');
      await this.tree.synth(Object.assign({}, ...await this.everywhere(token)));
    }
    if (edit?.file.startsWith('dist/')) {
      this.tree.edit(edit, this.say);
    }
    await this.everywhere(cluster => this.installOperators(cluster));
    this.say('applying the rest');
    await this.everywhere(cluster => cluster.kubectl('apply', '-k', this.tree.path('dist', cluster.name)));
    await Promise.all((links ?? []).flatMap(([one, other]) => [this.link(one, other), this.link(other, one)]));
  }

  /** One root of trust, and an authority of each cluster's own below it, as "before you begin" asks. */
  private async writeCacerts(): Promise<void> {
    const root = await certificate({ commonName: 'root of the mesh' });
    mkdirSync(this.tree.path('cacerts'));
    await this.everywhere(async ({ name }) => {
      const own = await certificate({ commonName: `authority of ${name}`, issuer: root });
      writeFileSync(this.tree.path('cacerts', `${name}.yaml`), JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'cacerts', namespace: NAMESPACE },
        stringData: {
          'ca-cert.pem': own.certificate,
          'ca-key.pem': own.key,
          'root-cert.pem': root.certificate,
          'cert-chain.pem': own.certificate + root.certificate,
        },
      }));
    });
  }

  private async installOperators(cluster: Cluster): Promise<void> {
    const [controlPlane, ...rest] = this.tree.operators(cluster.name);
    await cluster.istioctl(...INSTALL, controlPlane);
    await cluster.apply(JSON.stringify(NO_METRICS));
    for (const file of rest) {
      await cluster.istioctl(...INSTALL, file);
    }
    this.say(`${cluster.name}: istioctl installed ${[controlPlane, ...rest].map(file => basename(file)).join(', ')}`);
  }

  /** Lets istiod of one cluster read another, by the README's command. */
  private async link(from: string, to: string): Promise<void> {
    const secret = await this.lab.cluster(to).istioctl(
      'create-remote-secret', '-n', NAMESPACE, '--name', to, '--server', `https://${apiServerName(to)}:6443`,
      '--service-account', READER, '--create-service-account=false', '--secret-name', READER_SECRET,
    );
    await this.lab.cluster(from).apply(secret);
  }

  private async everywhere<T>(action: (cluster: Cluster) => Promise<T>): Promise<readonly T[]> {
    return Promise.all(this.lab.clusters.map(action));
  }
}

/** The variables with what the reader of a cluster got, as the README reads them. */
async function token(cluster: Cluster): Promise<NodeJS.ProcessEnv> {
  const read = (template: string) => until(`the token of ${cluster.name}`, () =>
    cluster.kubectl('-n', NAMESPACE, 'get', 'secret', READER_SECRET, '-o', `go-template=${template}`));
  const name = cluster.name.toUpperCase();
  return { [`ISTIO_TOKEN_${name}`]: await read('{{.data.token | base64decode}}'), [`ISTIO_CA_${name}`]: await read('{{index .data "ca.crt"}}') };
}
