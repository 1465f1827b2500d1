import type { DeliveredObject } from './delivery';
import { Step } from '../../core/step';

/**
 * Whether an object must survive a mistake in the repository: its deletion would delete its contents, or the root CA.
 */
export function isProtected({ step, kind }: DeliveredObject): boolean {
  const hasContents = ['CustomResourceDefinition', 'Namespace'].includes(kind);
  return step === Step.TRUST || (step !== Step.RESOURCES && hasContents);
}
