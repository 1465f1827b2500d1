import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { helmReleaseMark } from './brand';
import type { GitOpsChart } from './git-ops/git-ops-chart';
import type { Annotations, DeliveredObject } from './git-ops/git-ops-member';
import { commandLine } from './installer/helm-command';
import type { HelmRelease } from './installer/helm-release';
import { renderingOf } from './installer/rendered-installer';
import { RenderedObject } from './installer/rendered-objects';
import { isMap } from './map';
import { dnsLabelProblem, RESERVED_DIRECTORIES } from './names';
import { orderedObjects } from './objects';
import { APP_RULES } from './rules/app-rules';
import { coded, RuleText } from './rules/rule';
import { APPLIED_STEPS, isIstioOperator, Step, StepObject, stepOf } from './step';
import { toYaml, withAnnotations } from './yaml-text';

/**
 * Adds the directory of a chart to a tree: a file for each object in the directory of its step, and a kustomization for each step and for
 * all of them.
 *
 * @param constructs the chart and everything below it
 * @param texts makes the text of an object
 * @param rendered what istioctl made of the IstioOperators that are to be rendered, which have no file themselves
 * @param hasHelmFiles whether releases of Helm are files of values, for the user to install
 * @returns what is wrong with the directory
 */
export function addClusterTree(
  tree: Map<string, string>, chart: Chart, constructs: readonly IConstruct[], texts: ManifestTexts,
  { rendered = [], hasHelmFiles = true }: { readonly rendered?: readonly RenderedObject[]; readonly hasHelmFiles?: boolean } = {},
): string[] {
  const directory = chart.node.id;
  const steps = new Map<Step, string[]>();
  const makers = new Map<string, string>();
  const problems = directoryProblems(chart, tree);
  const refused = (maker: string, rule: RuleText, problem: string) => problems.push(`[${maker}] ${coded(problem, rule)}`);
  const objects = orderedObjects(chart, constructs).filter(object => !renderingOf(object));
  const files = [...rendered.map(object => renderedFile(object, texts)), ...objects.map(object => objectFile(object, texts))];
  for (const { maker, kind, apiGroup, metadata, step, text, name, isManifest } of files) {
    if (!isManifest) {
      refused(maker, APP_RULES.manifest, `${kind} is no manifest after its patches: apiVersion, kind and metadata.name are strings, the name of up to 253 characters; leave them in place`);
      continue;
    }
    const identity = `${apiGroup}/${kind}/${metadata.namespace}/${metadata.name}`;
    const twin = makers.get(identity);
    const path = `${directory}/${step}/${name}`;
    if (twin !== undefined) {
      refused(maker, APP_RULES.identity, `${kind} '${metadata.name}' is made by ${twin} already, and the second would replace the first; remove one, or name it differently`);
    } else if (tree.has(path)) {
      refused(maker, APP_RULES.file, `the file '${path}' holds another object already; name this one differently, or give it a chart of its own`);
    }
    makers.set(identity, maker);
    tree.set(path, text);
    const names = steps.get(step);
    if (names) {
      names.push(name);
    } else {
      steps.set(step, [name]);
    }
  }
  for (const release of hasHelmFiles ? constructs.filter(helmReleaseMark.isOn) as HelmRelease[] : []) {
    const path = `${directory}/${Step.HELM}/${release.releaseName}.yaml`;
    const { values } = release;
    if (!isMap(values)) {
      refused(release.node.path, APP_RULES.manifest, `the values of release '${release.releaseName}' are no map after its patches; leave them one`);
    } else if (tree.has(path)) {
      refused(release.node.path, APP_RULES.file, `the file '${path}' holds another release already; name this one differently, or give it a chart of its own`);
    }
    tree.set(path, commandLine(release, `${release.releaseName}.yaml`) + toYaml(values));
  }
  addKustomizations(tree, directory, steps);
  return problems;
}

/**
 * Adds the directory of a GitOps tool to a tree that has those of the clusters: a file for each object, and a kustomization for each directory.
 *
 * @returns what is wrong with the directory
 */
export function addGitOpsTree(tree: Map<string, string>, chart: GitOpsChart): readonly string[] {
  const directories = new Map<string, string[]>([[chart.node.id, []]]);
  for (const [below, object] of chart.objectsIn(tree)) {
    const directory = [chart.node.id, ...below ? [below] : []].join('/');
    const name = `${object.kind.toLowerCase()}-${object.name}.yaml`;
    tree.set(`${directory}/${name}`, toYaml(object.toJson()));
    directories.set(directory, [...directories.get(directory) ?? [], name]);
  }
  chart.listedDirectories.forEach(below => directories.get(chart.node.id)!.push(below));
  directories.forEach((names, directory) => tree.set(`${directory}/kustomization.yaml`, kustomization(names)));
  return chart.problems;
}

/** An object that gets a file. */
interface ObjectFile extends ManifestText {
  /** Path of the construct that it is of. */
  readonly maker: string;
  readonly kind: string;
  readonly apiGroup: string;
  readonly step: Step;
  /** Of the file. */
  readonly name: string;
}

function objectFile(object: ApiObject, texts: ManifestTexts): ObjectFile {
  const { text, metadata, isManifest } = texts.of(object);
  const step = stepOf(object);
  return {
    text, metadata, isManifest, step, maker: object.node.path, kind: object.kind, apiGroup: object.apiGroup, name: isManifest ? fileName(step, object, metadata) : '',
  };
}

