import { existsSync, readFileSync } from 'fs';
import { ApiObject, ApiObjectProps } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { dnsLabelProblem, ISTIO_SYSTEM } from './names';
import { refuse, thrown } from './problems';
import { apiServerProblem, certificateAuthorityData, kubeconfig, proxyUrlProblem } from './remote-credentials/kubeconfig';
import { RemoteCredentials } from './remote-credentials/remote-credentials';
import { objectIn, Step } from './step';

/**
 * How to reach an API server, beside its URL.
 */
export interface ApiServerProps {
  /**
   * Certificate authority of the API server, as PEM text or its base64. Kubeconfig field: `clusters[].cluster.certificate-authority-data`.
   *
   * @default - the file `ca.crt` beside the token where the token is read from a file, else the public authorities that istiod trusts
   */
  readonly caData?: string;

  /**
   * Name to expect in the API server's certificate. Kubeconfig field: `clusters[].cluster.tls-server-name`.
   *
   * @default - the host of the URL
   */
  readonly tlsServerName?: string;

  /**
   * Proxy on the way to the API server. Kubeconfig field: `clusters[].cluster.proxy-url`.
   *
   * @default - no proxy
   */
  readonly proxyUrl?: string;
}

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
    this.secret = objectIn<k8s.KubeSecretProps>(Step.REMOTE_SECRETS, this, 'Resource', SHARED.get(props)?.manifest(this) ?? checkedManifest(this, props));
  }
}

type SecretManifest = k8s.KubeSecretProps & ApiObjectProps;

/** Props that nobody changes, each with the manifest that is made of them once. */
const SHARED = new WeakMap<RemoteSecretProps, { manifest(secret: RemoteSecret): SecretManifest }>();

/** The same props for many clusters: a cluster has the same Secret in each of its peers. */
export function sharedRemoteSecretProps(props: RemoteSecretProps): RemoteSecretProps {
  let made: SecretManifest | undefined;
  SHARED.set(props, { manifest: secret => made ??= checkedManifest(secret, props) });
  return props;
}

function checkedManifest(secret: RemoteSecret, props: RemoteSecretProps): SecretManifest {
  refuse(secret.node.path, remoteSecretProblems(props));
  return secretManifest(props);
}

function secretManifest(props: RemoteSecretProps): SecretManifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `istio-remote-secret-${props.clusterName}`,
      namespace: props.namespace ?? ISTIO_SYSTEM,
      labels: { 'istio/multiCluster': 'true' },
      annotations: { 'networking.istio.io/cluster': props.clusterName },
    },
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
export function remoteSecretProblems(props: RemoteSecretProps): Array<string | undefined> {
  return [
    dnsLabelProblem('clusterName', props.clusterName),
    props.namespace === undefined ? undefined : dnsLabelProblem('namespace', props.namespace),
    apiServerProblem(props.apiServer),
    props.proxyUrl === undefined ? undefined : proxyUrlProblem(props.proxyUrl),
    thrown(() => authority(props)),
    credentialsProblem(props.credentials),
  ];
}

/** What istiod would refuse of the credentials, and what cannot be read. */
export function credentialsProblem(credentials: RemoteCredentials | undefined): string | undefined {
  if (!credentials) {
    return 'credentials are missing; give e.g. RemoteCredentials.plainToken(SecretValue.env(\'ISTIO_TOKEN\'))';
  }
  let user;
  const problem = thrown(() => user = credentials._user());
  return problem ?? (user ? undefined : 'credentials \'linked\' travel outside the tree, so that there is no Secret to make; give plainToken, authProvider or clientCertificate');
}
