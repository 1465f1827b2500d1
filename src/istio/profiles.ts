/** The profiles of an installer from which a primary in sidecar mode can start. */
export interface Profiles {
  /** Whose they are, as messages say it. */
  readonly owner: string;
  readonly names: readonly string[];
  /** Whether a profile may be a file. */
  readonly takesFiles: boolean;
}

/** Profiles of istioctl. */
export const ISTIOCTL_PROFILES: Profiles = {
  owner: 'istioctl',
  names: ['default', 'demo', 'empty', 'minimal', 'openshift', 'preview', 'stable'],
  takesFiles: true,
};

/** Profiles of the Sail operator. */
export const SAIL_PROFILES: Profiles = {
  owner: 'Sail',
  names: ['default', 'demo', 'empty', 'openshift', 'preview', 'stable'],
  takesFiles: false,
};

/** Profiles that make something else than a primary in sidecar mode. */
export const OTHER_PROFILES = ['ambient', 'external', 'openshift-ambient', 'remote'];
