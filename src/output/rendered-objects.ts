import { type Chart, ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Mesh } from '../constructs/mesh';
import { meshMark } from '../core/brand';
import type { Diagnostic } from '../core/diagnostic';
import { ruleError } from '../core/evaluate';
import { type RuleText, problem } from '../core/rule';
import { Step } from '../core/step';
import { isNewer } from '../istio/versions';
import { APP_RULES } from '../rules/app-rules';
import { type Rendering, renderingOf, VERSION } from '../settings/installer/rendered-installer';
import { absolutePath } from '../util/host/files';
import { type Answer, type AskedProgram, type AskedRun, istioctlAnswer } from '../util/host/istioctl-runs';
import { whileStopped } from '../util/host/waiting';
import { documentsIn } from '../util/kubernetes-yaml';
import { groupBy, isMap } from '../util/map';

/** An object that istioctl rendered, with istioctl's own text. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly apiGroup: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly text: string;
  readonly step: Step;
  /** The IstioOperator from which the object was rendered. */
  readonly operator: ApiObject;
  /** Namespace of the control plane. */
  readonly systemNamespace: string;
}

/** The objects that istioctl rendered for each chart, and the errors. */
export interface RenderedObjects {
  readonly objects: ReadonlyMap<Chart, readonly RenderedObject[]>;
  readonly errors: readonly Diagnostic[];
}

/** An IstioOperator to render. */
interface Job {
  readonly chart: Chart;
  readonly operator: ApiObject;
  readonly rendering: Rendering;
  readonly istioVersion?: string;
}

interface RenderedJob {
  readonly job: Job;
  readonly objects: readonly RenderedObject[];
}

/**
 * Renders the IstioOperators of an app: all in parallel, and equal ones only once.
 *
 * @param charts each chart with all constructs below it
 */
export function renderedObjects(charts: ReadonlyMap<Chart, readonly IConstruct[]>): RenderedObjects {
  const jobs = [...charts].flatMap(([chart, constructs]) => jobsOf(chart, constructs));
  if (jobs.length === 0) {
    return { objects: new Map(), errors: [] };
  }
  const runs = new Numbered<AskedRun>();
  const programs = new Numbered<AskedProgram>();
  const runNumbers = jobs.map(job => runs.numberOf({
    program: programs.numberOf(programOf(job)),
    operator: JSON.stringify(job.operator.toJson()),
  }));
  let answer: Answer;
  try {
    answer = whileStopped('istioctl renders', () => istioctlAnswer({ programs: programs.all, runs: runs.all }));
  } catch (error) {
    const { message } = error as Error;
    return { objects: new Map(), errors: jobs.map(job => renderError(job, message, APP_RULES.rendered)) };
  }
  const headers = new Headers();
  const errors: Diagnostic[] = [];
  const rendered = jobs.map((job, i): RenderedJob => {
    const run = answer.runs[runNumbers[i]];
    const program = answer.programs[runs.all[runNumbers[i]].program];
    if (program.problem !== undefined) {
      errors.push(renderError(job, program.problem, APP_RULES.program));
    } else if (run.problem !== undefined) {
      errors.push(renderError(job, run.problem, APP_RULES.rendered, 'correct the setting that it names'));
    }
    const texts = run.texts.map(number => answer.texts[number]);
    const objects = texts.flatMap(text => objectOf(job, text, headers) ?? []);
    const invalid = objects.length < texts.length ? texts.find(text => !headers.of(text)) : undefined;
    if (invalid !== undefined) {
      errors.push(renderError(job, invalidOutput(program.name!, invalid), APP_RULES.rendered));
    }
    return { job, objects };
  });
  const byChart = groupBy(rendered, ({ job }) => job.chart);
  return { objects: new Map([...byChart].map(([chart, ofChart]) => [chart, withoutDuplicates(ofChart)])), errors };
}

/** The IstioOperators of a chart, each with its Istio version. */
function jobsOf(chart: Chart, constructs: readonly IConstruct[]): Job[] {
  const jobs = constructs.filter(ApiObject.isApiObject).flatMap(operator => {
    const rendering = renderingOf(operator);
    return rendering ? [{ chart, operator, rendering }] : [];
  });
  const controlPlanes = jobs.map(({ rendering }) => rendering).filter(({ step }) => step === Step.CONTROL_PLANE);
  return jobs.map(job => ({ ...job, istioVersion: istioVersionOf(job.rendering, controlPlanes) }));
}

