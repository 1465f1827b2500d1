import type { RunningCluster } from './running-cluster';
import { diagnosticSentence, placeInFile } from '../../../core/diagnostic';
import type { RuleText } from '../../../core/rule';
import { Severity } from '../../../core/rule';
import type { DocumentTexts } from '../../../rules/manifest/documents';
import { manifestDiagnostics } from '../../../rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../../rules/manifest/manifests';
import type { LiveObject } from '../../clusters/kubectl';

/** That something secret stands in plain text, which is the way in a cluster. */
const OF_TREES = ['IM145'];

/** What the rules for manifests find in the objects that run, as sentences; what they say of a definition too, synth tells of the file. */
export function runningFindings(name: string, cluster: RunningCluster, texts: DocumentTexts): string[] {
  const { istiods, gateways, networkServices, configMaps, passthroughs, links, others } = cluster;
  const objects = [...others, ...configMaps, ...istiods, ...gateways, ...networkServices, ...passthroughs, ...links];
  const manifests = manifestsOf(name, new Map(objects.map(object => [fileOf(object), JSON.stringify(object)])), texts);
  return manifestDiagnostics(manifests).filter(({ rule }) => !OF_TREES.includes(rule.code) && !isToldAtSynth(rule))
    .map(diagnostic => `'${name}': ${placeInFile(diagnostic.place)}: ${diagnosticSentence(diagnostic)}`);
}

function isToldAtSynth({ severity, sameAs }: RuleText): boolean {
  return severity === Severity.WARNING && sameAs !== undefined;
}

function fileOf({ kind, metadata: { name, namespace } }: LiveObject): string {
  return `${[kind, namespace, name].join('-')}.json`;
}
