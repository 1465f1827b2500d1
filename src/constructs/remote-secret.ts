import { existsSync, readFileSync } from 'fs';
import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { manifestOnce } from './shared-props';
import { refuse, thrown } from '../core/problems';
import { coded, sentences } from '../core/rule';
import { objectIn, Step } from '../core/step';
import { certificateAuthorityData, kubeconfig } from '../istio/kubeconfig';
import { ISTIO_SYSTEM } from '../istio/names';
import { remoteSecretMetadata } from '../istio/remote-secret-metadata';
import { API_SERVER_RULES, CA_RULE, CREDENTIAL_SETTINGS_RULES, CREDENTIALS_RULES } from '../rules/construct/api-server-rules';
import { nameMessages } from '../rules/construct/construct-names';
import type { ApiServerProps } from '../settings/api-server-props';
import type { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';

/**
 * Properties of a `RemoteSecret`.
 */
export interface RemoteSecretProps extends ApiServerProps {
  /**
   * Name of the cluster that the Secret leads to: the data key, from which alone istiod takes the cluster's name.
   */
  readonly clusterName: string;

  /**
   * URL of that cluster's API server as this cluster's istiod reaches it. Kubeconfig field: `clusters[].cluster.server`.
   */
  readonly apiServer: string;

  /**
   * How istiod authenticates there.
   */
  readonly credentials: RemoteCredentials;

  /**
   * Namespace of the Secret: istiod's own, since istiod looks nowhere else.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;
}

/**
 * The peer side of a link: the Secret with which this cluster's istiod reads the API server of another cluster.
 *
 * The object is that of `istioctl create-remote-secret`.
 *
 * @see https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
 */
export class RemoteSecret extends Construct {
  /** Name of the cluster that the Secret leads to. */
  readonly clusterName: string;

  /** The Secret. */
  readonly secret: ApiObject;

  /**
   * @throws when istiod would refuse the kubeconfig, or a referenced secret cannot be read
   */
  constructor(scope: Construct, id: string, props: RemoteSecretProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.secret = objectIn<k8s.KubeSecretProps>(Step.REMOTE_SECRETS, this, 'Resource', manifestOnce(props, () => {
      refuse(this.node.path, remoteSecretProblems(props));
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
        user: props.credentials._user()!,
      }),
    },
  };
}

/** The authority that is given, or the one beside the token. */
function authority({ caData, credentials }: RemoteSecretProps): string | undefined {
  if (caData !== undefined) {
    return certificateAuthorityData(caData);
  }
  const file = credentials?._caFile();
  return file && existsSync(file) ? certificateAuthorityData(readFileSync(file, 'utf-8')) : undefined;
}

/** What istiod would refuse of a remote Secret, and what cannot be read. */
function remoteSecretProblems(props: RemoteSecretProps): string[] {
  const { clusterName, namespace = ISTIO_SYSTEM, caData, credentials } = props;
  const ofFile = caData === undefined ? thrown(() => authority(props)) : undefined;
  return [
    ...nameMessages({ clusterName, namespace }),
    ...sentences(API_SERVER_RULES, props),
    ...ofFile === undefined ? [] : [coded(ofFile, CA_RULE)],
    ...credentials ? sentences(CREDENTIAL_SETTINGS_RULES, credentials) : [],
    ...sentences(CREDENTIALS_RULES, credentials),
  ];
}
