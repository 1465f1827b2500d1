import type { Construct } from 'constructs';
import { basename } from 'path-browserify';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import { commandOf } from './helm-command';
import { BASE, CNI, controlPlaneProblems, gatewayProblems, isControlPlaneRelease } from './helm-problems';
import { type HelmReleaseProps, HelmRelease, ISTIO_CHARTS } from './helm-release';
import { baseValues, cniNamespace, cniValues, gatewayValues, istiodValues, usesCni } from './helm-values';
import {
  type InstallerChecks, type InstallerOutput, InstallerProvider, NO_CHECKS, PLAIN_OBJECTS,
} from './installer-provider';
import type { Command } from '../../core/command';
import { throwErrors } from '../../core/mesh-error';
import { type MaybeProblem, problem } from '../../core/rule';
import { Step } from '../../core/step';
import { istiodName } from '../../istio/revisions';
import { newest } from '../../istio/versions';

/**
 * Where Istio's charts come from.
 */
export interface HelmOptions {
  /**
   * Repository of the charts `base`, `istiod`, `cni` and `gateway`: an `https://` URL, or an `oci://` URL of a
   * registry.
   *
   * @default 'https://istio-release.storage.googleapis.com/charts'
   */
  readonly repository?: string;
}

/** Installs Istio's charts, each as a Helm release. */
export class HelmInstaller extends InstallerProvider {
  private readonly repository: string;

  constructor(options: HelmOptions) {
    super('helm', Object.keys(options).length === 0 ? undefined : options);
    this.repository = options.repository ?? ISTIO_CHARTS;
  }

  get _output(): InstallerOutput {
    return { ...PLAIN_OBJECTS, appliedBy: 'helm' };
  }

  get _checks(): InstallerChecks {
    return {
      ...NO_CHECKS,
      controlPlane: requirements => [repositoryProblem(this.repository), ...controlPlaneProblems(requirements)],
      gateway: gatewayProblems,
    };
  }

  _controlPlane(scope: Construct, id: string, controlPlane: ControlPlane): undefined {
    const { namespace, istioVersion, canaryVersion } = controlPlane;
    // An older istiod works with the CRDs of a newer Istio, but not the other way round.
    const version = istioVersion && canaryVersion ? newest(istioVersion, canaryVersion) : istioVersion;
    this.release(scope, `${id}-base`, version, {
      releaseName: BASE, chart: 'base', namespace, values: baseValues(controlPlane),
    });
    this.istiod(scope, id, controlPlane);
    if (usesCni(controlPlane)) {
      const targetNamespace = cniNamespace(controlPlane);
      this.release(scope, `${id}-cni`, istioVersion, {
        releaseName: CNI,
        chart: 'cni',
        namespace: targetNamespace,
        createNamespace: targetNamespace !== namespace,
        values: cniValues(controlPlane),
      });
    }
  }

  _canary(scope: Construct, id: string, canary: ControlPlane): undefined {
    this.istiod(scope, id, canary);
  }

  _gateway(scope: Construct, id: string, gateway: Gateway): undefined {
    const { name, namespace, istioVersion } = gateway;
    this.release(scope, id, istioVersion, {
      releaseName: name, chart: 'gateway', namespace, values: gatewayValues(gateway),
    });
  }

  _commands(_cluster: InstalledCluster, tree: AppliedTree): Command[] {
    const releases = tree.input(Step.HELM).map(({ name, path, text }) => {
      const release = basename(name, '.yaml');
      const command = { line: commandOf(text, tree.placeholders.context, path), success: 'STATUS: deployed' };
      return { isOfControlPlane: isControlPlaneRelease(release), command };
    });
    const controlPlanes = releases.filter(({ isOfControlPlane }) => isOfControlPlane);
    const gateways = releases.filter(({ isOfControlPlane }) => !isOfControlPlane);
    return tree.withTags(controlPlanes.map(({ command }) => command), gateways.map(({ command }) => command));
  }

  private istiod(scope: Construct, id: string, controlPlane: ControlPlane): void {
    const { namespace, revision, istioVersion } = controlPlane;
    const values = istiodValues(controlPlane);
    this.release(scope, `${id}-istiod`, istioVersion, {
      releaseName: istiodName(revision), chart: 'istiod', namespace, values, wait: true,
    });
  }

  private release(
    scope: Construct, id: string, version: string | undefined, props: Omit<HelmReleaseProps, 'repository' | 'version'>,
  ): void {
    throwErrors(scope.node.path, [versionProblem(version)]);
    new HelmRelease(scope, id, { ...props, repository: this.repository, version: version! });
  }
}

/** For constructs without a mesh; in a mesh, a rule reports this earlier. */
function versionProblem(version: string | undefined): MaybeProblem {
  if (version === undefined) {
    return problem('istioVersion is missing, but Helm needs it as the version of Istio\'s charts',
      'write it as x.y.z, e.g. 1.31.0');
  }
  return /^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version) ? undefined
    : problem(`istioVersion '${version}' is not a valid version of Istio's charts`, 'write it as x.y.z, e.g. 1.31.0');
}

/** A message must not repeat credentials. */
function repositoryProblem(repository: string): MaybeProblem {
  if (/^\w+:\/\/[^/?#]*@/.test(repository)) {
    return problem('repository has credentials, which would be written into the output directory',
      'remove them, and log in to the repository instead, e.g. with helm registry login');
  }
  return /^(https?|oci):\/\/[^\s/?#]+[^\s?#]*$/.test(repository) ? undefined
    : problem(`repository '${repository}' is not a chart repository`,
      `write an https:// or oci:// URL, e.g. '${ISTIO_CHARTS}'`);
}
