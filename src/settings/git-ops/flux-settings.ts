import { join } from 'path-browserify';
import type { DeliveredCluster, DeliveredMesh } from './delivery';
import type { FluxOptions } from './flux-options';

/** The options with their defaults, and the fields that all objects of Flux derive from them. */
export class FluxSettings {
  constructor(readonly options: FluxOptions, private readonly mesh: DeliveredMesh) {}

  /** Whether one Flux in a hub cluster deploys to all clusters. */
  get isHub(): boolean {
    return this.options.kubeConfig !== undefined;
  }

  get interval(): string {
    return this.options.interval ?? '10m';
  }

  get timeout(): string {
    return this.options.timeout ?? '5m';
  }

  /** Metadata of an object. Its name contains mesh and cluster, since a hub has the objects of all clusters. */
  metadata(cluster: DeliveredCluster, suffix: string): { name: string; namespace: string } {
    const { namespace = 'flux-system' } = this.options;
    return { name: `${this.mesh.meshID}-${cluster.name}-${suffix}`, namespace };
  }

  /** A path relative to the output directory, in the spelling of Kustomizations. */
  path(...segments: string[]): string {
    return `./${join(this.options.path ?? 'dist', ...segments)}`;
  }

  /** The cluster that objects are applied to, and the account that applies them. */
  destination({ name }: DeliveredCluster): object {
    const { kubeConfig, serviceAccountName } = this.options;
    return forCluster(name, { ...kubeConfig && { kubeConfig }, ...serviceAccountName && { serviceAccountName } });
  }

  /** How objects encrypted by SOPS are decrypted. */
  decryption({ name }: DeliveredCluster): object {
    const decryption = this.options.decryption ?? { secretRef: { name: 'sops-age' } };
    return { decryption: { provider: 'sops', ...forCluster(name, decryption) } };
  }
}

/** The same data with every `$(cluster)` replaced by the name of a cluster. */
export function forCluster<Data extends object>(name: string, data: Data): Data {
  const replaced = (text: string) => text.replace(/\$\(cluster\)/g, () => name);
  return JSON.parse(JSON.stringify(data), (_, value) => typeof value === 'string' ? replaced(value) : value);
}
