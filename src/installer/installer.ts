import { HelmInstaller, HelmOptions } from './helm-installer';
import { InstallerMember } from './installer-member';
import { IstioctlInstaller } from './istioctl-installer';

/**
 * Who installs the control plane and the east-west gateway.
 */
export abstract class Installer extends InstallerMember {
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
}
