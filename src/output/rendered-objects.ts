import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Mesh } from '../constructs/mesh';
import { meshMark } from '../core/brand';
import type { Diagnostic } from '../core/diagnostic';
import { ruleError } from '../core/evaluate';
import type { RuleText } from '../core/rule';
import { Step } from '../core/step';
import { isNewer } from '../istio/versions';
import { APP_RULES } from '../rules/app-rules';
import type { Rendering } from '../settings/installer/rendered-installer';
import { renderingOf, VERSION } from '../settings/installer/rendered-installer';
import { absolutePath } from '../util/host/files';
import type { Answer, AskedProgram, AskedRun } from '../util/host/istioctl-runs';
import { istioctlAnswer } from '../util/host/istioctl-runs';
import { whileStopped } from '../util/host/waiting';
import { documentsIn } from '../util/kubernetes-yaml';
import { isMap } from '../util/map';

/** An object that istioctl rendered, as it wrote it: Go reads what Go writes. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly apiGroup: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly text: string;
  readonly step: Step;
  /** The IstioOperator that it is of. */
  readonly operator: ApiObject;
  /** Namespace of the control plane. */
  readonly systemNamespace: string;
}

/** What istioctl renders for each chart, and why it does not. */
export interface RenderedObjects {
  readonly objects: ReadonlyMap<Chart, readonly RenderedObject[]>;
  readonly errors: readonly Diagnostic[];
}

/** An IstioOperator to render. */
interface Job { readonly chart: Chart; readonly operator: ApiObject; readonly rendering: Rendering; readonly istioVersion?: string }

interface RenderedJob { readonly job: Job; readonly objects: readonly RenderedObject[] }

/**
 * Renders the IstioOperators of an app that are to be rendered: all at once, and those that are alike once.
 *
 * @param charts each with everything below it
 */
export function renderedObjects(charts: ReadonlyMap<Chart, readonly IConstruct[]>): RenderedObjects {
  const jobs = [...charts].flatMap(([chart, constructs]) => jobsOf(chart, constructs));
  if (jobs.length === 0) {
    return { objects: new Map(), errors: [] };
  }
  const runs = new Numbered<AskedRun>();
  const programs = new Numbered<AskedProgram>();
  const numbers = jobs.map(job => runs.of({ program: programs.of(programOf(job)), operator: JSON.stringify(job.operator.toJson()) }));
  let answer: Answer;
  try {
    answer = whileStopped('istioctl renders', () => istioctlAnswer({ programs: programs.all, runs: runs.all }));
  } catch (error) {
    return { objects: new Map(), errors: jobs.map(job => renderError(job, (error as Error).message, APP_RULES.rendered)) };
  }
  const headers = new Headers();
  const errors: Diagnostic[] = [];
  const rendered = jobs.map((job, i): RenderedJob => {
    const run = answer.runs[numbers[i]];
    const program = answer.programs[runs.all[numbers[i]].program];
    if (program.problem !== undefined) {
      errors.push(renderError(job, program.problem, APP_RULES.program));
    } else if (run.problem !== undefined) {
      errors.push(renderError(job, `${run.problem}; correct what it names`, APP_RULES.rendered));
    }
    const texts = run.texts.map(number => answer.texts[number]);
    const objects = texts.flatMap(text => objectOf(job, text, headers) ?? []);
    const broken = objects.length < texts.length ? texts.find(text => !headers.of(text)) : undefined;
    if (broken !== undefined) {
      errors.push(renderError(job, noManifest(program.name!, broken), APP_RULES.rendered));
    }
    return { job, objects };
  });
  const ofCharts = new Map<Chart, RenderedJob[]>();
  rendered.forEach(one => ofCharts.set(one.job.chart, [...ofCharts.get(one.job.chart) ?? [], one]));
  return { objects: new Map([...ofCharts].map(([chart, ofChart]) => [chart, withoutTwins(ofChart)])), errors };
}

