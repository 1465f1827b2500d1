import { ApiObject, Chart } from 'cdk8s';
import { dnsLabelProblem } from './names';
import { orderedObjects } from './objects';
import { APPLIED_STEPS, isIstioOperator, Step, StepObject, stepOf } from './step';
import { toYaml } from './yaml-text';

/** The files of one cluster, by their path below the output directory, and what is wrong with them. */
export interface ClusterTree {
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Directories beside those of the clusters. */
export const RESERVED_DIRECTORIES = ['argocd', 'flux'];

/**
 * The directory of a chart: a file for each object in the directory of its step, and a kustomization for each step and for all.
 *
 * @param texts makes the text of an object
 */
export function clusterTree(chart: Chart, texts: ManifestTexts): ClusterTree {
  const directory = chart.node.id;
  const files = new Map<string, string>();
  const steps = new Map<Step, string[]>();
  const identities = new Map<string, ApiObject>();
  const problems = [directoryProblem(chart)];
  for (const object of orderedObjects(chart)) {
    const { text, metadata } = texts.of(object);
    const identity = [object.apiGroup, object.kind, metadata.namespace, metadata.name].join('/');
    const twin = identities.get(identity);
    if (!metadata.name) {
      problems.push(`[${object.node.path}] ${object.kind} has no name, without which nothing takes it; leave metadata.name in place`);
      continue;
    }
    identities.set(identity, object);
    const step = stepOf(object);
    const name = fileName(step, object, metadata);
    const path = `${directory}/${step}/${name}`;
    if (twin) {
      problems.push(`[${object.node.path}] ${object.kind} '${metadata.name}' is made by ${twin.node.path} already, and the second would replace the first; remove one, or name it differently`);
    } else if (files.has(path)) {
      problems.push(`[${object.node.path}] the file '${path}' holds another object already; name this one differently`);
    }
    files.set(path, text);
    steps.set(step, [...steps.get(step) ?? [], name]);
  }
  return { files: withKustomizations(directory, files, steps), problems: problems.filter(problem => problem !== undefined) };
}

/** The text of an object, and its metadata, which name its file. */
export interface ManifestText {
  readonly text: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Texts of objects, made once for those that are alike: a cluster's remote Secret is the same in each of its peers. */
export class ManifestTexts {
  private readonly texts = new Map<string, string>();
  private readonly shared = new WeakMap<object, Map<string, ManifestText>>();

  of(object: ApiObject): ManifestText {
    const manifest = (object as Partial<StepObject>).unpatchedManifest;
    const state = manifest && metadataState(object);
    return manifest && state ? this.ofShared(manifest, state, object) : this.textOf(object);
  }

  private ofShared(manifest: object, state: string, object: ApiObject): ManifestText {
    let texts = this.shared.get(manifest);
    if (!texts) {
      texts = new Map();
      this.shared.set(manifest, texts);
    }
    let text = texts.get(state);
    if (!text) {
      text = this.textOf(object);
      texts.set(state, text);
    }
    return text;
  }

  private textOf(object: ApiObject): ManifestText {
    const manifest = object.toJson();
    const key = JSON.stringify(manifest);
    const text = this.texts.get(key) ?? toYaml(manifest);
    this.texts.set(key, text);
    return { text, metadata: manifest.metadata };
  }
}

/** What an object's metadata holds now, in a tenth of the time of resolving it; undefined where something in it must be resolved. */
function metadataState(object: ApiObject): string | undefined {
  let isPlain = true;
  const state = JSON.stringify({ ...object.metadata, apiObject: undefined }, (_, value) => {
    isPlain &&= typeof value !== 'object' || value === null || Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    return value;
  });
  return isPlain ? state : undefined;
}

function directoryProblem(chart: Chart): string | undefined {
  const id = chart.node.id;
  const problem = dnsLabelProblem('id', id) ?? (RESERVED_DIRECTORIES.includes(id) ? `id '${id}' is kept for GitOps objects; choose another` : undefined);
  return problem && `[${chart.node.path}] the chart's id names its directory: ${problem}`;
}

/**
 * Paths are an interface: no object's file depends on which other objects there are.
 *
 * The user's own objects, of any kind in any namespace, have both in their file's name.
 */
function fileName(step: Step, object: ApiObject, metadata: { name: string; namespace?: string }): string {
  const name = isIstioOperator(object) ? metadata.name : step === Step.RESOURCES ? fullName(object, metadata) : `${object.kind.toLowerCase()}-${metadata.name}`;
  return `${name.replace(/[^\w.-]/g, '_')}.yaml`;
}

function fullName({ kind, apiGroup }: ApiObject, { name, namespace }: ManifestText['metadata']): string {
  return [kind.toLowerCase(), ...apiGroup.includes('.') ? [apiGroup] : [], ...namespace ? [namespace] : [], name].join('.');
}

function withKustomizations(directory: string, files: Map<string, string>, steps: ReadonlyMap<Step, string[]>): Map<string, string> {
  const present = APPLIED_STEPS.filter(step => steps.has(step));
  if (present.length > 0) {
    files.set(`${directory}/kustomization.yaml`, kustomization(present));
  }
  present.forEach(step => files.set(`${directory}/${step}/kustomization.yaml`, kustomization(steps.get(step)!)));
  return files;
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
    'resources:',
    ...resources.map(resource => `- ${resource}`),
    'sortOptions:',
    '  order: fifo',
    '',
  ].join('\n');
}
