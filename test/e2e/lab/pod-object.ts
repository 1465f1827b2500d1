import type { KubernetesObject } from './api-server';

/** A Pod as the API server gives it, as far as the lab reads it. */
export interface PodObject extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly restartPolicy?: string;
    readonly serviceAccountName: string;
    readonly terminationGracePeriodSeconds: number;
    readonly initContainers?: readonly ContainerObject[];
    readonly containers: readonly ContainerObject[];
    readonly volumes?: readonly Volume[];
    readonly securityContext?: SecurityContext;
  };
}

export interface ContainerObject {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
  readonly ports?: ReadonlyArray<{ readonly name?: string; readonly containerPort: number }>;
  readonly volumeMounts?: ReadonlyArray<{ readonly name: string; readonly mountPath: string }>;
  readonly readinessProbe?: { readonly httpGet?: { readonly path: string; readonly port: number | string } };
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly securityContext?: SecurityContext;
  readonly terminationMessagePath?: string;
  /** `Always` makes a sidecar of an init container: the next one does not wait for its end. */
  readonly restartPolicy?: string;
}

export interface SecurityContext {
  readonly runAsUser?: number;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: FieldRef; readonly resourceFieldRef?: { readonly resource: string } };
}

export interface FieldRef { readonly fieldPath: string }

/** What a kubelet puts files into a volume from. */
export interface VolumeSource {
  readonly configMap?: { readonly name: string; readonly optional?: boolean; readonly items?: readonly KeyToPath[] };
  readonly downwardAPI?: { readonly items: ReadonlyArray<{ readonly path: string; readonly fieldRef?: FieldRef }> };
}

export interface Volume extends VolumeSource {
  readonly name: string;
  readonly emptyDir?: object;
  readonly secret?: { readonly secretName: string; readonly optional?: boolean; readonly items?: readonly KeyToPath[] };
  readonly projected?: { readonly sources: readonly ProjectedSource[] };
}

export interface ProjectedSource extends VolumeSource {
  readonly secret?: { readonly name: string; readonly optional?: boolean; readonly items?: readonly KeyToPath[] };
  readonly serviceAccountToken?: { readonly audience?: string; readonly path: string };
}

export interface KeyToPath { readonly key: string; readonly path: string }
