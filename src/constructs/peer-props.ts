import type { PulledKubeconfigProps } from './pulled-kubeconfig';
import type { RemoteSecretProps } from './remote-secret';
import { sharedProps } from './shared-props';
import type { ClusterModel } from '../definition/mesh-model';
import type { ExternalSecretsOptions } from '../settings/remote-credentials/external-secrets-options';

/**
 * Props of the constructs that lead to a peer: the same object in every cluster that reaches the peer alike, so that
 * its manifest is created once.
 */
export class PeerProps {
  private readonly remoteSecrets = new Map<string, RemoteSecretProps>();
  private readonly pulledKubeconfigs = new Map<string, PulledKubeconfigProps>();

  constructor(private readonly meshID: string) {}

  remoteSecret(peer: ClusterModel, namespace: string): RemoteSecretProps {
    return once(this.remoteSecrets, `${namespace}/${peer.name}`, () => ({
      ...peer.apiServerProps,
      clusterName: peer.name,
      apiServer: peer.apiServer!,
      credentials: peer.remoteCredentials,
      namespace,
    }));
  }

  pulledKubeconfig(peer: ClusterModel, options: ExternalSecretsOptions, namespace: string): PulledKubeconfigProps {
    return once(this.pulledKubeconfigs, `${namespace}/${peer.name}`, () => ({
      ...options, meshID: this.meshID, clusterName: peer.name, namespace,
    }));
  }
}

function once<Props extends object>(known: Map<string, Props>, key: string, create: () => Props): Props {
  const props = known.get(key) ?? sharedProps(create());
  known.set(key, props);
  return props;
}
