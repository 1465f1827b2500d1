import { resolve } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { addClusterTree } from './cluster-tree';
import { svg } from './diagram/svg';
import { addGitOpsTree } from './git-ops-tree';
import { createLinksKustomizations, linksNextTo } from './links-directory';
import { ManifestTexts } from './manifest-texts';
import { renderedObjects } from './rendered-objects';
import { RUNBOOK, runbook } from './runbook/runbook';
import { summary, warningText } from './summary';
import type { Tree } from './tree-writer';
import { writeTree } from './tree-writer';
import type { Mesh } from '../constructs/mesh';
import { gitOpsChartMark, meshAppMark, meshMark } from '../core/brand';
import { refuse } from '../core/problems';
import { coded } from '../core/rule';
import { meshYaml } from '../definition/mesh-yaml';
import { APP_RULES } from '../rules/app-rules';
import type { GitOpsChart } from '../settings/git-ops/git-ops-chart';
import { takesFiles } from '../settings/remote-credentials/links';
import { tinted } from '../util/host/terminal';

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
 * IstioOperators, which no cluster takes, are kept apart under `istioctl/`, or rendered.
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
    const { tree, meshes } = this._tree();
    writeTree(this.outdir, tree);
    meshes.forEach(mesh => createLinksKustomizations(this.outdir, mesh._model.clusters));
    if (this.tellsSummary) {
      process.stderr.write(summary(this.outdir, tree, meshes.map(mesh => mesh._model)));
    }
    meshes.forEach(mesh => process.stderr.write(tinted(warningText(mesh._warnings), process.stderr)));
  }

  /**
   * The files that synth writes.
   *
   * @internal
   */
  _tree(): { tree: Tree; meshes: readonly Mesh[] } {
    const { charts, meshes, others } = this.parts();
    refuse('the app', [
      ...validationProblems(others),
      ...[...charts.values()].flatMap(validationProblems),
      ...meshProblems(meshes),
      ...keyProblems(meshes, this.outdir),
      ...linksProblems(meshes, this.outdir),
    ]);

    const pictures = meshes.map(mesh => svg(mesh._model)); // drawn beside what follows
    const tree = new Map<string, string>();
    const tool = meshes[0]?._model.gitOps;
    const texts = new ManifestTexts(tool && (object => tool._annotations(object)));
    const [gitOps, clusters] = partition([...charts.keys()], gitOpsChartMark.isOn);
    const rendered = renderedObjects(charts);
    const problems = clusters.flatMap(chart => addClusterTree(tree, chart, charts.get(chart)!, texts, {
      rendered: rendered.objects.get(chart),
      hasHelmFiles: !tool,
    }));
    problems.push(...gitOps.flatMap(chart => addGitOpsTree(tree, chart as GitOpsChart)));
    meshes.forEach(mesh => tree.set('mesh.yaml', meshYaml(mesh._model, this.outdir)));
    meshes.forEach(mesh => tree.set(RUNBOOK, runbook(mesh._model, tree, mesh._warned)));
    if (this.recordsConstructMetadata) {
      tree.set('construct-metadata.json', constructMetadata([...charts.values()].flat()));
    }
    refuse('the app', [...rendered.problems, ...problems]);
    pictures.forEach(drawn => tree.set('mesh.svg', drawn()));
    return { tree, meshes };
  }

  /** The charts that have a directory, each with everything below it, which is part of that; the meshes; and all constructs above. */
  private parts(): { charts: Map<Chart, IConstruct[]>; meshes: Mesh[]; others: IConstruct[] } {
    const charts = new Map<Chart, IConstruct[]>();
    const others: IConstruct[] = [];
    const visit = (construct: IConstruct): void => {
      if (Chart.isChart(construct)) {
        charts.set(construct, construct.node.findAll());
      } else {
        others.push(construct);
        construct.node.children.forEach(visit);
      }
    };
    visit(this);
    return { charts, others, meshes: others.filter(meshMark.isOn) as Mesh[] };
  }
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter(value => !isFirst(value))];
}

/** What cdk8s' validation plugins read to tell the construct of an object. */
function constructMetadata(constructs: readonly IConstruct[]): string {
  const objects = constructs.filter(ApiObject.isApiObject);
  return JSON.stringify({ version: '1.0.0', resources: Object.fromEntries(objects.map(({ name, node }) => [name, { path: node.path }])) });
}

function validationProblems(constructs: readonly IConstruct[]): string[] {
  return constructs.flatMap(({ node }) => {
    const problems = node.validate();
    return problems.length > 0 ? problems.map(problem => `[${node.path}] ${problem}`) : NONE;
  });
}

const NONE: string[] = [];

/** Private keys do not lie where trees are made and removed, and committed whole. */
function keyProblems(meshes: readonly Mesh[], outdir: string): string[] {
  const directories = meshes.flatMap(({ _model }) => _model.clusters).flatMap(({ pemDirectory }) => pemDirectory ?? []);
  const inside = directories.find(directory => directory.isInside(outdir));
  const message = `trust: the PEM directory '${inside?.shown()}' is inside of the output directory, which is committed, and which cdk8s synth empties; name one outside of it`;
  return inside ? [coded(message, APP_RULES.keys)] : [];
}

/** The tree would lie where the links do. */
function linksProblems(meshes: readonly Mesh[], outdir: string): string[] {
  const isSame = resolve(outdir) === linksNextTo(outdir) && meshes.some(({ _model }) => _model.clusters.some(takesFiles));
  const message = `the output directory '${outdir}' has the name of the directory beside it that links are written to; choose another`;
  return isSame ? [coded(message, APP_RULES.links)] : [];
}

function meshProblems(meshes: readonly Mesh[]): string[] {
  return meshes.length < 2 ? [] : [`[${meshes[1].node.path}] ${coded('a MeshApp writes one mesh; give this one a MeshApp of its own', APP_RULES.mesh)}`];
}
