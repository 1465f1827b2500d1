/*
 * A replacement for the module `clock`: its time passes only while the program sleeps.
 *
 * A test file calls `jest.mock('../../src/cli/clusters/clock', () => jest.requireActual('./fake-clock'))`.
 */

interface Alarm {
  readonly time: number;
  readonly ring: () => void;
}

let time = 0;
const alarms: Alarm[] = [];

afterEach(() => alarms.splice(0));

export function now(): number {
  return time;
}

/** Sleeps until nothing else is left to do, and no other sleep ends earlier. */
export async function sleep(milliseconds: number): Promise<void> {
  let isAwake = false;
  after(milliseconds, () => isAwake = true);
  for (;;) {
    await new Promise(setImmediate);
    if (isAwake) {
      return;
    }
    const next = alarms.shift()!;
    time = next.time;
    next.ring();
  }
}

/** Calls a function when the program has slept for some milliseconds. */
export function after(milliseconds: number, ring: () => void): void {
  alarms.push({ time: time + milliseconds, ring });
  alarms.sort((one, other) => one.time - other.time);
}
