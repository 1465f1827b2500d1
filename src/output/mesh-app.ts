import { ApiObject, App, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { addClusterTree } from './cluster-tree';
import { diagnosticText } from './diagnostic-formats';
import { svg } from './diagram/svg';
import { addGitOpsTree } from './git-ops-tree';
import { createLinksKustomizations, linksNextTo } from './links-directory';
import { ManifestTexts } from './manifest-texts';
import { renderedObjects } from './rendered-objects';
import { RUNBOOK, runbook } from './runbook/runbook';
import { summary } from './summary';
import type { Mesh } from '../constructs/mesh';
import { gitOpsChartMark, meshAppMark, meshMark } from '../core/brand';
import { type Diagnostic, errorDiagnostic } from '../core/diagnostic';
import { ruleError } from '../core/evaluate';
import { throwErrors } from '../core/mesh-error';
import { problem } from '../core/rule';
import { meshYaml } from '../definition/mesh-yaml';
import { APP_RULES } from '../rules/app-rules';
import type { GitOpsChart } from '../settings/git-ops/git-ops-chart';
import { writesLinkFiles } from '../settings/remote-credentials/links';
import { environmentVariable } from '../util/host/environment';
import { absolutePath } from '../util/host/files';
import { printLines } from '../util/host/terminal';
import { writeTree } from '../util/host/tree-writer';
import type { Tree } from '../util/tree';

/**
 * Properties of a `MeshApp`.
 */
export interface MeshAppProps {
  /**
   * The output directory.
   *
   * @default - the environment variable `CDK8S_OUTDIR`, which `cdk8s synth` sets; otherwise `dist`
   */
  readonly outdir?: string;

  /**
   * Whether synth prints, on standard error, the files that it wrote and the next steps.
   *
   * @default true
   */
  readonly summary?: boolean;
}

/**
 * A cdk8s app that writes a directory of manifests for each cluster of a `Mesh`, and for every other chart.
 *
 * IstioOperators are written to `istioctl/`, or rendered, because clusters do not support them.
 */
export class MeshApp extends App {
  /** Whether a value is a MeshApp. */
  static isMeshApp(x: any): boolean {
    return meshAppMark.isOn(x);
  }

  private readonly printsSummary: boolean;
  private readonly recordsConstructMetadata = environmentVariable('CDK8S_RECORD_CONSTRUCT_METADATA') === 'true';

  constructor(props: MeshAppProps = {}) {
    super({ outdir: props.outdir });
    meshAppMark.set(this);
    this.printsSummary = props.summary ?? true;
  }

  /**
   * Writes the output directory.
   *
   * @throws when there are errors: all at once, and nothing is written
   */
  synth(): void {
    const { tree, meshes } = this._files();
    writeTree(this.outdir, tree);
    meshes.forEach(mesh => createLinksKustomizations(this.outdir, mesh._model.clusters));
    if (this.printsSummary) {
      printLines(summary(this.outdir, tree, meshes.map(mesh => mesh._model)));
    }
    meshes.forEach(mesh => printLines(diagnosticText(mesh._evaluated.warnings)));
  }

  /**
   * The files that synth writes.
   *
   * @internal
   */
  _files(): { tree: Tree; meshes: readonly Mesh[] } {
    const { charts, meshes, others } = this.parts();
    throwErrors('the app', [
      ...validationErrors(others),
      ...[...charts.values()].flatMap(validationErrors),
      ...secondMeshErrors(meshes),
      ...keyErrors(meshes, this.outdir),
      ...linksErrors(meshes, this.outdir),
    ]);

    const diagrams = meshes.map(mesh => svg(mesh._model)); // drawn in another thread until they are needed
    const tree = new Map<string, string>();
    const tool = meshes[0]?._model.gitOps;
    const texts = new ManifestTexts(tool && (object => tool._annotations(object)));
    const [gitOps, clusters] = partition([...charts.keys()], gitOpsChartMark.isOn);
    const rendered = renderedObjects(charts);
    const errors = clusters.flatMap(chart => addClusterTree(tree, chart, charts.get(chart)!, texts, {
      rendered: rendered.objects.get(chart),
      hasHelmFiles: !tool,
    }));
    errors.push(...gitOps.flatMap(chart => addGitOpsTree(tree, chart as GitOpsChart)));
    meshes.forEach(mesh => tree.set('mesh.yaml', meshYaml(mesh._model, this.outdir)));
    meshes.forEach(mesh => tree.set(RUNBOOK, runbook(mesh._model, tree, mesh._evaluated.warnings)));
    if (this.recordsConstructMetadata) {
      tree.set('construct-metadata.json', constructMetadata([...charts.values()].flat()));
    }
    throwErrors('the app', [...rendered.errors, ...errors]);
    diagrams.forEach(diagram => tree.set('mesh.svg', diagram()));
    return { tree, meshes };
  }

  /**
   * The charts that have a directory, each with all constructs below it; the meshes; and the constructs above charts.
   */
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

/** The file in which cdk8s' validation plugins find the construct of an object. */
function constructMetadata(constructs: readonly IConstruct[]): string {
  const objects = constructs.filter(ApiObject.isApiObject);
  const resources = Object.fromEntries(objects.map(({ name, node }) => [name, { path: node.path }]));
  return JSON.stringify({ version: '1.0.0', resources });
}

/** The errors of cdk8s' own validation, which are texts. */
function validationErrors(constructs: readonly IConstruct[]): Diagnostic[] {
  return constructs.flatMap(({ node }) => {
    const messages = node.validate();
    return messages.map(message => errorDiagnostic(problem(message), { constructs: [node.path] }));
  });
}

/** Private keys must not be in the output directory, which is removed and committed as a whole. */
function keyErrors(meshes: readonly Mesh[], outdir: string): Diagnostic[] {
  const directories = meshes.flatMap(({ _model }) => _model.clusters).flatMap(({ pemDirectory }) => pemDirectory ?? []);
  const inside = directories.find(directory => directory.isInside(outdir));
  return inside ? [ruleError(APP_RULES.keys, problem(`trust: the PEM directory '${inside.shown()}' is inside the `
    + 'output directory, which is committed, and which cdk8s synth empties', 'move it out of there'))] : [];
}

/** The output directory must not be the links directory. */
function linksErrors(meshes: readonly Mesh[], outdir: string): Diagnostic[] {
  const isSame = absolutePath(outdir) === linksNextTo(outdir)
    && meshes.some(({ _model }) => _model.clusters.some(writesLinkFiles));
  return isSame ? [ruleError(APP_RULES.links, problem(
    `the output directory '${outdir}' is also the directory for links`,
    'choose another output directory'))] : [];
}

function secondMeshErrors(meshes: readonly Mesh[]): Diagnostic[] {
  return meshes.slice(1, 2).map(({ node }) =>
    ruleError(APP_RULES.mesh, problem('a MeshApp supports only one mesh', 'create another MeshApp for this one'),
      { constructs: [node.path] }));
}
