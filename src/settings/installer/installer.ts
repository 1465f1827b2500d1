import { ExternalInstaller } from './external-installer';
import type { HelmOptions } from './helm-installer';
import { HelmInstaller } from './helm-installer';
import { InstallerProvider } from './installer-provider';
import { IstioctlInstaller } from './istioctl-installer';
import type { RenderedOptions } from './rendered-installer';
import { RenderedInstaller } from './rendered-installer';
import { SailInstaller } from './sail-installer';
import type { SailOptions } from './sail-options';

/**
 * Who installs the control plane and the east-west gateway.
 */
export abstract class Installer extends InstallerProvider {
  /**
   * `istioctl install`, from one IstioOperator file for each control plane and one for the gateway, under `istioctl/`.
   *
   * @see https://istio.io/latest/docs/setup/install/istioctl/
   */
  static istioctl(): Installer {
    return new IstioctlInstaller();
  }

  /**
   * Helm, with Istio's own charts: a file of values for each release, under `helm/`, which begins with the command that installs it.
   *
   * @see https://istio.io/latest/docs/setup/install/helm/
   */
  static helm(options: HelmOptions = {}): Installer {
    return new HelmInstaller(options);
  }

  /**
   * kubectl or a GitOps tool, from plain objects: `istioctl manifest generate` runs at synth, for each of the same IstioOperators.
   *
   * CRDs go to the step `20-crds`, the rest of a control plane to `30-control-plane`, and the gateway to `40-east-west-gateway`. It takes an
   * istioctl of exactly the control plane's version, and a `MeshApp`.
   *
   * @see https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-manifest-generate
   */
  static rendered(options?: RenderedOptions): Installer {
    return new RenderedInstaller(options);
  }

  /**
   * The Sail operator, which is in the cluster already, from objects of its API; the gateway as plain objects.
   *
   * @see https://github.com/istio-ecosystem/sail-operator
   */
  static sail(options?: SailOptions): Installer {
    return new SailInstaller(options);
  }

  /**
   * Somebody else installs istiod: this library brings the namespace's label, the gateway as plain objects, the links and the checks.
   *
   * Of Istio's settings it takes what the checks must know and istiod has already: `values.global.proxy.clusterDomain`, `values.pilot.env`,
   * `meshConfig.trustDomain` and `meshConfig.trustDomainAliases`.
   */
  static external(): Installer {
    return new ExternalInstaller();
  }
}
