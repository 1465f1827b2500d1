import type { Annotations } from './delivery';
import { stageOf, Step } from '../../core/step';

/** Distance between the waves of two stages, so that objects of users can be applied in between. */
const WIDTH = 10;

/**
 * The wave of a step: objects wait until those of lower waves exist and are healthy.
 *
 * The control plane is wave 0, which is also the wave of objects without the annotation, such as those of charts.
 */
export function waveNumber(step: Step): number {
  return WIDTH * (stageOf(step) - stageOf(Step.CONTROL_PLANE));
}

/** The annotation for the wave of a step. */
export function waveOf(step: Step): Annotations {
  const wave = waveNumber(step);
  return wave === 0 ? {} : { 'argocd.argoproj.io/sync-wave': String(wave) };
}
