import type { Annotations } from './delivery';
import { stageOf, Step } from '../../core/step';

/** Between the waves of two stages, so that a user's own object may come between. */
const WIDTH = 10;

/**
 * The wave of a step: objects wait until those of lower waves are there and healthy.
 *
 * The control plane is wave 0, which is also that of objects without one, as charts make them.
 */
export function waveNumber(step: Step): number {
  return WIDTH * (stageOf(step) - stageOf(Step.CONTROL_PLANE));
}

/** What says the wave of an object. */
export function waveOf(step: Step): Annotations {
  const wave = waveNumber(step);
  return wave === 0 ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) };
}
