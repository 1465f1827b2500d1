import type { Diagnostic, RuleReference } from '../../core/diagnostic';
import { ruleError } from '../../core/evaluate';
import type { MaybeProblem } from '../../core/rule';
import { dnsLabelProblem, labelValueProblem, revisionProblem } from '../../istio/names';

/** Names in the props of a construct; the keys of props that it does not have are absent. */
export interface ConstructNames {
  readonly meshID?: string;
  readonly clusterName?: string;
  readonly network?: string;
  readonly revision?: string;
  readonly namespace?: string;
}

/** A check of one name, with the code of the mesh rule that includes it. */
interface NameRule extends RuleReference {
  check(field: string, value: string): MaybeProblem;
}

const NAMES: { readonly [name in keyof Required<ConstructNames>]: NameRule } = {
  meshID: { code: 'IM002', check: labelValueProblem },
  clusterName: { code: 'IM004', check: dnsLabelProblem },
  network: { code: 'IM006', check: labelValueProblem },
  revision: { code: 'IM010', check: (field, value) => value !== '' && revisionProblem(field, value) },
  namespace: { code: 'IM012', check: dnsLabelProblem },
};

/** The errors in the names of a construct, by the rules for the names of a mesh. */
export function nameErrors(names: ConstructNames): Diagnostic[] {
  return Object.entries(names).flatMap(([name, value]) => {
    const rule = NAMES[name as keyof ConstructNames];
    const problem = rule.check(name, value);
    return problem ? [ruleError({ code: rule.code }, problem)] : [];
  });
}