/** A gateway without a version gets that of the control plane with its revision, or else of the first control plane. */
function istioVersionOf(rendering: Rendering, controlPlanes: readonly Rendering[]): string | undefined {
  const { istioVersion, revision, step } = rendering;
  if (istioVersion !== undefined || step === Step.CONTROL_PLANE) {
    return istioVersion;
  }
  const controlPlane = controlPlanes.find(one => one.revision === revision) ?? controlPlanes[0];
  return controlPlane?.istioVersion;
}

function programOf({ chart, rendering: { istioctl }, istioVersion }: Job): AskedProgram {
  if (istioctl === undefined) {
    return { names: [...istioVersion ? [`istioctl-${istioVersion}`] : [], 'istioctl'], istioVersion };
  }
  const mesh = chart.node.scopes.find(meshMark.isOn) as Mesh | undefined;
  const name = istioVersion ? istioctl.split(VERSION).join(istioVersion) : istioctl;
  return { names: [/[/\\]/.test(name) ? absolutePath(mesh?._model.directory ?? '.', name) : name], istioVersion };
}

/** Values with a number each; equal values have the same number. */
class Numbered<Value> {
  readonly all: Value[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const number = this.numbers.get(key) ?? this.all.push(value) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

type Header = Pick<RenderedObject, 'kind' | 'apiVersion' | 'apiGroup' | 'metadata'>;

/** The parsed headers of objects, cached by their text. The rest of an object is not parsed, because CRDs are large. */
class Headers {
  private readonly parsed = new Map<string, Header | undefined>();

  of(text: string): Header | undefined {
    const header = (text.match(HEADER) ?? []).join('\n');
    if (!this.parsed.has(header)) {
      this.parsed.set(header, parseHeader(header));
    }
    return this.parsed.get(header);
  }
}

/** Top-level keys start at the beginning of a line, and everything inside of them is indented. */
const HEADER = /^(?:apiVersion|kind|metadata):.*(?:\n[ ].*)*/gm;

function parseHeader(header: string): Header | undefined {
  const [document] = documentsIn(header);
  const data = document && document.errors.length === 0 ? document.toJS() : undefined;
  const { apiVersion, kind, metadata } = isMap(data) ? data : {};
  const { name, namespace } = isMap(metadata) ? metadata : {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') {
    return undefined;
  }
  if (namespace !== undefined && typeof namespace !== 'string') {
    return undefined;
  }
  const apiGroup = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return { kind, apiVersion, apiGroup, metadata: { name, namespace } };
}

function objectOf({ operator, rendering }: Job, text: string, headers: Headers): RenderedObject | undefined {
  const header = headers.of(text);
  const step = header?.kind === 'CustomResourceDefinition' ? Step.CRDS : rendering.step;
  return header && { ...header, text, step, operator, systemNamespace: rendering.namespace };
}

function invalidOutput(program: string, text: string): string {
  const firstLine = text.split('\n')[0].slice(0, 100);
  return `'${program} manifest generate' must print manifests, and printed '${firstLine}'; `
    + 'set rendered.istioctl to a working istioctl';
}

/**
 * The objects of one chart, without duplicates from several control planes, such as CRDs.
 *
 * The duplicate of the newest control plane remains: old control planes work with new CRDs, but not the reverse.
 */
function withoutDuplicates(rendered: readonly RenderedJob[]): RenderedObject[] {
  const all: RenderedObject[] = [];
  const shared = new Map<string, { readonly index: number; readonly istioVersion?: string }>();
  for (const { job: { rendering, istioVersion }, objects } of rendered) {
    for (const object of objects) {
      if (rendering.step !== Step.CONTROL_PLANE) {
        all.push(object);
        continue;
      }
      const key = `${object.apiGroup}/${object.kind}/${object.metadata.namespace}/${object.metadata.name}`;
      const duplicate = shared.get(key);
      const index = duplicate ? duplicate.index : all.length;
      if (!duplicate || isNewer(istioVersion, duplicate.istioVersion)) {
        all[index] = object;
        shared.set(key, { index, istioVersion });
      }
    }
  }
  return all;
}

function renderError({ operator }: Job, message: string, rule: RuleText, suggestion?: string): Diagnostic {
  return ruleError(rule, problem('rendered: ' + message, suggestion), { constructs: [operator.node.path] });
}
