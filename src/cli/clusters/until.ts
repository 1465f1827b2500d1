import { setTimeout } from 'timers/promises';

/** How often a cluster is asked whether something is there by now. */
export const POLL_MILLISECONDS = 1000;

/** Asks until the answer is something, or undefined where the time is over; once at least. */
export async function until<T>(seconds: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() >= end) {
      return answer;
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}
