import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { manifestOnce } from './shared-props';
import type { Diagnostic } from '../core/diagnostic';
import { ruleError, ruleErrors } from '../core/evaluate';
import { throwErrors } from '../core/mesh-error';
import { problemThrown } from '../core/rule';
import { objectIn, Step } from '../core/step';
import { certificateAuthorityData, kubeconfig } from '../istio/kubeconfig';
import { ISTIO_SYSTEM } from '../istio/names';
import { remoteSecretMetadata } from '../istio/remote-secret-metadata';
import {
  API_SERVER_RULES, CA_RULE, CREDENTIAL_SETTINGS_RULES, CREDENTIALS_RULES,
} from '../rules/construct/api-server-rules';
import { nameErrors } from '../rules/construct/construct-names';
import type { ApiServerProps } from '../settings/api-server-props';
import { type TreeDelivery, caFile } from '../settings/remote-credentials/credential-delivery';
import type { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import { exists, readText } from '../util/host/files';

/**
 * Properties of a `RemoteSecret`.
 */
export interface RemoteSecretProps extends ApiServerProps {
  /**
   * Name of the remote cluster: the data key of the Secret, from which istiod takes the cluster's name.
   */
  readonly clusterName: string;

  /**
   * URL of that cluster's API server as this cluster's istiod reaches it. Kubeconfig field:
   * `clusters[].cluster.server`.
   */
  readonly apiServer: string;

  /**
   * How istiod authenticates at the API server.
   */
  readonly credentials: RemoteCredentials;

  /**
   * Namespace of the Secret: that of istiod, which only reads Secrets there.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The remote secret with which this cluster's istiod reads the API server of another cluster.
 *
 * The object equals the output of `istioctl create-remote-secret`.
 *
 * @see https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
 */
export class RemoteSecret extends Construct {
  /** Name of the remote cluster. */
  readonly clusterName: string;

  /** The Secret. */
  readonly secret: ApiObject;

  /**
   * @throws when istiod would reject the kubeconfig, or a referenced secret cannot be read
   */
  constructor(scope: Construct, id: string, props: RemoteSecretProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.secret = objectIn<k8s.KubeSecretProps>(Step.REMOTE_SECRETS, this, 'Resource', manifestOnce(props, () => {
      throwErrors(this.node.path, remoteSecretErrors(props));
      return secretManifest(props);
    }));
  }
}

type SecretManifest = k8s.KubeSecretProps & ApiObjectProps;

function secretManifest(props: RemoteSecretProps): SecretManifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: remoteSecretMetadata(props.clusterName, props.namespace ?? ISTIO_SYSTEM),
    stringData: {
      [props.clusterName]: kubeconfig({
        clusterName: props.clusterName,
        server: props.apiServer,
        certificateAuthorityData: authority(props),
        tlsServerName: props.tlsServerName,
        proxyUrl: props.proxyUrl,
        user: (props.credentials._delivery as TreeDelivery).readUser(), // others are rejected by CREDENTIALS_RULES
      }),
    },
  };
}

/** The CA that the user sets, or else the one next to the token. */
function authority({ caData, credentials }: RemoteSecretProps): string | undefined {
  if (caData !== undefined) {
    return certificateAuthorityData(caData);
  }
  const file = credentials && caFile(credentials);
  return file && exists(file) ? certificateAuthorityData(readText(file)) : undefined;
}

/** Settings that istiod would reject, and secrets that cannot be read. */
function remoteSecretErrors(props: RemoteSecretProps): Diagnostic[] {
  const { clusterName, namespace = ISTIO_SYSTEM, caData, credentials } = props;
  const ofFile = caData === undefined ? problemThrown(() => authority(props)) : undefined;
  return [
    ...nameErrors({ clusterName, namespace }),
    ...ruleErrors(API_SERVER_RULES, props),
    ...ofFile ? [ruleError(CA_RULE, ofFile)] : [],
    ...credentials ? ruleErrors(CREDENTIAL_SETTINGS_RULES, credentials) : [],
    ...ruleErrors(CREDENTIALS_RULES, credentials),
  ];
}
