import { ApiObject } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { dnsLabelProblem, ISTIO_SYSTEM } from './names';
import { refuse } from './problems';
import { objectIn, Step } from './step';

/**
 * One of the two token Secrets of a reader account.
 */
export enum TokenSlot {
  /** The Secret whose name ends in `-blue`. */
  BLUE = 'blue',
  /** The Secret whose name ends in `-green`. */
  GREEN = 'green',
}

/**
 * Settings of the account that the peers' istiods read a cluster with.
 */
export interface IstioReaderOptions {
  /**
   * Which of the two tokens the commands that make links take. Both Secrets are always there, so that the other can be given out before this
   * one is retired.
   *
   * @default TokenSlot.BLUE
   */
  readonly activeToken?: TokenSlot;
}

/**
 * Properties of an `IstioReader`.
 */
export interface IstioReaderProps extends IstioReaderOptions {
  /**
   * Namespace of the account: istiod's own.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The source side of a link: the account that the peers' istiods read this cluster with.
 *
 * A ServiceAccount with a name of its own (`istio-reader-service-account` belongs to Istio's base chart), the ClusterRole that Istio's
 * own reader has, its binding, and two token Secrets that Kubernetes fills.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export class IstioReader extends Construct {
  /** Name of the ServiceAccount. */
  static readonly NAME = 'istio-mesh-reader';

  /** Name of the Secret that holds a token: `istio-mesh-reader-blue` or `istio-mesh-reader-green`. */
  static tokenSecretName(slot: TokenSlot): string {
    return `${IstioReader.NAME}-${slot}`;
  }

  /** Namespace of the account. */
  readonly namespace: string;

  /** Which of the two tokens the commands that make links take. */
  readonly activeToken: TokenSlot;

  /** The ServiceAccount. */
  readonly serviceAccount: ApiObject;

  /** The ClusterRole. */
  readonly clusterRole: ApiObject;

  /**
   * @throws when the namespace is not one that Kubernetes takes
   */
  constructor(scope: Construct, id: string, props: IstioReaderProps = {}) {
    super(scope, id);
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    this.activeToken = props.activeToken ?? TokenSlot.BLUE;
    refuse(this.node.path, [dnsLabelProblem('namespace', this.namespace)]);
    const roleName = `${IstioReader.NAME}-${this.namespace}`; // cluster-wide, so that two control planes of a cluster do not share it

    // The account stands before its token Secrets: Kubernetes deletes a token Secret whose account is not there.
    this.serviceAccount = objectIn<k8s.KubeServiceAccountProps>(Step.NAMESPACE, this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: IstioReader.NAME, namespace: this.namespace },
    });
    this.clusterRole = objectIn<k8s.KubeClusterRoleProps>(Step.NAMESPACE, this, 'ClusterRole', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: roleName },
      rules: RULES,
    });
    objectIn<k8s.KubeClusterRoleBindingProps>(Step.NAMESPACE, this, 'ClusterRoleBinding', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: roleName },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
      subjects: [{ kind: 'ServiceAccount', name: IstioReader.NAME, namespace: this.namespace }],
    });
    for (const slot of Object.values(TokenSlot)) {
      objectIn<k8s.KubeSecretProps>(Step.NAMESPACE, this, `Token-${slot}`, tokenSecret(slot, this.namespace));
    }
  }
}

/** A Secret that Kubernetes fills with a token of the account. */
export function tokenSecret(slot: TokenSlot, namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: IstioReader.tokenSecretName(slot), namespace, annotations: { 'kubernetes.io/service-account.name': IstioReader.NAME } },
    type: 'kubernetes.io/service-account-token',
  };
}

const READ = ['get', 'list', 'watch'];

/** What Istio's own chart gives its reader; a test compares them. */
const RULES: k8s.PolicyRule[] = [
  { apiGroups: ['config.istio.io', 'security.istio.io', 'networking.istio.io', 'authentication.istio.io', 'rbac.istio.io', 'telemetry.istio.io', 'extensions.istio.io'], resources: ['*'], verbs: READ },
  { apiGroups: [''], resources: ['endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'secrets', 'configmaps'], verbs: READ },
  { apiGroups: ['networking.x-k8s.io', 'gateway.networking.k8s.io'], resources: ['gateways'], verbs: READ },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['multicluster.x-k8s.io'], resources: ['serviceexports'], verbs: [...READ, 'create', 'delete'] },
  { apiGroups: ['multicluster.x-k8s.io'], resources: ['serviceimports'], verbs: READ },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: READ },
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];
