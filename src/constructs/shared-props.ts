/** Shared props, which must not change, with the manifest that was created from them. */
const MANIFESTS = new WeakMap<object, { manifest?: object }>();

/** Marks props that many clusters share: the remote secret for a cluster is the same in each of its peers. */
export function sharedProps<Props extends object>(props: Props): Props {
  MANIFESTS.set(props, {});
  return props;
}

/** Creates the manifest for some props; for shared props, only once. */
export function manifestOnce<Manifest extends object>(props: object, create: () => Manifest): Manifest {
  const shared = MANIFESTS.get(props) ?? {};
  shared.manifest ??= create();
  return shared.manifest as Manifest;
}
