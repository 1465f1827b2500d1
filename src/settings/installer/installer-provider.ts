import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import type { Command } from '../../core/command';
import { Provider } from '../../core/provider';
import type { Finding } from '../../core/rule';
import type { Environment } from '../../istio/istiod-environment';
import type { Profiles } from '../../istio/profiles';
import { ISTIOCTL_PROFILES } from '../../istio/profiles';
import type { Canary } from '../control-plane-options';
import type { EastWestGatewayOptions } from '../east-west-gateway-options';

/** What the user asks of a control plane, and of one beside it. */
export type AskedControlPlane = Omit<ControlPlane, 'meshID' | 'clusterName' | 'network'> & {
  readonly canary?: Canary;
  /** Variables that istiod must have to read its peers. */
  readonly environment?: Environment;
};

/**
 * What each member of `Installer` does; what most of them have in common is said here.
 *
 * Each makes its constructs below the given scope, and gives the object that a user would patch, where there is one.
 *
 * @internal
 */
export abstract class InstallerProvider extends Provider {
  /** @internal */
  abstract _controlPlane(scope: Construct, id: string, plane: ControlPlane): ApiObject | undefined;

  /**
   * A second control plane, which leaves alone what a cluster has once.
   *
   * @internal
   */
  abstract _canary(scope: Construct, id: string, plane: ControlPlane): ApiObject | undefined;

  /** @internal */
  abstract _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject | undefined;

  /**
   * A revision tag, where it is an object of the installer's own; else it is made of webhooks.
   *
   * @param plane name of the control plane that it leads to, as the user said its revision
   * @internal
   */
  _tag(_scope: Construct, _id: string, _tag: string, _plane: string): ApiObject | undefined {
    return undefined;
  }

  /**
   * The revision that istiod has, of the one that the user said; what gateways and namespaces are labelled with.
   *
   * @internal
   */
  _revision(revision: string, _istioVersion?: string): string {
    return revision;
  }

  /**
   * What it cannot do with a control plane, sentence by sentence.
   *
   * @internal
   */
  _problems(_plane: AskedControlPlane): string[] {
    return [];
  }

  /**
   * Changes a control plane that has the revision tag `default` beside it, whose objects are not the installer's.
   *
   * @internal
   */
  _besideDefaultTag(_primary: Construct): void {}

  /**
   * What it cannot do with a gateway, sentence by sentence.
   *
   * @internal
   */
  _gatewayProblems(_gateway: EastWestGatewayOptions): string[] {
    return [];
  }

  /**
   * Settings that its API does not have, and that nobody would tell of.
   *
   * @internal
   */
  _unknownSettings(_plane: AskedControlPlane): Finding[] {
    return [];
  }

  /**
   * The profiles that it has.
   *
   * @internal
   */
  get _profiles(): Profiles {
    return ISTIOCTL_PROFILES;
  }

  /**
   * What is run when namespace and signing authority are there, before the whole directory is applied.
   *
   * @internal
   */
  abstract _commands(cluster: InstalledCluster, tree: AppliedTree): Command[];

  /**
   * With what flags kubectl applies its objects.
   *
   * @internal
   */
  get _applyFlags(): string {
    return '';
  }
}

/** The object that a user would patch. */
export function objectOf(what: string, name: string, installer: InstallerProvider, object: ApiObject | undefined): ApiObject {
  if (!object) {
    throw new Error(`the ${what} of '${name}' is installed by '${installer._kind}', which has no object for it; say it in the settings instead`);
  }
  return object;
}
