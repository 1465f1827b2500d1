import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import { addCniNamespace } from './cni-namespace';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import { injectedGateway } from './injected-gateway';
import {
  type InstallerChecks, type InstallerOutput, InstallerProvider, NO_CHECKS, PLAIN_OBJECTS,
} from './installer-provider';
import { DEFAULT_OBJECT, effectiveRevision, istioName, istioSpec, pluginSpec, usesPlugin } from './sail-objects';
import type { SailOptions } from './sail-options';
import { controlPlaneProblems, unknownSettings } from './sail-problems';
import type { Command } from '../../core/command';
import { objectIn, Step } from '../../core/step';
import { SAIL_PROFILES } from '../../istio/profiles';
import type { Fields } from '../../util/map';

const API = 'sailoperator.io/v1';

/**
 * Creates objects of the Sail operator, which are cluster-scoped.
 *
 * The operator does not create gateways: the gateway consists of plain objects that istiod injects.
 */
export class SailInstaller extends InstallerProvider {
  private readonly options: SailOptions;

  constructor(options: SailOptions | undefined) {
    super('sail', options);
    this.options = options ?? {};
  }

  get _output(): InstallerOutput {
    const operatorKinds = ['Istio', 'IstioCNI'].map(kind => ({ apiVersion: API, kind }));
    return { ...PLAIN_OBJECTS, operatorKinds };
  }

  get _checks(): InstallerChecks {
    return {
      ...NO_CHECKS,
      profiles: SAIL_PROFILES,
      controlPlane: requirements => controlPlaneProblems(this.options, requirements),
      unknownSettings,
    };
  }

  _effectiveRevision(configured: string, istioVersion?: string): string {
    return effectiveRevision(this.options, configured, istioVersion);
  }

  _controlPlane(scope: Construct, id: string, controlPlane: ControlPlane): ApiObject {
    if (usesPlugin(controlPlane)) {
      this.plugin(scope, controlPlane);
    }
    return sailObject(scope, id, 'Istio', istioName(controlPlane.revision), istioSpec(controlPlane, this.options));
  }

  /**
   * Always in place, since its name is its revision. It has no plugin: a node has only one, that of the first control
   * plane.
   */
  _canary(scope: Construct, id: string, canary: ControlPlane): ApiObject {
    return sailObject(scope, id, 'Istio', canary.revision, istioSpec(canary, {}));
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return injectedGateway(scope, id, gateway);
  }

  /** The tag refers to the `Istio`, so it moves to each new revision of it. */
  _revisionTag(scope: Construct, id: string, tag: string, configuredRevision: string): ApiObject {
    const targetRef = { kind: 'Istio', name: istioName(configuredRevision) };
    return sailObject(scope, id, 'IstioRevisionTag', tag, { targetRef });
  }

  _commands({ controlPlane, settings, canary, revisionTags }: InstalledCluster, tree: AppliedTree): Command[] {
    const { profile, revision = '' } = controlPlane;
    const { values, components } = settings as { readonly [part: string]: Fields | undefined };
    const plugin = usesPlugin({ profile, values, components }) ? [`istiocni.sailoperator.io/${DEFAULT_OBJECT}`] : [];
    const names = [istioName(revision), ...canary ? [canary.revision] : []];
    const istios = names.map(name => `istio.sailoperator.io/${name}`);
    const tags = Object.keys(revisionTags).map(tag => `istiorevisiontag.sailoperator.io/${tag}`);
    const waitFor = (condition: string, objects: readonly string[]): Command => ({
      line: tree.kubectl(`wait --for=condition=${condition} --timeout=5m ${objects.join(' ')}`),
    });
    return [
      { ...tree.apply(Step.CONTROL_PLANE), remark: 'by the Sail operator, which is in the cluster already' },
      waitFor('Ready', [...plugin, ...istios]),
      ...tags.length > 0 ? [waitFor('Reconciled', tags)] : [],
    ];
  }

  private plugin(scope: Construct, controlPlane: ControlPlane): void {
    const spec = pluginSpec(controlPlane, this.options);
    addCniNamespace(scope, String(spec.namespace), controlPlane.namespace);
    sailObject(scope, 'IstioCNI', 'IstioCNI', DEFAULT_OBJECT, spec);
  }
}

function sailObject(scope: Construct, id: string, kind: string, name: string, spec: Fields): ApiObject {
  return objectIn<Fields>(Step.CONTROL_PLANE, scope, id, { apiVersion: API, kind, metadata: { name }, spec });
}
