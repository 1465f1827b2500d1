import type { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { IstioReader } from './istio-reader';
import { ruleErrors } from '../core/evaluate';
import { throwErrors } from '../core/mesh-error';
import { objectIn, Step } from '../core/step';
import { certificateAuthorityData } from '../istio/kubeconfig';
import { ISTIO_SYSTEM } from '../istio/names';
import { API_SERVER_RULES, TEMPLATE_RULES } from '../rules/construct/api-server-rules';
import { nameErrors } from '../rules/construct/construct-names';
import type { ApiServerProps } from '../settings/api-server-props';
import { TokenSlot } from '../settings/reader-options';
import {
  type ExternalSecretsOptions, keyOf, kubeconfigTemplate, storeProblems, storeRef,
} from '../settings/remote-credentials/external-secrets-options';

/**
 * Properties of a `PushedKubeconfig`.
 */
export interface PushedKubeconfigProps extends ApiServerProps, ExternalSecretsOptions {
  /**
   * Name of the mesh, which is part of the key in the store.
   */
  readonly meshID: string;

  /**
   * Name of this cluster in the mesh.
   */
  readonly clusterName: string;

  /**
   * URL of this cluster's API server as the peers reach it. Kubeconfig field: `clusters[].cluster.server`.
   */
  readonly apiServer: string;

  /**
   * Which of the two tokens of the `IstioReader` the kubeconfig contains.
   *
   * @default TokenSlot.BLUE
   */
  readonly activeToken?: TokenSlot;

  /**
   * Namespace of the `IstioReader`: that of istiod.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The source side of links through External Secrets: pushes the kubeconfig for the peers to a store.
 *
 * External Secrets creates the kubeconfig in this cluster, from a token of its `IstioReader`.
 *
 * @see https://external-secrets.io/latest/api/pushsecret/
 */
export class PushedKubeconfig extends Construct {
  /** Key in the store that holds the kubeconfig. */
  readonly remoteKey: string;

  /** The PushSecret. */
  readonly pushSecret: ApiObject;

  /**
   * @throws when istiod would reject the kubeconfig, or External Secrets would reject the object
   */
  constructor(scope: Construct, id: string, props: PushedKubeconfigProps) {
    super(scope, id);
    const { namespace = ISTIO_SYSTEM, activeToken = TokenSlot.BLUE, refreshInterval = '1h' } = props;
    throwErrors(this.node.path, [
      ...nameErrors({ meshID: props.meshID, clusterName: props.clusterName, namespace }),
      ...ruleErrors([...API_SERVER_RULES, ...TEMPLATE_RULES], props),
      ...storeProblems(props),
    ]);
    this.remoteKey = keyOf(props, props.meshID, props.clusterName);

    // In the step of the links, so that no control plane waits for External Secrets if that is not installed yet.
    this.pushSecret = objectIn<ApiObjectProps>(Step.REMOTE_SECRETS, this, 'Resource', {
      apiVersion: 'external-secrets.io/v1alpha1',
      kind: 'PushSecret',
      metadata: { name: IstioReader.NAME, namespace },
      spec: {
        refreshInterval,
        updatePolicy: 'Replace',
        deletionPolicy: 'Delete', // of a cluster that leaves the mesh
        secretStoreRefs: [storeRef(props.secretStoreRef)],
        selector: { secret: { name: IstioReader.accountName(activeToken) } },
        template: {
          data: {
            [KUBECONFIG]: kubeconfigTemplate({
              clusterName: props.clusterName,
              server: props.apiServer,
              certificateAuthorityData: props.caData === undefined ? undefined : certificateAuthorityData(props.caData),
              tlsServerName: props.tlsServerName,
              proxyUrl: props.proxyUrl,
            }),
          },
        },
        data: [{
          match: {
            secretKey: KUBECONFIG,
            remoteRef: { remoteKey: this.remoteKey, ...props.property && { property: props.property } },
          },
        }],
      },
    });
  }
}

/** The key that the template adds to the data of the token Secret. */
const KUBECONFIG = 'kubeconfig';
