import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { kustomization } from './kustomization';
import type { ManifestTexts } from './manifest-texts';
import { type ObjectFile, objectFile, renderedFile } from './object-files';
import type { RenderedObject } from './rendered-objects';
import { orderedObjects } from '../constructs/ordered-objects';
import type { Diagnostic } from '../core/diagnostic';
import { ruleError } from '../core/evaluate';
import { type Problem, prefixed, problem } from '../core/rule';
import { APPLIED_STEPS, Step } from '../core/step';
import { dnsLabelProblem, RESERVED_DIRECTORIES } from '../istio/names';
import { APP_RULES } from '../rules/app-rules';
import { commandLine } from '../settings/installer/helm-command';
import { HelmRelease } from '../settings/installer/helm-release';
import { renderingOf } from '../settings/installer/rendered-installer';
import { groupBy, isMap } from '../util/map';
import { toYaml } from '../util/yaml-text';

/** Options of {@link addClusterTree}. */
export interface ClusterTreeOptions {
  /** The objects that istioctl rendered from the chart's IstioOperators. */
  readonly rendered?: readonly RenderedObject[];
  /** Whether each Helm release gets a values file, from which the user installs it. @default true */
  readonly hasHelmFiles?: boolean;
}

/**
 * Adds the directory of a chart to a tree.
 *
 * The directory of each step contains a file for each object, and a kustomization. One more kustomization lists the
 * steps.
 *
 * @param constructs the chart and all constructs below it
 * @returns the errors of the directory
 */
export function addClusterTree(
  tree: Map<string, string>, chart: Chart, constructs: readonly IConstruct[], texts: ManifestTexts,
  options: ClusterTreeOptions = {},
): Diagnostic[] {
  const { rendered = [], hasHelmFiles = true } = options;
  const directory = chart.node.id;
  const objects = orderedObjects(chart, constructs).filter(object => !renderingOf(object));
  const files = [
    ...rendered.map(object => renderedFile(object, texts)),
    ...objects.map(object => objectFile(object, texts)),
  ];
  const releases = hasHelmFiles ? constructs.filter(HelmRelease.isHelmRelease) : [];
  const errors = [
    ...directoryErrors(chart, tree),
    ...addObjects(tree, directory, files),
    ...addReleases(tree, directory, releases),
  ];
  addKustomizations(tree, directory, files);
  return errors;
}

function directoryErrors({ node }: Chart, tree: ReadonlyMap<string, string>): Diagnostic[] {
  const { id, path } = node;
  const place = { constructs: [path] };
  const reserved = problem(`id '${id}' is reserved for GitOps objects`, 'choose another id');
  const invalidId = prefixed('the chart\'s id is the name of its directory: ',
    dnsLabelProblem('id', id) || (RESERVED_DIRECTORIES.includes(id) && reserved));
  const duplicate = problem(`another chart already writes the directory '${id}'`, 'choose another id for this chart');
  return [
    ...invalidId ? [ruleError(APP_RULES.chartId, invalidId, place)] : [],
    ...tree.has(`${id}/kustomization.yaml`) ? [ruleError(APP_RULES.directory, duplicate, place)] : [],
  ];
}

function addObjects(tree: Map<string, string>, directory: string, files: readonly ObjectFile[]): Diagnostic[] {
  const errors: Diagnostic[] = [];
  const creators = new Map<string, string>();
  for (const file of files) {
    const { creator, kind, apiGroup, metadata, step, text, name, isManifest } = file;
    const place = { constructs: [creator] };
    if (!isManifest) {
      errors.push(ruleError(APP_RULES.manifest, invalidManifest(kind), place));
      continue;
    }
    const identity = `${apiGroup}/${kind}/${metadata.namespace}/${metadata.name}`;
    const path = `${directory}/${step}/${name}`;
    const firstCreator = creators.get(identity);
    if (firstCreator !== undefined) {
      errors.push(ruleError(APP_RULES.identity, duplicateObject(file, firstCreator), place));
    } else if (tree.has(path)) {
      errors.push(ruleError(APP_RULES.file, duplicateFile(path, 'object'), place));
    }
    creators.set(identity, creator);
    tree.set(path, text);
  }
  return errors;
}

function invalidManifest(kind: string): Problem {
  return problem(`${kind} is not a valid manifest after its patches: apiVersion, kind and metadata.name must be `
    + 'strings, and the name has at most 253 characters', 'correct the patches');
}

function duplicateObject({ kind, metadata }: ObjectFile, firstCreator: string): Problem {
  return problem(`${kind} '${metadata.name}' is already created by ${firstCreator}, and the second object would `
    + 'replace the first', 'remove or rename one of them');
}

function duplicateFile(path: string, noun: 'object' | 'release'): Problem {
  return problem(`the file '${path}' already contains another ${noun}`,
    `rename this ${noun}, or add it to a separate chart`);
}

function addReleases(tree: Map<string, string>, directory: string, releases: readonly HelmRelease[]): Diagnostic[] {
  return releases.flatMap(release => {
    const { node, releaseName, values } = release;
    const path = `${directory}/${Step.HELM}/${releaseName}.yaml`;
    const place = { constructs: [node.path] };
    const isDuplicate = tree.has(path);
    tree.set(path, commandLine(release, `${releaseName}.yaml`) + toYaml(values));
    if (!isMap(values)) {
      const invalid = problem(`the values of release '${releaseName}' must be a map after its patches`,
        'correct the patches');
      return [ruleError(APP_RULES.manifest, invalid, place)];
    }
    return isDuplicate ? [ruleError(APP_RULES.file, duplicateFile(path, 'release'), place)] : [];
  });
}

function addKustomizations(tree: Map<string, string>, directory: string, files: readonly ObjectFile[]): void {
  const steps = groupBy(files, ({ step }) => step);
  const usedSteps = APPLIED_STEPS.filter(step => steps.has(step));
  if (usedSteps.length > 0) {
    tree.set(`${directory}/kustomization.yaml`, kustomization(usedSteps));
  }
  for (const step of usedSteps) {
    const names = steps.get(step)!.map(({ name }) => name);
    tree.set(`${directory}/${step}/kustomization.yaml`, kustomization(names));
  }
}
