import type { Frame, Group, MeshGraph } from './graph';

/** Where a network stands: those on the left have their gateways at their right edge, and the other way round. */
export type Side = 'left' | 'right';

/**
 * A side for each network and each group, so that the arrows between them lie in the middle: those with the most arrows first, each where most of
 * its arrows lead to the other side, and otherwise where there is more room.
 */
export function sidesOf({ frames, groups, arrows, junctions }: MeshGraph): Map<string, Side> {
  const parts = new Map<string, string>([...frames.flatMap(frameEnds), ...groups.map(({ id }) => [id, id] as const)]);
  const others = new Map([...parts.values()].map(part => [part, [] as string[]]));
  for (const { ends: [a, b], isDirect } of arrows) {
    if (!isDirect) {
      others.get(parts.get(a)!)!.push(parts.get(b)!);
      others.get(parts.get(b)!)!.push(parts.get(a)!);
    }
  }
  const joined = new Set(junctions.filter(({ frame }) => frame === undefined).flatMap(({ ends }) => ends.map(end => parts.get(end))));
  const links = (part: string) => others.get(part)!.length;
  const linked = (part: string) => Number(joined.has(part) || links(part) > 0);
  const sizes = new Map([...frames, ...groups].map(part => [part.id, sizeOf(part)]));
  const order = [...sizes.keys()].sort((a, b) => linked(b) - linked(a) || links(b) - links(a));
  const sides = new Map<string, Side>();
  const filled = { left: 0, right: 0 };
  for (const part of order) {
    const on = (side: Side) => others.get(part)!.filter(other => sides.get(other) === side).length;
    const side = on('left') === on('right') ? filled.left <= filled.right ? 'left' : 'right' : on('left') > on('right') ? 'right' : 'left';
    sides.set(part, side);
    filled[side] += sizes.get(part)!;
  }
  return sides;
}

function frameEnds({ id, boxes, gateways }: Frame): Array<readonly [string, string]> {
  return [id, ...boxes.map(box => box.id), ...gateways.map(gateway => gateway.id)].map(end => [end, id] as const);
}

function sizeOf(part: Frame | Group): number {
  return 'frames' in part ? part.frames.reduce((sum, frame) => sum + sizeOf(frame), 0) : part.boxes.length + 1;
}
