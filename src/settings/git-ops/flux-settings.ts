import type { DeliveredCluster, DeliveredMesh } from './delivery';
import type { FluxOptions } from './flux-options';
import { join } from '../../util/posix-path';

/** What all objects of Flux have from the options, with everything decided. */
export class FluxSettings {
  constructor(readonly options: FluxOptions, private readonly mesh: DeliveredMesh) {}

  /** Whether one Flux in a hub applies what is for the clusters. */
  get isHub(): boolean {
    return this.options.kubeConfig !== undefined;
  }

  get interval(): string {
    return this.options.interval ?? '10m';
  }

  get timeout(): string {
    return this.options.timeout ?? '5m';
  }

  /** Metadata of an object: mesh and cluster stand in its name, since in a hub those of all lie side by side. */
  metadata(cluster: DeliveredCluster, suffix: string): { name: string; namespace: string } {
    return { name: `${this.mesh.meshID}-${cluster.name}-${suffix}`, namespace: this.options.namespace ?? 'flux-system' };
  }

  /** A path as Kustomizations write it, from that of the tree. */
  path(...below: string[]): string {
    return `./${join(this.options.path ?? 'dist', ...below)}`;
  }

  /** The cluster that objects go to, and in whose name. */
  destination({ name }: DeliveredCluster): object {
    const { kubeConfig, serviceAccountName } = this.options;
    return forCluster(name, { ...kubeConfig && { kubeConfig }, ...serviceAccountName && { serviceAccountName } });
  }

  /** How what SOPS encrypted is decrypted. */
  decryption({ name }: DeliveredCluster): object {
    return { decryption: { provider: 'sops', ...forCluster(name, this.options.decryption ?? { secretRef: { name: 'sops-age' } }) } };
  }
}

/** The same data with the name of a cluster for every `$(cluster)`. */
export function forCluster<Data extends object>(name: string, data: Data): Data {
  return JSON.parse(JSON.stringify(data), (_, value) => typeof value === 'string' ? value.replace(/\$\(cluster\)/g, () => name) : value);
}
