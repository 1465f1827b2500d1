import { MANIFEST_RULES } from './manifest-rules';
import type { ClusterManifests, Manifest } from './manifests';
import type { Diagnostic } from '../../core/diagnostic';
import { evaluateRules } from '../../core/evaluate';
import type { RuleText } from '../../core/rule';

/** What the rules find in a manifest. */
export interface ManifestDiagnostic extends Diagnostic {
  readonly rule: RuleText;
  readonly manifest: Manifest;
}

/** What the rules find in the manifests of a cluster, each with its place in a file. */
export function manifestDiagnostics(cluster: ClusterManifests): ManifestDiagnostic[] {
  return evaluateRules(MANIFEST_RULES, cluster).map(diagnostic => {
    const [index, ...keys] = diagnostic.place.path ?? [];
    const manifest = cluster.manifests[index as number];
    return { ...diagnostic, manifest, place: manifest.place(keys) };
  });
}