/** The IstioOperators of a chart. A gateway has the version that is said, else that of the control plane that it follows, else that of the first one. */
function jobsOf(chart: Chart, constructs: readonly IConstruct[]): Job[] {
  const found = constructs.filter(ApiObject.isApiObject).flatMap(operator => {
    const rendering = renderingOf(operator);
    return rendering ? [{ chart, operator, rendering }] : [];
  });
  const planes = found.filter(({ rendering }) => rendering.step === Step.CONTROL_PLANE);
  const version = ({ istioVersion, revision, step }: Rendering) => step === Step.CONTROL_PLANE ? istioVersion
    : istioVersion ?? (planes.find(plane => plane.rendering.revision === revision) ?? planes[0])?.rendering.istioVersion;
  return found.map(job => ({ ...job, istioVersion: version(job.rendering) }));
}

function programOf({ chart, rendering: { istioctl }, istioVersion }: Job): AskedProgram {
  if (istioctl === undefined) {
    return { names: [...istioVersion ? [`istioctl-${istioVersion}`] : [], 'istioctl'], istioVersion };
  }
  const mesh = chart.node.scopes.find(meshMark.isOn) as Mesh | undefined;
  const name = istioVersion ? istioctl.split(VERSION).join(istioVersion) : istioctl;
  return { names: [/[/\\]/.test(name) ? absolutePath(mesh?._model.directory ?? '.', name) : name], istioVersion };
}

/** Things that are alike, each with one number. */
class Numbered<Thing> {
  readonly all: Thing[] = [];
  private readonly numbers = new Map<string, number>();

  of(thing: Thing): number {
    const key = JSON.stringify(thing);
    const number = this.numbers.get(key) ?? this.all.push(thing) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

type Header = Pick<RenderedObject, 'kind' | 'apiVersion' | 'apiGroup' | 'metadata'>;

/** What objects say of themselves, read once for those that say the same; the rest of a CRD would take long to read. */
class Headers {
  private readonly known = new Map<string, Header | undefined>();

  of(text: string): Header | undefined {
    const header = (text.match(HEADER) ?? []).join('\n');
    if (!this.known.has(header)) {
      this.known.set(header, headerOf(header));
    }
    return this.known.get(header);
  }
}

/** The keys of a map begin lines, and everything in it is indented. */
const HEADER = /^(?:apiVersion|kind|metadata):.*(?:\n[ ].*)*/gm;

function headerOf(text: string): Header | undefined {
  const [document] = documentsIn(text);
  const data = document && document.errors.length === 0 ? document.toJS() : undefined;
  const { apiVersion, kind, metadata } = isMap(data) ? data : {};
  const { name, namespace } = isMap(metadata) ? metadata : {};
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string' && (namespace === undefined || typeof namespace === 'string')
    ? { kind, apiVersion, apiGroup: apiVersion.includes('/') ? apiVersion.split('/')[0] : '', metadata: { name, namespace } } : undefined;
}

function objectOf({ operator, rendering }: Job, text: string, headers: Headers): RenderedObject | undefined {
  const header = headers.of(text);
  const step = header?.kind === 'CustomResourceDefinition' ? Step.CRDS : rendering.step;
  return header && { ...header, text, step, operator, systemNamespace: rendering.namespace };
}

function noManifest(program: string, text: string): string {
  return `'${program} manifest generate' prints what is no manifest: '${text.split('\n')[0].slice(0, 100)}'; name an istioctl`;
}

/**
 * The objects of one chart. What two control planes of a cluster have in common, such as CRDs, is that of the newer one: old control planes
 * work with new CRDs, and not the other way round.
 */
function withoutTwins(rendered: readonly RenderedJob[]): RenderedObject[] {
  const all: RenderedObject[] = [];
  const shared = new Map<string, { readonly at: number; readonly istioVersion?: string }>();
  for (const { job: { rendering, istioVersion }, objects } of rendered) {
    for (const object of objects) {
      const key = rendering.step === Step.CONTROL_PLANE ? `${object.apiGroup}/${object.kind}/${object.metadata.namespace}/${object.metadata.name}` : undefined;
      const twin = key === undefined ? undefined : shared.get(key);
      const at = twin ? twin.at : all.length;
      if (!twin || isNewer(istioVersion, twin.istioVersion)) {
        all[at] = object;
        if (key !== undefined) {
          shared.set(key, { at, istioVersion });
        }
      }
    }
  }
  return all;
}

function renderError({ operator }: Job, message: string, rule: RuleText): Diagnostic {
  return ruleError(rule, `rendered: ${message}`, { constructs: [operator.node.path] });
}
