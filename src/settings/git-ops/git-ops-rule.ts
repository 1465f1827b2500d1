import { type RuleText, Severity } from '../../core/rule';

/** Rule for the problems that a GitOps tool itself knows. */
export const GIT_OPS: RuleText = {
  code: 'IM098',
  severity: Severity.ERROR,
  title: 'the GitOps tool supports the settings and names',
  symptom: 'the API server rejects its objects, or they never become healthy',
  fix: 'change the setting as the message suggests',
  see: 'https://opengitops.dev/',
};
