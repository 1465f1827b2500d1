import { writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { meshAppMark, meshMark } from './brand';
import { clusterTree, ManifestTexts } from './cluster-tree';
import type { Mesh } from './mesh';
import { meshYaml } from './mesh-yaml';
import { refuse } from './problems';
import { summary } from './summary';
import { Tree, writeTree } from './tree-writer';

/**
 * Properties of a `MeshApp`.
 */
export interface MeshAppProps {
  /**
   * Directory of the output.
   *
   * @default - the environment variable `CDK8S_OUTDIR`, which `cdk8s synth` sets, and otherwise `dist`
   */
  readonly outdir?: string;

  /**
   * Whether synth tells, on standard error, what it wrote and what to run next.
   *
   * @default true
   */
  readonly summary?: boolean;
}

/**
 * A cdk8s app that writes a directory of manifests for each cluster: for each `Cluster` of a `Mesh`, and for every other chart.
 *
 * IstioOperators, which no cluster takes, are kept apart under `istioctl/`.
 */
export class MeshApp extends App {
  /** Whether a value is a MeshApp. */
  static isMeshApp(x: any): boolean {
    return meshAppMark.isOn(x);
  }

  private readonly tellsSummary: boolean;
  private readonly recordsConstructMetadata = process.env.CDK8S_RECORD_CONSTRUCT_METADATA === 'true';

  constructor(props: MeshAppProps = {}) {
    super({ outdir: props.outdir });
    meshAppMark.set(this);
    this.tellsSummary = props.summary ?? true;
  }

  /**
   * Writes the tree.
   *
   * @throws when something is wrong with it: all of it at once, and nothing is written
   */
  synth(): void {
    const { charts, meshes } = this.parts();
    refuse('the app', this.problems(meshes));

    const tree = new Map<string, string>();
    const texts = new ManifestTexts();
    const problems = charts.flatMap(chart => {
      const cluster = clusterTree(chart, texts);
      const taken = [...cluster.files.keys()].find(path => tree.has(path));
      cluster.files.forEach((text, path) => tree.set(path, text));
      return [...cluster.problems, ...taken ? [`[${chart.node.path}] another chart writes the directory '${chart.node.id}' already; give the chart another id`] : []];
    });
    meshes.forEach(mesh => tree.set('mesh.yaml', meshYaml(mesh._model, this.outdir)));
    refuse('the app', problems);

    this.write(tree);
    if (this.tellsSummary) {
      process.stderr.write(summary(this.outdir, tree, meshes.map(mesh => mesh._model)));
    }
  }

  private parts(): { charts: Chart[]; meshes: Mesh[] } {
    const charts: Chart[] = [];
    const meshes: Mesh[] = [];
    const visit = (construct: IConstruct): void => {
      if (Chart.isChart(construct)) {
        charts.push(construct); // charts below it are part of its directory
        return;
      }
      if (meshMark.isOn(construct)) {
        meshes.push(construct as Mesh);
      }
      construct.node.children.forEach(visit);
    };
    visit(this);
    return { charts, meshes };
  }

  private problems(meshes: Mesh[]): string[] {
    const found: string[] = [];
    for (const { node } of this.node.findAll()) {
      found.push(...node.validate().map(problem => `[${node.path}] ${problem}`));
    }
    return meshes.length < 2 ? found : [...found, `[${meshes[1].node.path}] a MeshApp writes one mesh; give this one a MeshApp of its own`];
  }

  private write(tree: Tree): void {
    writeTree(this.outdir, tree);
    if (this.recordsConstructMetadata) {
      const objects = this.node.findAll().filter(ApiObject.isApiObject);
      const resources = Object.fromEntries(objects.map(object => [object.name, { path: object.node.path }]));
      writeFileSync(join(this.outdir, 'construct-metadata.json'), JSON.stringify({ version: '1.0.0', resources }));
    }
  }
}
