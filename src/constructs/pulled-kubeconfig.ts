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
   * Name of the mesh, which is part of the key in the store.
   */
  readonly meshID: string;

  /**
   * Name of the remote cluster: the data key of the Secret, which is the only name that istiod uses.
   */
  readonly clusterName: string;

  /**
   * Namespace of the Secret: that of istiod, which only reads Secrets there.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The receiving side of a link through External Secrets: creates the remote secret from the kubeconfig of a peer.
 *
 * There is one for each peer, so that a peer that has not pushed its kubeconfig yet does not affect the others.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export class PulledKubeconfig extends Construct {
  /** Name of the remote cluster. */
  readonly clusterName: string;

  /** The ExternalSecret. */
  readonly externalSecret: ApiObject;

  /**
   * @throws when External Secrets would reject the object
   */
  constructor(scope: Construct, id: string, props: PulledKubeconfigProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    const manifest = manifestOnce(props, () => {
      throwErrors(this.node.path, pulledProblems(props));
      return externalSecret(props);
    });
    this.externalSecret = objectIn<ApiObjectProps>(Step.REMOTE_SECRETS, this, 'Resource', manifest);
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
      // Without metadata, the Secret would get the labels of this object, e.g. those by which a GitOps tool finds the
      // objects that it owns.
      target: { name, template: { metadata: { labels, annotations } } },
      data: [{
        secretKey: clusterName, remoteRef: { key: keyOf(props, meshID, clusterName), ...property && { property } },
      }],
    },
  };
}
