import type { RuleText } from '../core/rule';
import { Severity } from '../core/rule';

/** What must hold between a definition and the tree that was made of it. */
export const TREE_RULE: RuleText = {
  code: 'IM100',
  severity: Severity.ERROR,
  title: 'a tree is what its definition gives',
  symptom: 'what was reviewed is not what is applied: a change of the definition has no effect, or one by hand is gone after the next synth',
  fix: 'synthesize again, and commit what comes out',
  see: 'https://opengitops.dev/',
};
