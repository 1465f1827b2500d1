/** The profiles of an installer that can install a primary in sidecar mode. */
export interface Profiles {
  /** Name of the installer in messages. */
  readonly owner: string;
  readonly names: readonly string[];
  /** Whether the path of a file is accepted as a profile. */
  readonly allowsFiles: boolean;
}

/** Profiles of istioctl. */
export const ISTIOCTL_PROFILES: Profiles = {
  owner: 'istioctl',
  names: ['default', 'demo', 'empty', 'minimal', 'openshift', 'preview', 'stable'],
  allowsFiles: true,
};

/** Profiles of the Sail operator. */
export const SAIL_PROFILES: Profiles = {
  owner: 'Sail',
  names: ['default', 'demo', 'empty', 'openshift', 'preview', 'stable'],
  allowsFiles: false,
};

/** Profiles that do not install a primary in sidecar mode. */
export const UNSUPPORTED_PROFILES = ['ambient', 'external', 'openshift-ambient', 'remote'];
