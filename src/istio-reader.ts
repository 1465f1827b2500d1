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
 * What a reader account may read.
 */
export enum ReaderRole {
  /** What the reader of Istio's own chart may: Secrets too. */
  FULL = 'full',
  /** The same without Secrets, which istiod needs only where it serves gateways of another cluster. */
  MINIMAL = 'minimal',
}

/**
 * Settings of the account that the peers' istiods read a cluster with.
 */
export interface IstioReaderOptions {
  /**
   * Which of the two tokens the peers get. Both Secrets are always there, so that the other can be given out before this one is retired.
   *
   * @default TokenSlot.BLUE
   */
  readonly activeToken?: TokenSlot;

  /**
   * What the account may read. Clusters that are linked have the same.
   *
   * Without Secrets, the istiods that read the cluster are told to leave them alone, by `PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER`, which
   * Istio has from 1.31 on. Only istiods that serve gateways of another cluster need its Secrets.
   *
   * @default ReaderRole.FULL
   * @see https://github.com/istio/istio/issues/59845
   */
  readonly role?: ReaderRole;
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

  /**
   * Whether there are token Secrets: not where the peers have other credentials than a token of the account.
   *
   * @default true
   */
  readonly tokenSecrets?: boolean;
}

/**
 * The source side of a link: the account that the peers' istiods read this cluster with.
 *
 * A ServiceAccount with a name of its own (`istio-reader-service-account` belongs to Istio's base chart), the ClusterRole that Istio's
 * own reader has, its binding, and two token Secrets that Kubernetes fills, where tokens are used.
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

  /** Which of the two tokens the peers get. */
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
      rules: props.role === ReaderRole.MINIMAL ? RULES.map(withoutSecrets) : RULES,
    });
    objectIn<k8s.KubeClusterRoleBindingProps>(Step.NAMESPACE, this, 'ClusterRoleBinding', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: roleName },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
      subjects: [{ kind: 'ServiceAccount', name: IstioReader.NAME, namespace: this.namespace }],
    });
    for (const slot of props.tokenSecrets ?? true ? Object.values(TokenSlot) : []) {
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

function withoutSecrets(rule: k8s.PolicyRule): k8s.PolicyRule {
  return { ...rule, resources: rule.resources!.filter(resource => resource !== 'secrets') };
}
