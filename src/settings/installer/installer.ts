import { ExternalInstaller } from './external-installer';
import { type HelmOptions, HelmInstaller } from './helm-installer';
import { InstallerProvider } from './installer-provider';
import { type IstioctlOptions, IstioctlInstaller } from './istioctl-installer';
import { type RenderedOptions, RenderedInstaller } from './rendered-installer';
import { SailInstaller } from './sail-installer';
import type { SailOptions } from './sail-options';

/**
 * How the control plane and the east-west gateway are installed.
 */
export abstract class Installer extends InstallerProvider {
  /**
   * `istioctl install`, with an IstioOperator file in `istioctl/` for each control plane and for the gateway.
   *
   * @see https://istio.io/latest/docs/setup/install/istioctl/
   */
  static istioctl(options?: IstioctlOptions): Installer {
    return new IstioctlInstaller(options);
  }

  /**
   * Helm, with Istio's charts: a values file in `helm/` for each release, whose first line is the command that installs
   * it.
   *
   * @see https://istio.io/latest/docs/setup/install/helm/
   */
  static helm(options: HelmOptions = {}): Installer {
    return new HelmInstaller(options);
  }

  /**
   * Plain objects for kubectl or a GitOps tool: synth runs `istioctl manifest generate` for the same IstioOperators.
   *
   * CRDs go to the step `20-crds`, the rest of a control plane to `30-control-plane`, and the gateway to
   * `40-east-west-gateway`. Synth needs a `MeshApp`, and an istioctl with exactly the version of the control plane.
   *
   * @see https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-manifest-generate
   */
  static rendered(options?: RenderedOptions): Installer {
    return new RenderedInstaller(options);
  }

  /**
   * Objects for the Sail operator, which must run in the cluster already, and plain objects for the gateway.
   *
   * @see https://github.com/istio-ecosystem/sail-operator
   */
  static sail(options?: SailOptions): Installer {
    return new SailInstaller(options);
  }

  /**
   * An istiod that is installed outside this library, and plain objects for the gateway.
   *
   * Of Istio's settings, only those that describe the existing istiod are supported:
   * `values.global.proxy.clusterDomain`, `values.pilot.env`, `meshConfig.trustDomain` and
   * `meshConfig.trustDomainAliases`.
   */
  static external(): Installer {
    return new ExternalInstaller();
  }
}
