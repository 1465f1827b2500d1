import { ApiObject, Chart } from 'cdk8s';
import { dnsLabelProblem } from './names';
import { orderedObjects } from './objects';
import { APPLIED_STEPS, isIstioOperator, Step, stepOf } from './step';
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
    const manifest = object.toJson();
    const identity = [object.apiGroup, object.kind, manifest.metadata.namespace, manifest.metadata.name].join('/');
    const twin = identities.get(identity);
    identities.set(identity, object);
    const step = stepOf(object);
    const name = fileName(step, object, manifest.metadata);
    const path = `${directory}/${step}/${name}`;
    if (twin) {
      problems.push(`[${object.node.path}] ${object.kind} '${manifest.metadata.name}' is made by ${twin.node.path} already, and the second would replace the first; remove one, or name it differently`);
    } else if (files.has(path)) {
      problems.push(`[${object.node.path}] the file '${path}' holds another object already; name this one differently`);
    }
    files.set(path, texts.of(manifest));
    steps.set(step, [...steps.get(step) ?? [], name]);
  }
  return { files: withKustomizations(directory, files, steps), problems: problems.filter(problem => problem !== undefined) };
}

/** Text of manifests, made once for those that are alike: a cluster's remote Secret is the same in each of its peers. */
export class ManifestTexts {
  private readonly texts = new Map<string, string>();

  of(manifest: object): string {
    const key = JSON.stringify(manifest);
    let text = this.texts.get(key);
    if (text === undefined) {
      text = toYaml(manifest);
      this.texts.set(key, text);
    }
    return text;
  }
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
  const kind = object.kind.toLowerCase();
  if (isIstioOperator(object)) {
    return `${metadata.name}.yaml`;
  }
  if (step !== Step.RESOURCES) {
    return `${kind}-${metadata.name}.yaml`;
  }
  const group = object.apiGroup.includes('.') ? [object.apiGroup] : [];
  const namespace = metadata.namespace ? [metadata.namespace] : [];
  return `${[kind, ...group, ...namespace, metadata.name].join('.').replace(/[^\w.-]/g, '_')}.yaml`;
}

function withKustomizations(directory: string, files: Map<string, string>, steps: ReadonlyMap<Step, string[]>): Map<string, string> {
  const present = APPLIED_STEPS.filter(step => steps.has(step));
  if (present.length > 0) {
    files.set(`${directory}/kustomization.yaml`, kustomization(present));
  }
  present.forEach(step => files.set(`${directory}/${step}/kustomization.yaml`, kustomization(steps.get(step)!)));
  return files;
}

/** In the listed order: kustomize would sort by kind, and put a token Secret before its account. */
function kustomization(resources: readonly string[]): string {
  return toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources, sortOptions: { order: 'fifo' } });
}
