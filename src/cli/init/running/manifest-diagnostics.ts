import type { ClusterObjects } from './cluster-objects';
import type { RuleText } from '../../../core/rule';
import { coded, judged, Severity } from '../../../core/rule';
import type { DocumentTexts } from '../../../rules/manifest/documents';
import { MANIFEST_RULES } from '../../../rules/manifest/manifest-rules';
import { manifestsOf } from '../../../rules/manifest/manifests';
import type { LiveObject } from '../../clusters/kubectl';

/** IM145 reports secrets in plain text, which is how every cluster stores them. */
const RULES_FOR_FILES = ['IM145'];

/** The messages of the manifest rules about the objects of a cluster, except those that synth will report again. */
export function manifestDiagnostics(name: string, cluster: ClusterObjects, texts: DocumentTexts): string[] {
  const { istiods, gateways, networkServices, configMaps, passthroughs, remoteSecrets, others } = cluster;
  const objects = [
    ...others, ...configMaps, ...istiods, ...gateways, ...networkServices, ...passthroughs, ...remoteSecrets,
  ];
  const files = new Map(objects.map(object => [fileName(object), JSON.stringify(object)]));
  const manifests = manifestsOf(name, files, texts);
  return judged(MANIFEST_RULES, manifests)
    .filter(([rule]) => !RULES_FOR_FILES.includes(rule.code) && !isReportedBySynth(rule))
    .map(([rule, [[index, ...path], message]]) => {
      const place = manifests.manifests[index as number].place(path).replace(/^\S+:\d+:\d+: /, '');
      return `'${name}': ${place}: ${coded(message, rule)}`;
    });
}

/** Whether a rule for mesh definitions reports the same warning. */
function isReportedBySynth({ severity, sameAs }: RuleText): boolean {
  return severity === Severity.WARNING && sameAs !== undefined;
}

function fileName({ kind, metadata: { name, namespace } }: LiveObject): string {
  return `${[kind, namespace, name].join('-')}.json`;
}
