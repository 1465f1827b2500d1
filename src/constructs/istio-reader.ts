import type { ApiObject } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { throwErrors } from '../core/mesh-error';
import { objectIn, Step } from '../core/step';
import { ISTIO_SYSTEM } from '../istio/names';
import { nameErrors } from '../rules/construct/construct-names';
import { type IstioReaderOptions, ReaderRole, TokenSlot } from '../settings/reader-options';

/**
 * Properties of an `IstioReader`.
 */
export interface IstioReaderProps extends IstioReaderOptions {
  /**
   * Namespace of the accounts: that of istiod.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Whether to create the accounts and their tokens; not needed if the peers use other credentials.
   *
   * @default true
   */
  readonly accounts?: boolean;
}

/**
 * The reader service accounts, with which the peers' istiods read this cluster.
 *
 * It creates a ClusterRole with the rules of Istio's own reader. If the peers use tokens, it also creates two
 * ServiceAccounts, each with a token Secret that Kubernetes fills. Their names differ from
 * `istio-reader-service-account`, which belongs to Istio's base chart. There are two, because only deleting an account
 * revokes its token: a new Secret for the same account gets the same token.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export class IstioReader extends Construct {
  /** Prefix of the names of the accounts and of the ClusterRole. */
  static readonly NAME = 'istio-mesh-reader';

  /** Name of an account, and of the Secret with its token: `istio-mesh-reader-blue` or `istio-mesh-reader-green`. */
  static accountName(slot: TokenSlot): string {
    return `${IstioReader.NAME}-${slot}`;
  }

  /** Namespace of the accounts. */
  readonly namespace: string;

  /** The account whose token the peers get. */
  readonly activeToken: TokenSlot;

  /** The ServiceAccounts. */
  readonly serviceAccounts: ApiObject[];

  /** The ClusterRole. */
  readonly clusterRole: ApiObject;

  /**
   * @throws when the namespace is not a valid name in Kubernetes
   */
  constructor(scope: Construct, id: string, props: IstioReaderProps = {}) {
    super(scope, id);
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    this.activeToken = props.activeToken ?? TokenSlot.BLUE;
    throwErrors(this.node.path, nameErrors({ namespace: this.namespace }));
    // A ClusterRole has no namespace, and two control planes in a cluster must not share it.
    const roleName = `${IstioReader.NAME}-${this.namespace}`;
    const slots = props.accounts ?? true ? Object.values(TokenSlot) : [];

    // Accounts come before their token Secrets: Kubernetes deletes a token Secret if its account does not exist.
    this.serviceAccounts = slots.map(slot => objectIn<k8s.KubeServiceAccountProps>(
      Step.NAMESPACE, this, `Account-${slot}`, readerAccount(slot, this.namespace)));
    this.clusterRole = objectIn<k8s.KubeClusterRoleProps>(Step.NAMESPACE, this, 'Resource', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: roleName },
      rules: props.role === ReaderRole.MINIMAL ? RULES.map(withoutSecrets) : RULES,
    });
    if (slots.length > 0) {
      objectIn<k8s.KubeClusterRoleBindingProps>(Step.NAMESPACE, this, 'ClusterRoleBinding', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: roleName },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
        subjects: slots.map(slot =>
          ({ kind: 'ServiceAccount', name: IstioReader.accountName(slot), namespace: this.namespace })),
      });
    }
    slots.forEach(slot => objectIn<k8s.KubeSecretProps>(
      Step.NAMESPACE, this, `Token-${slot}`, tokenSecret(slot, this.namespace)));
  }
}

/** A reader service account. */
export function readerAccount(slot: TokenSlot, namespace: string) {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: IstioReader.accountName(slot), namespace } };
}

/** The Secret that Kubernetes fills with the token of an account. */
export function tokenSecret(slot: TokenSlot, namespace: string) {
  const name = IstioReader.accountName(slot);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  };
}

const READ = ['get', 'list', 'watch'];

/** The rules of Istio's own reader in its chart; a test compares them. */
const RULES: k8s.PolicyRule[] = [
  {
    apiGroups: [
      'config.istio.io', 'security.istio.io', 'networking.istio.io', 'authentication.istio.io', 'rbac.istio.io',
      'telemetry.istio.io', 'extensions.istio.io',
    ],
    resources: ['*'],
    verbs: READ,
  },
  {
    apiGroups: [''],
    resources: [
      'endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'secrets', 'configmaps',
    ],
    verbs: READ,
  },
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
