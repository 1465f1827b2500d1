import type { RuleText } from '../../core/rule';
import { Severity } from '../../core/rule';

/** Of what a tool itself knows that it cannot do. */
export const GIT_OPS: RuleText = {
  code: 'IM098',
  severity: Severity.ERROR,
  title: 'a GitOps tool can do what is asked of it',
  symptom: 'the API server refuses its objects, or they never become healthy',
  fix: 'say it as the message tells',
  see: 'https://opengitops.dev/',
};
