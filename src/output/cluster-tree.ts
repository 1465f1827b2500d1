import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { kustomization } from './kustomization';
import type { ManifestTexts } from './manifest-texts';
import { objectFile, renderedFile } from './object-files';
import type { RenderedObject } from './rendered-objects';
import { orderedObjects } from '../constructs/ordered-objects';
import { helmReleaseMark } from '../core/brand';
import type { Diagnostic } from '../core/diagnostic';
import { ruleError } from '../core/evaluate';
import type { RuleText } from '../core/rule';
import { APPLIED_STEPS, Step } from '../core/step';
import { dnsLabelProblem, RESERVED_DIRECTORIES } from '../istio/names';
import { APP_RULES } from '../rules/app-rules';
import { commandLine } from '../settings/installer/helm-command';
import type { HelmRelease } from '../settings/installer/helm-release';
import { renderingOf } from '../settings/installer/rendered-installer';
import { isMap } from '../util/map';
import { toYaml } from '../util/yaml-text';

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
): Diagnostic[] {
  const directory = chart.node.id;
  const steps = new Map<Step, string[]>();
  const makers = new Map<string, string>();
  const errors = directoryErrors(chart, tree);
  const report = (maker: string, rule: RuleText, problem: string) => errors.push(ruleError(rule, problem, { constructs: [maker] }));
  const objects = orderedObjects(chart, constructs).filter(object => !renderingOf(object));
  const files = [...rendered.map(object => renderedFile(object, texts)), ...objects.map(object => objectFile(object, texts))];
  for (const { maker, kind, apiGroup, metadata, step, text, name, isManifest } of files) {
    if (!isManifest) {
      report(maker, APP_RULES.manifest, `${kind} is no manifest after its patches: apiVersion, kind and metadata.name are strings, the name of up to 253 characters; leave them in place`);
      continue;
    }
    const identity = `${apiGroup}/${kind}/${metadata.namespace}/${metadata.name}`;
    const twin = makers.get(identity);
    const path = `${directory}/${step}/${name}`;
    if (twin !== undefined) {
      report(maker, APP_RULES.identity, `${kind} '${metadata.name}' is made by ${twin} already, and the second would replace the first; remove one, or name it differently`);
    } else if (tree.has(path)) {
      report(maker, APP_RULES.file, `the file '${path}' holds another object already; name this one differently, or give it a chart of its own`);
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
      report(release.node.path, APP_RULES.manifest, `the values of release '${release.releaseName}' are no map after its patches; leave them one`);
    } else if (tree.has(path)) {
      report(release.node.path, APP_RULES.file, `the file '${path}' holds another release already; name this one differently, or give it a chart of its own`);
    }
    tree.set(path, commandLine(release, `${release.releaseName}.yaml`) + toYaml(values));
  }
  addKustomizations(tree, directory, steps);
  return errors;
}

function directoryErrors(chart: Chart, tree: ReadonlyMap<string, string>): Diagnostic[] {
  const { id, path } = chart.node;
  const place = { constructs: [path] };
  const problem = dnsLabelProblem('id', id) ?? (RESERVED_DIRECTORIES.includes(id) ? `id '${id}' is kept for GitOps objects; choose another` : undefined);
  return [
    ...problem ? [ruleError(APP_RULES.chartId, `the chart's id names its directory: ${problem}`, place)] : [],
    ...tree.has(`${id}/kustomization.yaml`)
      ? [ruleError(APP_RULES.directory, `another chart writes the directory '${id}' already; give the chart another id`, place)] : [],
  ];
}

function addKustomizations(tree: Map<string, string>, directory: string, steps: ReadonlyMap<Step, string[]>): void {
  const present = APPLIED_STEPS.filter(step => steps.has(step));
  if (present.length > 0) {
    tree.set(`${directory}/kustomization.yaml`, kustomization(present));
  }
  present.forEach(step => tree.set(`${directory}/${step}/kustomization.yaml`, kustomization(steps.get(step)!)));
}
