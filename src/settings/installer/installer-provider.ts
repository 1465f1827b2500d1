import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AppliedTree } from './applied-tree';
import type { ControlPlane, Gateway, InstalledCluster } from './control-plane';
import type { Command } from '../../core/command';
import { Provider } from '../../core/provider';
import type { MaybeProblem, Violation } from '../../core/rule';
import type { Environment } from '../../istio/istiod-environment';
import { type Profiles, ISTIOCTL_PROFILES } from '../../istio/profiles';
import type { Canary } from '../control-plane-options';
import type { EastWestGatewayOptions } from '../east-west-gateway-options';

/** What an installer generates, and how that is applied. */
export interface InstallerOutput {
  /** Program that installs the control plane. */
  readonly appliedBy: 'istioctl' | 'helm' | 'kubectl';
  /** Flags of `kubectl apply` for the objects of the cluster. */
  readonly applyFlags: string;
  /** Whether the objects of the control plane contain the webhooks of istiod, which istiod itself updates. */
  readonly hasWebhooks: boolean;
  /** Kinds of objects from which an operator creates the control plane. */
  readonly operatorKinds: ReadonlyArray<{ readonly apiVersion: string; readonly kind: string }>;
}

/** Objects for kubectl, which nothing changes after they are applied. */
export const PLAIN_OBJECTS: InstallerOutput = {
  appliedBy: 'kubectl', applyFlags: '', hasWebhooks: false, operatorKinds: [],
};

/** The settings of a control plane, and what its cluster requires of it. */
export type ControlPlaneRequirements = Omit<ControlPlane, 'meshID' | 'clusterName' | 'network' | 'hasDefaultTag'> & {
  readonly canary?: Canary;
  /** Variables that istiod needs to read its peers. */
  readonly environment?: Environment;
};

/** What an installer does not support. */
export interface InstallerChecks {
  /** The profiles that it has. */
  readonly profiles: Profiles;
  /** Problems with a control plane and its canary. */
  readonly controlPlane: (requirements: ControlPlaneRequirements) => readonly MaybeProblem[];
  /** Settings that its API does not have, and that an API server would silently drop. */
  readonly unknownSettings: (requirements: ControlPlaneRequirements) => Violation[];
  /** Problems with an east-west gateway. */
  readonly gateway: (options: EastWestGatewayOptions) => readonly MaybeProblem[];
}

/** Supports everything. */
export const NO_CHECKS: InstallerChecks = {
  profiles: ISTIOCTL_PROFILES, controlPlane: () => [], unknownSettings: () => [], gateway: () => [],
};

/**
 * What each `Installer` provides.
 *
 * The methods that create constructs return the object that users patch, if there is one.
 *
 * @internal
 */
export abstract class InstallerProvider extends Provider {
  /** @internal */
  abstract get _output(): InstallerOutput;

  /** @internal */
  get _checks(): InstallerChecks {
    return NO_CHECKS;
  }

  /**
   * The revision label of istiod, for the revision that the user configures; empty for Istio's `default`.
   *
   * @internal
   */
  _effectiveRevision(configured: string, _istioVersion?: string): string {
    return configured;
  }

  /** @internal */
  abstract _controlPlane(scope: Construct, id: string, controlPlane: ControlPlane): ApiObject | undefined;

  /**
   * A second control plane, without what a cluster has only once.
   *
   * @internal
   */
  abstract _canary(scope: Construct, id: string, canary: ControlPlane): ApiObject | undefined;

  /** @internal */
  abstract _gateway(scope: Construct, id: string, gateway: Gateway): ApiObject | undefined;

  /**
   * A revision tag, if the installer has objects for them; otherwise a tag consists of webhooks and a Service.
   *
   * @param configuredRevision revision of the tag's control plane, as the user configures it
   * @internal
   */
  _revisionTag(_scope: Construct, _id: string, _tag: string, _configuredRevision: string): ApiObject | undefined {
    return undefined;
  }

  /**
   * Commands that install Istio, to be run between the steps for namespace and trust and the remaining steps.
   *
   * @internal
   */
  abstract _commands(cluster: InstalledCluster, tree: AppliedTree): Command[];
}

/**
 * The object that an installer created for a part of the installation.
 *
 * @throws when there is none
 */
export function installedObject(part: string, installer: InstallerProvider, object: ApiObject | undefined): ApiObject {
  if (!object) {
    throw new Error(`the installer '${installer._kind}' has no object for ${part}; change its settings instead`);
  }
  return object;
}
