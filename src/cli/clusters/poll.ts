import { now, sleep } from './clock';

/** How long to wait between two requests for the same state. */
export const POLL_MILLISECONDS = 1000;

/**
 * Repeats an attempt until it returns a value, at least once.
 *
 * @returns undefined if the last attempt within the time returned nothing
 */
export async function poll<T>(seconds: number, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = now() + seconds * 1000;
  for (;;) {
    const value = await attempt();
    if (value !== undefined || now() >= end) {
      return value;
    }
    await sleep(POLL_MILLISECONDS);
  }
}
