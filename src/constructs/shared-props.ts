/** Props that nobody changes, each with the manifest that is made of them once. */
const MANIFESTS = new WeakMap<object, { made?: object }>();

/** The same props for many clusters: what leads to a cluster is the same in each of its peers. */
export function sharedProps<Props extends object>(props: Props): Props {
  MANIFESTS.set(props, {});
  return props;
}

/** The manifest that is made of some props; where they are shared, the same one every time. */
export function manifestOnce<Manifest extends object>(props: object, make: () => Manifest): Manifest {
  const shared = MANIFESTS.get(props) ?? {};
  shared.made ??= make();
  return shared.made as Manifest;
}
