import { setTimeout } from 'timers/promises';

/** Milliseconds since a fixed moment. */
export function now(): number {
  return Date.now();
}

/** Waits for some milliseconds. Commands that wait use this clock, so that tests can replace it. */
export async function sleep(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds);
}
