import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import {
  type ControlPlaneRequirements, type InstallerChecks, type InstallerOutput, NO_CHECKS, PLAIN_OBJECTS,
} from './installer-provider';
import { validateMeshApp } from './operator-charts';
import { istiodProblem, OperatorInstaller } from './operator-installer';
import type { Command } from '../../core/command';
import { type MaybeProblem, problem } from '../../core/rule';
import { Step } from '../../core/step';
import { istiodName } from '../../istio/revisions';

/**
 * How IstioOperators are rendered.
 */
export interface RenderedOptions {
  /**
   * Name or path of the istioctl program. A relative path starts where other paths in the mesh do. `$(istioVersion)` is
   * replaced by the version to render, which differs between a control plane and its canary.
   *
   * @default - `istioctl-$(istioVersion)` if it is on the PATH, otherwise `istioctl`
   */
  readonly istioctl?: string;
}

/** Placeholder for the version in the name of the program. */
export const VERSION = '$(istioVersion)';

/** How an IstioOperator is rendered. */
export interface Rendering {
  /** Name or path of the program, if it is configured. */
  readonly istioctl?: string;
  /** Version of a control plane; a gateway has the version of the control plane that it follows, possibly by a tag. */
  readonly istioVersion?: string;
  readonly revision: string;
  /** Namespace of the control plane. */
  readonly namespace: string;
  /** Step of the rendered objects, except for CRDs. */
  readonly step: Step;
}

const RENDERING = Symbol.for('cdk8s-istio-mesh.Rendering');

/** How an IstioOperator is rendered; undefined for other objects. */
export function renderingOf(object: ApiObject): Rendering | undefined {
  return (object as { [RENDERING]?: Rendering })[RENDERING];
}

/** Renders IstioOperators at synth. They stay in the construct tree, where users can patch them. */
export class RenderedInstaller extends OperatorInstaller {
  constructor(private readonly options: RenderedOptions | undefined) {
    super('rendered', options);
  }

  get _output(): InstallerOutput {
    // CRDs are too large for the annotation of a client-side apply. istiod updates its webhooks after each apply.
    return { ...PLAIN_OBJECTS, applyFlags: '--server-side --force-conflicts', hasWebhooks: true };
  }

  get _checks(): InstallerChecks {
    const { istioctl } = this.options ?? {};
    return {
      ...NO_CHECKS,
      controlPlane: requirements => [istiodProblem(requirements), programProblem(istioctl, requirements)],
    };
  }

  _controlPlane(scope: Construct, id: string, controlPlane: ControlPlane): ApiObject {
    return this.rendered(super._controlPlane(scope, id, controlPlane), Step.CONTROL_PLANE, controlPlane);
  }

  _canary(scope: Construct, id: string, canary: ControlPlane): ApiObject {
    return this.rendered(super._canary(scope, id, canary), Step.CONTROL_PLANE, canary);
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return this.rendered(super._gateway(scope, id, gateway), Step.EAST_WEST_GATEWAY, gateway);
  }

  _commands({ namespace, revision, canary }: InstalledCluster, tree: AppliedTree): Command[] {
    const istiods = [revision, ...canary ? [canary.revision] : []].map(istiodName);
    return [
      tree.apply(Step.CRDS),
      tree.apply(Step.CONTROL_PLANE),
      ...istiods.map((istiod): Command => ({
        line: tree.kubectl(`-n ${namespace} rollout status --timeout=5m deployment/${istiod}`),
      })),
    ];
  }

  private rendered(operator: ApiObject, step: Step, installed: ControlPlane | Gateway): ApiObject {
    const { istioVersion, revision, namespace } = installed;
    const rendering: Rendering = { istioctl: this.options?.istioctl, istioVersion, revision, namespace, step };
    Object.defineProperty(operator, RENDERING, { value: rendering });
    validateMeshApp(operator);
    return operator;
  }
}

function programProblem(
  istioctl: string | undefined, { istioVersion, canary }: ControlPlaneRequirements,
): MaybeProblem {
  if (istioctl === undefined || istioctl.includes(VERSION)) {
    return undefined;
  }
  if (istioctl.trim() === '') {
    return problem('rendered.istioctl is empty', 'write the name of the program, or remove it');
  }
  return canary && istioVersion && canary.istioVersion !== istioVersion
    && problem(`rendered.istioctl '${istioctl}' has only one version, but the control planes need ${istioVersion} and `
      + `${canary.istioVersion}`, `add ${VERSION}, e.g. '${istioctl}-${VERSION}'`);
}
