import type { RuleText } from '../../core/rule';
import { coded } from '../../core/rule';
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
interface NameRule extends Pick<RuleText, 'code'> {
  problem(field: string, value: string): string | undefined;
}

const NAMES: { readonly [name in keyof Required<ConstructNames>]: NameRule } = {
  meshID: { code: 'IM002', problem: labelValueProblem },
  clusterName: { code: 'IM004', problem: dnsLabelProblem },
  network: { code: 'IM006', problem: labelValueProblem },
  revision: { code: 'IM010', problem: (field, value) => value === '' ? undefined : revisionProblem(field, value) },
  namespace: { code: 'IM012', problem: dnsLabelProblem },
};

/** Messages about invalid names of a construct, each with the code of its rule. */
export function nameMessages(names: ConstructNames): string[] {
  return Object.entries(names).flatMap(([name, value]) => {
    const rule = NAMES[name as keyof ConstructNames];
    const problem = rule.problem(name, value);
    return problem === undefined ? [] : [coded(problem, rule)];
  });
}
