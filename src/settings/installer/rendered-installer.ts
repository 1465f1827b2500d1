import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import type { AskedControlPlane } from './installer-provider';
import { IstioctlInstaller } from './istioctl-installer';
import { validateMeshApp } from './operator-charts';
import type { Command } from '../../core/command';
import { Step } from '../../core/step';
import { istiodName } from '../../istio/revisions';

/**
 * How IstioOperators are rendered.
 */
export interface RenderedOptions {
  /**
   * Name or path of the program; a relative path starts where those in the mesh do. `$(istioVersion)` in it stands for the version that it
   * renders, of which a mesh with a canary has two.
   *
   * @default - `istioctl-$(istioVersion)` where the PATH has one, and otherwise `istioctl`
   */
  readonly istioctl?: string;
}

/** What stands for the version in the name of a program. */
export const VERSION = '$(istioVersion)';

/** What is known of an IstioOperator that is rendered. */
export interface Rendering {
  /** Name or path of the program, where one is said. */
  readonly istioctl?: string;
  /** The version that a control plane has; a gateway has that of the control plane that it follows, maybe by a tag. */
  readonly istioVersion?: string;
  readonly revision: string;
  /** Namespace of the control plane. */
  readonly namespace: string;
  /** The step of what is rendered, but for CRDs. */
  readonly step: Step;
}

const RENDERING = Symbol.for('cdk8s-istio-mesh.Rendering');

/** What is known of an IstioOperator that is rendered; undefined for any other object. */
export function renderingOf(object: ApiObject): Rendering | undefined {
  return (object as { [RENDERING]?: Rendering })[RENDERING];
}

/** The IstioOperators stay in the construct tree, for everybody to patch; the tree of files has what istioctl makes of them. */
export class RenderedInstaller extends IstioctlInstaller {
  constructor(private readonly options?: RenderedOptions) {
    super('rendered', options);
  }

  _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return this.rendered(super._controlPlane(scope, id, plane), Step.CONTROL_PLANE, plane);
  }

  _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return this.rendered(super._canary(scope, id, plane), Step.CONTROL_PLANE, plane);
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return this.rendered(super._gateway(scope, id, gateway), Step.EAST_WEST_GATEWAY, gateway);
  }

  _problems(plane: AskedControlPlane): string[] {
    return [...super._problems(plane), ...this.programProblems(plane)];
  }

  /** All by the API server: a client's own annotation has no room for a CRD. istiod changes its webhooks, and again after each apply. */
  get _applyFlags(): string {
    return '--server-side --force-conflicts';
  }

  _commands({ namespace, revision, canary }: InstalledCluster, tree: AppliedTree): Command[] {
    const istiods = [revision, ...canary ? [canary.revision] : []].map(istiodName);
    return [
      tree.apply(Step.CRDS),
      tree.apply(Step.CONTROL_PLANE),
      ...istiods.map((istiod): Command => ({
        line: tree.kubectl(`-n ${namespace} rollout status --timeout=5m deployment/${istiod}`),
        prints: () => [`deployment "${istiod}" successfully rolled out`],
      })),
    ];
  }

  protected validated(operator: ApiObject): void {
    validateMeshApp(operator);
  }

  private programProblems({ istioVersion, canary }: AskedControlPlane): string[] {
    const istioctl = this.options?.istioctl;
    if (istioctl === undefined || istioctl.includes(VERSION)) {
      return [];
    }
    if (istioctl.trim() === '') {
      return ['rendered.istioctl is empty; name the program, or leave it out'];
    }
    return canary && istioVersion && canary.istioVersion !== istioVersion
      ? [`rendered.istioctl '${istioctl}' is one program, and the control planes are of the versions ${istioVersion} and ${canary.istioVersion}; write ${VERSION} in it, e.g. '${istioctl}-${VERSION}'`] : [];
  }

  private rendered(operator: ApiObject, step: Step, of: Pick<Rendering, 'istioVersion' | 'revision' | 'namespace'>): ApiObject {
    const { istioVersion, revision, namespace } = of;
    const rendering: Rendering = { istioctl: this.options?.istioctl, istioVersion, revision, namespace, step };
    Object.defineProperty(operator, RENDERING, { value: rendering });
    return operator;
  }
}