/** In the namespace of the control plane is what has none in the name of its file. */
function renderedFile(object: RenderedObject, texts: ManifestTexts): ObjectFile {
  const { operator, kind, apiGroup, metadata, step, systemNamespace } = object;
  const { name, namespace = systemNamespace } = metadata;
  const file = inFileName(`${kind.toLowerCase()}-${namespace === systemNamespace ? '' : `${namespace}.`}${name}`);
  return { text: texts.ofRendered(object), metadata, isManifest: true, step, maker: operator.node.path, kind, apiGroup, name: file };
}

/** The text of an object, and its metadata, which name its file. */
export interface ManifestText {
  readonly text: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  /** Whether it still has what makes a manifest one. */
  readonly isManifest: boolean;
}

/** Longest name of any kind. */
const MAX_NAME = 253;

/** Texts of objects, made once for those that are alike: a cluster's remote Secret is the same in each of its peers. */
export class ManifestTexts {
  private readonly texts = new Map<string, string>();
  private readonly first = new WeakMap<object, { readonly object: ApiObject; readonly text: ManifestText }>();

  /** @param annotations what whoever applies an object must be told at the object itself */
  constructor(private readonly annotations?: (object: DeliveredObject) => Annotations) {}

  of(object: ApiObject): ManifestText {
    const manifest = (object as Partial<StepObject>).unpatchedManifest;
    if (!manifest) {
      return this.textOf(object);
    }
    const first = this.first.get(manifest);
    if (first && isSame(first.object.metadata, object.metadata)) {
      return first.text;
    }
    const text = this.textOf(object);
    if (!first) {
      this.first.set(manifest, { object, text });
    }
    return text;
  }

  /** The text of a rendered object, which stays what it is but for annotations. */
  ofRendered({ text, step, apiVersion, kind, metadata: { name } }: RenderedObject): string {
    return this.annotations ? withAnnotations(text, this.annotations({ step, apiVersion, kind, name, text })) : text;
  }

  private textOf(object: ApiObject): ManifestText {
    const manifest = this.annotated(object);
    const key = JSON.stringify(manifest);
    const text = this.texts.get(key) ?? toYaml(manifest);
    this.texts.set(key, text);
    const { apiVersion, kind, metadata } = manifest;
    const isManifest = [apiVersion, kind, metadata?.name].every(word => typeof word === 'string' && word !== '') && metadata.name.length <= MAX_NAME;
    return { text, metadata, isManifest };
  }

  private annotated(object: ApiObject): any {
    const manifest = object.toJson();
    if (!this.annotations) {
      return manifest;
    }
    const { apiVersion, kind, metadata } = manifest;
    const annotations = this.annotations({ step: stepOf(object), apiVersion, kind, name: metadata?.name, text: JSON.stringify(manifest) });
    return Object.keys(annotations).length === 0 ? manifest
      : { ...manifest, metadata: { ...metadata, annotations: { ...annotations, ...metadata?.annotations } } };
  }
}

/** Whether two objects made of one manifest have the same metadata still; one that must be resolved first is the same as itself alone. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(key => key === 'apiObject' || isSame((a as any)[key], (b as any)[key]));
}

function directoryProblems(chart: Chart, tree: ReadonlyMap<string, string>): string[] {
  const id = chart.node.id;
  const problem = dnsLabelProblem('id', id) ?? (RESERVED_DIRECTORIES.includes(id) ? `id '${id}' is kept for GitOps objects; choose another` : undefined);
  return [
    ...problem ? [`[${chart.node.path}] ${coded(`the chart's id names its directory: ${problem}`, APP_RULES.chartId)}`] : [],
    ...tree.has(`${id}/kustomization.yaml`) ? [`[${chart.node.path}] ${coded(`another chart writes the directory '${id}' already; give the chart another id`, APP_RULES.directory)}`] : [],
  ];
}

/**
 * Paths are an interface: no object's file depends on which other objects there are.
 *
 * The user's own objects, of any kind in any namespace, have both in their file's name.
 */
function fileName(step: Step, object: ApiObject, metadata: ManifestText['metadata']): string {
  const name = isIstioOperator(object) ? metadata.name : step === Step.RESOURCES ? fullName(object, metadata) : `${object.kind.toLowerCase()}-${metadata.name}`;
  return inFileName(name);
}

function inFileName(name: string): string {
  return `${name.replace(/[^\w.-]/g, '_')}.yaml`;
}

function fullName({ kind, apiGroup }: ApiObject, { name, namespace }: ManifestText['metadata']): string {
  return [kind.toLowerCase(), ...apiGroup.includes('.') ? [apiGroup] : [], ...namespace ? [namespace] : [], name].join('.');
}

function addKustomizations(tree: Map<string, string>, directory: string, steps: ReadonlyMap<Step, string[]>): void {
  const present = APPLIED_STEPS.filter(step => steps.has(step));
  if (present.length > 0) {
    tree.set(`${directory}/kustomization.yaml`, kustomization(present));
  }
  present.forEach(step => tree.set(`${directory}/${step}/kustomization.yaml`, kustomization(steps.get(step)!)));
}

/**
 * In the listed order: kustomize would sort by kind, and put a token Secret before its account.
 *
 * Names of our own files and directories need no quotes, and there are as many as objects.
 */
function kustomization(resources: readonly string[]): string {
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    resources.length === 0 ? 'resources: []' : 'resources:',
    ...resources.map(resource => `- ${resource}`),
    'sortOptions:',
    '  order: fifo',
    '',
  ].join('\n');
}
