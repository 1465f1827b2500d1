import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import { addCniNamespace } from './cni-namespace';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import { injectedGateway } from './injected-gateway';
import type { AskedControlPlane } from './installer-member';
import { InstallerMember } from './installer-member';
import { componentProblems } from './sail-components';
import { DEFAULT_OBJECT, istioName, istioSpec, istioValues, pluginSpec, saidOfPlugin, sailRevision, usesPlugin, versionName } from './sail-objects';
import type { SailOptions } from './sail-options';
import { SailUpdateStrategyType } from './sail-options';
import { sailProblems } from './sail-schema';
import type { Command } from '../../core/command';
import { written } from '../../core/family';
import type { Finding } from '../../core/rule';
import { objectIn, Step } from '../../core/step';
import { revisionProblem } from '../../istio/names';
import type { Profiles } from '../../istio/profiles';
import { SAIL_PROFILES } from '../../istio/profiles';
import type { Fields } from '../../util/map';
import { pathText } from '../../util/path';

const API = 'sailoperator.io/v1';

/**
 * Objects of the Sail operator's API, which are not of any namespace.
 *
 * The operator makes no gateways: ours is the plain one that the istiod of its revision injects.
 */
export class SailInstaller extends InstallerMember {
  private readonly options: SailOptions;

  constructor(options?: SailOptions) {
    super(options ? { sail: written(options) } : 'sail');
    this.options = options ?? {};
  }

