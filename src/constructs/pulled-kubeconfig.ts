import type { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { manifestOnce } from './shared-props';
import type { Diagnostic } from '../core/diagnostic';
import { throwErrors } from '../core/mesh-error';
import type { MaybeProblem } from '../core/rule';
import { objectIn, Step } from '../core/step';
import { ISTIO_SYSTEM } from '../istio/names';
import { remoteSecretMetadata } from '../istio/remote-secret-metadata';
import { nameErrors } from '../rules/construct/construct-names';
import {
  type ExternalSecretsOptions, keyOf, storeProblems, storeRef,
} from '../settings/remote-credentials/external-secrets-options';

/**
 * Properties of a `PulledKubeconfig`.
 */
export interface PulledKubeconfigProps extends ExternalSecretsOptions {
  /**
   * Name of the mesh, a part of the key in the store.
   */
  readonly meshID: string;

  /**
   * Name of the cluster that the Secret leads to: the data key, from which alone istiod takes the cluster's name.
   */
  readonly clusterName: string;

  /**
   * Namespace of the Secret: istiod's own, since istiod looks nowhere else.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The peer side of a link through External Secrets: what makes the remote Secret of another cluster, of the kubeconfig that this one pushed.
 *
 * One for each peer, so that a cluster that has pushed nothing yet keeps no other from being read.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export class PulledKubeconfig extends Construct {
  /** Name of the cluster that the Secret leads to. */
  readonly clusterName: string;

  /** The ExternalSecret. */
  readonly externalSecret: ApiObject;

  /**
   * @throws when External Secrets would refuse the object
   */
  constructor(scope: Construct, id: string, props: PulledKubeconfigProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.externalSecret = objectIn<ApiObjectProps>(Step.REMOTE_SECRETS, this, 'Resource', manifestOnce(props, () => {
      throwErrors(this.node.path, pulledProblems(props));
      return externalSecret(props);
    }));
  }
}

function pulledProblems(props: PulledKubeconfigProps): Array<Diagnostic | MaybeProblem> {
  return [
    ...nameErrors({ meshID: props.meshID, clusterName: props.clusterName, namespace: props.namespace ?? ISTIO_SYSTEM }),
    ...storeProblems(props),
  ];
}

function externalSecret(props: PulledKubeconfigProps): ApiObjectProps {
  const { meshID, clusterName, secretStoreRef, property, refreshInterval = '1h' } = props;
  const { name, namespace, labels, annotations } = remoteSecretMetadata(clusterName, props.namespace ?? ISTIO_SYSTEM);
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace },
    spec: {
      refreshInterval,
      secretStoreRef: storeRef(secretStoreRef),
      // Metadata alone: without it the Secret would have the labels of this object, e.g. those by which a GitOps tool knows what is its own.
      target: { name, template: { metadata: { labels, annotations } } },
      data: [{ secretKey: clusterName, remoteRef: { key: keyOf(props, meshID, clusterName), ...property && { property } } }],
    },
  };
}
