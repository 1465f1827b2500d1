import { mkdirSync, writeFileSync } from 'fs';
import { cacerts } from './cacerts';
import { type Installer, Istioctl } from './installers';
import { type Certificate, certificate } from './lab/certificates';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row } from './scenario';
import { type Edit, Tree } from './tree';

export interface InstallationProps {
  /** The program or the mesh.yaml that is synthesized. */
  readonly mesh: string;
  /**
   * Whether the command brings the links, or who else does. @default false: the program takes tokens from the
   * environment
   */
  readonly linked?: boolean | Bringer;
  /** How Istio comes into the clusters. @default istioctl */
  readonly installer?: Installer;
  /** What is changed before it is applied. @default nothing */
  readonly edit?: Edit;
}

/** What runs in the clusters beside the mesh, and has a part in how the links come. */
export interface Bringer {
  /** Readies a cluster for it, before anything of the mesh is applied. */
  prepare(cluster: Cluster): Promise<unknown>;
  /** Brings the links, when all of the mesh is applied, and tells what was seen. */
  bring(lab: Lab, tree: Tree): Promise<readonly Row[]>;
}

/** A mesh that is installed. */
export interface Installed {
  readonly tree: Tree;
  /** The root that all clusters trust. */
  readonly root: Certificate;
  /** How the links came. */
  readonly rows: readonly Row[];
}

const NAMESPACE = 'istio-system';
const READER_SECRET = 'istio-mesh-reader-blue';

/** The one object that is not the mesh's: upstream's Envoy lacks the filter that makes Istio's metrics. */
export const NO_METRICS = {
  apiVersion: 'telemetry.istio.io/v1',
  kind: 'Telemetry',
  metadata: { name: 'no-metrics', namespace: NAMESPACE },
  spec: { metrics: [{ providers: [{ name: 'prometheus' }], overrides: [{ disabled: true }] }] },
};

/** What a user does with a mesh, in the order in which the README says it. */
export class Installation {
  private readonly tree: Tree;
  private readonly installer: Installer;

  public constructor(
    private readonly lab: Lab,
    directory: string,
    private readonly props: InstallationProps,
    private readonly say: (line: string) => void,
  ) {
    this.tree = new Tree(directory, props.mesh);
    this.installer = props.installer ?? new Istioctl();
  }

  public async install(): Promise<Installed> {
    const { linked, edit } = this.props;
    if (edit && !/^(cacerts|dist)\//.test(edit.file)) {
      throw new Error(`${edit.file} is neither below cacerts/ nor below dist/, which is all that is applied`);
    }
    this.say(`synthesizing ${this.props.mesh}`);
    const bringer = typeof linked === 'object' ? linked : undefined;
    const [root] =
      await Promise.all([
        this.writeCacerts(), this.tree.synth(), this.everywhere(async cluster => bringer?.prepare(cluster)),
      ]);
    if (edit?.file.startsWith('cacerts/')) {
      this.tree.edit(edit, this.say);
    }
    await this.everywhere(async cluster => {
      await this.apply(cluster, '00-namespace');
      await cluster.kubectl('apply', '-f', this.tree.path('cacerts', `${cluster.name}.yaml`));
    });
    if (!linked) {
      this.say('synthesizing again, with tokens');
      await this.tree.synth(Object.assign({}, ...await this.everywhere(token)));
    }
    if (edit?.file.startsWith('dist/')) {
      this.tree.edit(edit, this.say);
    }
    await this.everywhere(cluster => this.installIstio(cluster));
    if (!this.installer.appliesAll) {
      this.say('applying the rest');
      await this.everywhere(cluster => this.apply(cluster));
    }
    if (linked === true) {
      this.say(await this.lab.istioMesh(['link', this.tree.path('dist', 'mesh.yaml')]));
    }
    return { tree: this.tree, root, rows: await bringer?.bring(this.lab, this.tree) ?? [] };
  }

  /** One root of trust for all clusters. */
  private async writeCacerts(): Promise<Certificate> {
    const root = await certificate({ commonName: 'root of the mesh' });
    mkdirSync(this.tree.path('cacerts'));
    await this.everywhere(async ({ name }) =>
      writeFileSync(this.tree.path('cacerts', `${name}.yaml`), JSON.stringify(await cacerts(name, NAMESPACE, root))));
    return root;
  }

  private async installIstio(cluster: Cluster): Promise<void> {
    const first = await this.installer.controlPlane(cluster, this.tree, this.lab);
    await cluster.apply(JSON.stringify(NO_METRICS));
    const rest = await this.installer.gateways(cluster, this.tree);
    this.say(`${cluster.name}: installed ${[...first, ...rest].join(', ')}`);
  }

  /** Applies a step of a cluster's directory, or all of it. */
  private async apply(cluster: Cluster, ...step: readonly string[]): Promise<void> {
    await cluster.kubectl('apply', ...this.installer.flags, '-k', this.tree.path('dist', cluster.name, ...step));
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
  return {
    [`ISTIO_TOKEN_${name}`]: await read('{{.data.token | base64decode}}'),
    [`ISTIO_CA_${name}`]: await read('{{index .data "ca.crt"}}'),
  };
}
