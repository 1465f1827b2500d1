import { type ApiObjectProps, type JsonPatch, ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';

/**
 * A directory inside a cluster's directory.
 *
 * Kubernetes objects are applied in the order of this list; `istioctl` and `helm` are input for those programs. The
 * paths are an interface: GitOps tools refer to them.
 */
export enum Step {
  NAMESPACE = '00-namespace',
  TRUST = '10-trust',
  CRDS = '20-crds',
  CONTROL_PLANE = '30-control-plane',
  EAST_WEST_GATEWAY = '40-east-west-gateway',
  EXPOSED_SERVICES = '50-exposed-services',
  REMOTE_SECRETS = '60-remote-secrets',
  RESOURCES = '70-resources',
  ISTIOCTL = 'istioctl',
  HELM = 'helm',
}

/** The steps that a kustomization lists, in the order in which they are applied. */
export const APPLIED_STEPS: readonly Step[] = Object.values(Step)
  .filter(step => step !== Step.ISTIOCTL && step !== Step.HELM).sort();

/**
 * The number of steps that must be complete before a step is applied.
 *
 * Each step up to the control plane waits for all steps before it. Later steps wait only for the control plane: links
 * may come at any time, and a gateway may wait long for its address.
 */
export function stageOf(step: Step): number {
  return Math.min(APPLIED_STEPS.indexOf(step), APPLIED_STEPS.indexOf(Step.CONTROL_PLANE) + 1);
}

const STEP = Symbol.for('cdk8s-istio-mesh.Step');

/**
 * Creates a Kubernetes object of a construct. The manifest is typed, but patches may add fields that no schema has.
 *
 * @param step directory of the object's file
 */
export function objectIn<Props>(
  step: Step, scope: Construct, id: string, manifest: Props & { apiVersion: string; kind: string },
): ApiObject {
  const object = new StepObject(scope, id, manifest as ApiObjectProps);
  Object.defineProperty(object, STEP, { value: step });
  return object;
}

/**
 * An object that records whether a patch has changed its manifest.
 *
 * The peers of a cluster share the manifest of its remote secret; if it is not patched, they share its text too.
 */
export class StepObject extends ApiObject {
  private patched = false;

  constructor(scope: Construct, id: string, private readonly manifest: ApiObjectProps) {
    super(scope, id, manifest);
  }

  addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  /** The manifest of this object; undefined after a patch. Its metadata may have changed without one. */
  get unpatchedManifest(): object | undefined {
    return this.patched ? undefined : this.manifest;
  }
}

/**
 * The step of an object: that of its construct, `istioctl` for an IstioOperator, and `70-resources` for the user's own.
 */
export function stepOf(object: IConstruct & { kind?: string; apiGroup?: string }): Step {
  if (isIstioOperator(object)) {
    return Step.ISTIOCTL;
  }
  return (object as { [STEP]?: Step })[STEP] ?? Step.RESOURCES;
}

/**
 * Whether an object is an IstioOperator: input for istioctl, because clusters do not support it since Istio 1.24.
 */
export function isIstioOperator(object: { kind?: string; apiGroup?: string }): boolean {
  return object.kind === 'IstioOperator' && object.apiGroup === 'install.istio.io';
}
