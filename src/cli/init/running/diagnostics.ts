import type { ClusterObjects } from './cluster-objects';
import { diagnosticSentence, placeInFile } from '../../../core/diagnostic';
import { type RuleText, Severity } from '../../../core/rule';
import { manifestDiagnostics } from '../../../rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../../rules/manifest/manifests';
import type { Memo } from '../../../util/memo';
import type { LiveObject } from '../../clusters/kubectl';

/** IM145 reports secrets in plain text, which is how every cluster stores them. */
const RULES_FOR_FILES = ['IM145'];

/** What the manifest rules report about the objects of a cluster, except what synth will report again. */
export function objectDiagnostics(name: string, cluster: ClusterObjects, memo: Memo): string[] {
  const { istiods, gateways, networkServices, configMaps, passthroughs, remoteSecrets, others } = cluster;
  const objects = [
    ...others, ...configMaps, ...istiods, ...gateways, ...networkServices, ...passthroughs, ...remoteSecrets,
  ];
  const files = new Map(objects.map(object => [fileName(object), JSON.stringify(object)]));
  return manifestDiagnostics(manifestsOf(name, files, memo))
    .filter(({ rule }) => !RULES_FOR_FILES.includes(rule.code) && !isReportedBySynth(rule))
    .map(diagnostic => `'${name}': ${placeInFile(diagnostic.place)}: ${diagnosticSentence(diagnostic)}`);
}

/** Whether a rule for mesh definitions reports the same warning. */
function isReportedBySynth({ severity, sameAs }: RuleText): boolean {
  return severity === Severity.WARNING && sameAs !== undefined;
}

function fileName({ kind, metadata: { name, namespace } }: LiveObject): string {
  return `${[kind, namespace, name].join('-')}.json`;
}
