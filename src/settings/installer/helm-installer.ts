import type { ApiObject } from 'cdk8s';
import { JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import { commandOf } from './helm-command';
import { BASE, CNI, controlPlaneProblems, gatewayProblems, isControlPlaneRelease } from './helm-problems';
import type { HelmReleaseProps } from './helm-release';
import { HelmRelease, ISTIO_CHARTS } from './helm-release';
import { baseValues, cniNamespace, cniValues, gatewayValues, istiodValues, usesCni } from './helm-values';
import type { AskedControlPlane } from './installer-member';
import { InstallerMember } from './installer-member';
import { helmReleaseMark } from '../../core/brand';
import type { Command } from '../../core/command';
import { throwErrors } from '../../core/mesh-error';
import { Step } from '../../core/step';
import { istiodName } from '../../istio/revisions';
import { newest } from '../../istio/versions';
import { basename } from '../../util/posix-path';
import type { EastWestGatewayOptions } from '../east-west-gateway-options';

/**
 * Where Istio's charts come from.
 */
export interface HelmOptions {
  /**
   * Repository of the charts `base`, `istiod`, `cni` and `gateway`: an `https://` URL, or an `oci://` URL of a registry.
   *
   * @default 'https://istio-release.storage.googleapis.com/charts'
   */
  readonly repository?: string;
}

/** In a mesh a rule finds it before; here it is of a construct alone. */
function versionProblem(version: string | undefined): string | undefined {
  return version === undefined ? 'istioVersion is missing, which is the version of Istio\'s charts; write it as x.y.z, e.g. 1.31.0'
    : /^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version) ? undefined : `istioVersion '${version}' is no version of Istio's charts; write it as x.y.z, e.g. 1.31.0`;
}

/** Istio's charts, each a release of Helm. */
export class HelmInstaller extends InstallerMember {
  private readonly repository: string;

  constructor(options: HelmOptions) {
    super(Object.keys(options).length === 0 ? 'helm' : { helm: options });
    this.repository = options.repository ?? ISTIO_CHARTS;
  }

  _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject | undefined {
    const { namespace, istioVersion, canaryVersion } = plane;
    // The CRDs of a newer Istio serve the older one too, and not the other way round.
    const version = istioVersion && canaryVersion ? newest(istioVersion, canaryVersion) : istioVersion;
    this.release(scope, `${id}-base`, version, { releaseName: BASE, chart: 'base', namespace, values: baseValues(plane) });
    this.istiod(scope, `${id}-istiod`, plane);
    if (usesCni(plane)) {
      const ofCni = cniNamespace(plane);
      this.release(scope, `${id}-cni`, istioVersion, {
        releaseName: CNI,
        chart: 'cni',
        namespace: ofCni,
        createNamespace: ofCni !== namespace,
        values: cniValues(plane),
      });
    }
    return undefined;
  }

  _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject | undefined {
    this.istiod(scope, `${id}-istiod`, plane);
    return undefined;
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject | undefined {
    const { name, namespace, istioVersion } = gateway;
    this.release(scope, id, istioVersion, { releaseName: name, chart: 'gateway', namespace, values: gatewayValues(gateway) });
    return undefined;
  }

  /** The tag brings the validator of the default revision, which would be of the release `istio-base` too. */
  _besideDefaultTag(primary: Construct): void {
    const releases = primary.node.findAll().filter(helmReleaseMark.isOn) as HelmRelease[];
    releases.filter(({ releaseName }) => releaseName === BASE).forEach(base => base.addJsonPatch(JsonPatch.add('/defaultRevision', '')));
  }

  _problems(plane: AskedControlPlane): string[] {
    return [...this.repositoryProblems(), ...controlPlaneProblems(plane)];
  }

  _gatewayProblems(gateway: EastWestGatewayOptions): string[] {
    return gatewayProblems(gateway);
  }

  _commands(_cluster: InstalledCluster, tree: AppliedTree): Command[] {
    const releases = tree.input(Step.HELM).map(({ name, path, text }) => {
      const release = basename(name, '.yaml');
      const prints = () => [`Release "${release}" does not exist. Installing it now.`, '…', 'STATUS: deployed', '…'];
      return { isPlane: isControlPlaneRelease(release), command: { line: commandOf(text, tree.words.context, path), prints } };
    });
    const commands = (isWanted: boolean) => releases.filter(({ isPlane }) => isPlane === isWanted).map(({ command }) => command);
    return tree.withTags(commands(true), commands(false));
  }

  private istiod(scope: Construct, id: string, plane: ControlPlane): void {
    const { namespace, revision, istioVersion } = plane;
    this.release(scope, id, istioVersion, {
      releaseName: istiodName(revision), chart: 'istiod', namespace, values: istiodValues(plane), wait: true,
    });
  }

  private release(scope: Construct, id: string, version: string | undefined, props: Omit<HelmReleaseProps, 'repository' | 'version'>): void {
    throwErrors(scope.node.path, [versionProblem(version)]);
    new HelmRelease(scope, id, { ...props, repository: this.repository, version: version! });
  }

  /** Credentials are not told again. */
  private repositoryProblems(): string[] {
    const { repository } = this;
    if (/^\w+:\/\/[^/?#]*@/.test(repository)) {
      return ['repository has credentials, which everybody who reads the tree would have; leave them out, and give them to what fetches the charts, e.g. by helm registry login'];
    }
    return /^(https?|oci):\/\/[^\s/?#]+[^\s?#]*$/.test(repository) ? []
      : [`repository '${repository}' is no repository of charts; write an https:// or an oci:// URL, e.g. '${ISTIO_CHARTS}'`];
  }
}
