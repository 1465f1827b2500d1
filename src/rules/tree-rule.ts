import { type RuleText, Severity } from '../core/rule';

/** The relation between a definition and the manifests generated from it. */
export const TREE_RULE: RuleText = {
  code: 'IM100',
  severity: Severity.ERROR,
  title: 'generated manifests match their definition',
  symptom: 'the manifests that were reviewed are not the ones that are applied: a change of the definition has no '
    + 'effect, or a manual change is lost at the next synth',
  fix: 'run synth again, and commit the result',
  see: 'https://opengitops.dev/',
};