  _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    if (usesPlugin(plane)) {
      this.plugin(scope, plane);
    }
    return sailObject(scope, id, 'Istio', istioName(plane.revision), istioSpec(plane, this.options));
  }

  /** In place, since the name of the object is its revision already; the plugin is the first control plane's, of which a node has one. */
  _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject {
    return sailObject(scope, id, 'Istio', plane.revision, istioSpec(plane, {}));
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
    return injectedGateway(scope, id, gateway);
  }

  /** It follows the control plane from version to version, as Sail has it. */
  _tag(scope: Construct, id: string, tag: string, plane: string): ApiObject {
    return sailObject(scope, id, 'IstioRevisionTag', tag, { targetRef: { kind: 'Istio', name: istioName(plane) } });
  }

  _revision(revision: string, istioVersion?: string): string {
    const name = istioName(revision);
    return this.isRevisionBased ? sailRevision(name, this.options.version ?? versionName(istioVersion)) : name === DEFAULT_OBJECT ? '' : name;
  }

  get _profiles(): Profiles {
    return SAIL_PROFILES;
  }

  _problems({ canary, revision, istioVersion, ...plane }: AskedControlPlane): string[] {
    const actual = this._revision(revision, istioVersion);
    const { type, inactiveRevisionDeletionGracePeriodSeconds: seconds } = this.options.updateStrategy ?? {};
    const isTooLong = this.isRevisionBased && revisionProblem('revision', istioName(revision)) === undefined ? revisionProblem('the revision that Sail makes,', actual) : undefined;
    const problems = [
      istioVersion === undefined ? 'istioVersion is missing, and Sail installs a version by its name; write it as x.y.z' : versionProblem(this.options.version, istioVersion),
      type !== undefined && !Object.values(SailUpdateStrategyType).includes(type) ? `updateStrategy.type '${type}' is none of Sail's; write one of ${Object.values(SailUpdateStrategyType).join(', ')}` : undefined,
      seconds === undefined ? undefined : !Number.isInteger(seconds) || seconds < 0
        ? `updateStrategy.inactiveRevisionDeletionGracePeriodSeconds ${seconds} is no whole number of at least 0`
        : this.isRevisionBased ? undefined : 'updateStrategy.inactiveRevisionDeletionGracePeriodSeconds has no effect in place, where no control plane is left over; set updateStrategy.type to RevisionBased, or remove it',
      isTooLong,
      canary && this.isRevisionBased ? 'canary makes a second control plane, and so does updateStrategy RevisionBased with each istioVersion; remove one of them' : undefined,
      saidOfPlugin(plane) === false && plane.values?.cni !== undefined ? 'values.cni has no effect where the CNI plugin is not enabled; remove it, or enable the plugin' : undefined,
      ...componentProblems(plane.components),
    ];
    return problems.filter(problem => problem !== undefined);
  }

  _unknownSettings(plane: AskedControlPlane): Finding[] {
    const { revisionTags, ...values } = istioValues({ ...plane, components: undefined }); // tags have a property of their own (IM015)
    const ofIstio = sailProblems('Istio', { version: '', namespace: '', values });
    const ofPlugin = plane.values?.cni === undefined ? [] : sailProblems('IstioCNI', { version: '', namespace: '', values: { cni: plane.values.cni } });
    return [...ofIstio, ...ofPlugin].map(({ path, message }): Finding => {
      const place = path[1] === 'meshConfig' ? path.slice(1) : path;
      return { path: place, message: `${pathText(place)} is none that Sail's API takes: ${FIXES[pathText(place)] ?? message}` };
    });
  }

  _commands({ controlPlane, settings, canary, revisionTags }: InstalledCluster, tree: AppliedTree): Command[] {
    const plane = { profile: controlPlane.profile, values: settings.values as Fields, components: settings.components as Fields };
    const istios = [istioName(controlPlane.revision ?? ''), ...canary ? [canary.revision] : []].map(name => `istio.sailoperator.io/${name}`);
    const tags = Object.keys(revisionTags).map(tag => `istiorevisiontag.sailoperator.io/${tag}`);
    const objects = [...usesPlugin(plane) ? [`istiocni.sailoperator.io/${DEFAULT_OBJECT}`] : [], ...istios];
    const waited = (condition: string, names: readonly string[]): Command => ({
      line: tree.kubectl(`wait --for=condition=${condition} --timeout=5m ${names.join(' ')}`),
      prints: () => names.map(name => `${name} condition met`),
    });
    return [
      { ...tree.apply(Step.CONTROL_PLANE), remark: 'by the Sail operator, which is in the cluster already' },
      waited('Ready', objects),
      ...tags.length > 0 ? [waited('Reconciled', tags)] : [],
    ];
  }

  private plugin(scope: Construct, plane: ControlPlane): void {
    const spec = pluginSpec(plane, this.options);
    addCniNamespace(scope, String(spec.namespace), plane.namespace);
    sailObject(scope, 'IstioCNI', 'IstioCNI', DEFAULT_OBJECT, spec);
  }

  private get isRevisionBased(): boolean {
    return this.options.updateStrategy?.type === SailUpdateStrategyType.REVISION_BASED;
  }
}

function sailObject(scope: Construct, id: string, kind: string, name: string, spec: Fields): ApiObject {
  return objectIn<Fields>(Step.CONTROL_PLANE, scope, id, { apiVersion: API, kind, metadata: { name }, spec });
}

/** What to do about values for which Sail has no place at all. */
const FIXES: { readonly [place: string]: string } = {
  'values.gateways': 'it installs no gateways; say those of the east-west gateway at eastWestGateway, and others in resources',
  'values.ztunnel': 'it is for ambient mode; remove it',
};

/** Sail's name of the version is of the version that the mesh counts with. */
function versionProblem(version: string | undefined, istioVersion: string): string | undefined {
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(istioVersion)) {
    return undefined;
  }
  const [minor] = /^\d+\.\d+/.exec(istioVersion)!;
  if (!/^v\d+\.\d+(\.\d+(-[a-z0-9.]+)?|-latest)$/.test(version)) {
    return `version '${version}' is no name of a version that Sail has; write 'v${istioVersion}', or 'v${minor}-latest'`;
  }
  return version === `v${minor}-latest` || version === `v${istioVersion}` || version.startsWith(`v${istioVersion}-`) ? undefined
    : `version '${version}' is not istioVersion '${istioVersion}', which the checks count with; write 'v${istioVersion}' or 'v${minor}-latest', or change istioVersion`;
}
