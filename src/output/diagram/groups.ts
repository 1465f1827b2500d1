/** A network and how many pairs of clusters link it with each other network, by that one's id. */
export interface Unit<Network extends { readonly id: string }> {
  readonly network: Network;
  readonly links: ReadonlyMap<string, number>;
  /** Whether all clusters of it and of another network are linked, wherever some are. */
  readonly isWhole: boolean;
}

/** Networks that have the same links, together; each other one alone. */
export function groupsOf<Network extends { readonly id: string }>(units: ReadonlyArray<Unit<Network>>): Array<Array<Unit<Network>>> {
  const apart = classes(units, ({ links, isWhole, network }) => isWhole ? [...links.keys()].sort().join() : `alone ${network.id}`);
  const linked = classes(units, ({ links, isWhole, network }) => isWhole ? [...links.keys(), network.id].sort().join() : `alone ${network.id}`);
  // Nobody is in both: those of one kind are not linked with each other, and those of the other are.
  const groups = units.map(unit => [apart, linked].map(kind => kind.get(unit)!).find(({ length }) => length > 1) ?? [unit]);
  return [...new Set(groups.map(([first]) => first))].map(first => groups[units.indexOf(first)]);
}

function classes<Value>(values: readonly Value[], key: (value: Value) => string): Map<Value, Value[]> {
  const byKey = new Map<string, Value[]>();
  for (const value of values) {
    const members = byKey.get(key(value));
    members ? members.push(value) : byKey.set(key(value), [value]);
  }
  return new Map([...byKey.values()].flatMap(members => members.map(value => [value, members])));
}
