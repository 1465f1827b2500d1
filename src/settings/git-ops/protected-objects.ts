import type { DeliveredObject } from './delivery';
import { Step } from '../../core/step';

/** Whether an object must outlive a mistake in the repository: with it would go all that is in it, or the root of trust. */
export function isProtected({ step, kind }: DeliveredObject): boolean {
  return step === Step.TRUST || (step !== Step.RESOURCES && ['CustomResourceDefinition', 'Namespace'].includes(kind));
}
