import { DocumentTexts } from './manifest/documents';
import { manifestDiagnostics } from './manifest/manifest-diagnostics';
import type { ClusterManifests } from './manifest/manifests';
import { manifestsOf } from './manifest/manifests';
import { diagnosticSentence, placeText } from '../core/diagnostic';
import { Severity } from '../core/rule';
import { readText, relativePath } from '../util/host/files';

/**
 * A validation of `cdk8s synth`: what istiod would ignore or refuse of the manifests of any app.
 *
 * In cdk8s.yaml: `validations: [{package: cdk8s-istio-mesh, version: x.y.z, class: ManifestValidation}]`. A directory below the output is
 * the manifests of one cluster; of an app that writes all of its charts side by side, every file is judged alone.
 *
 * @see https://cdk8s.io/docs/latest/cli/validations/
 */
export class ManifestValidation {
  /**
   * Called by the cdk8s command line with its `ValidationContext`.
   */
  async validate(context: any): Promise<void> {
    let failed = false;
    for (const cluster of clusters(context.manifests)) {
      for (const diagnostic of manifestDiagnostics(cluster)) {
        const { rule, severity, place, manifest: { object } } = diagnostic;
        failed ||= severity === Severity.ERROR;
        context.report.addViolation({
          ruleName: rule.title,
          recommendation: `${severity}: ${diagnosticSentence(diagnostic)}`,
          fix: `${rule.fix} (${rule.see})`,
          violatingResources: [{ resourceName: object?.metadata?.name ?? '', locations: [placeText(place)], manifestPath: place.file }],
        });
      }
    }
    context.report.submit(failed ? 'failure' : 'success');
  }
}

/** The manifests of each cluster, by the directory that they lie in. */
function clusters(paths: readonly string[]): ClusterManifests[] {
  const base = commonDirectory(paths);
  const files = new Map<string, Map<string, string>>();
  for (const path of paths.filter(manifest => relativePath(base, manifest) !== 'mesh.yaml')) {
    const [first, ...rest] = relativePath(base, path).split('/');
    const directory = rest.length > 0 ? `${base}/${first}` : base;
    const key = rest.length > 0 ? directory : path;
    files.set(key, (files.get(key) ?? new Map()).set(rest.join('/') || first, readText(path)));
  }
  const texts = new DocumentTexts();
  return [...files].map(([key, ofCluster]) => manifestsOf(paths.includes(key) ? base : key, ofCluster, texts));
}

/** The directory that all of some files are in or below. */
function commonDirectory(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(path => path.split('/').slice(0, -1));
  return first.filter((_, i) => others.every(other => other.slice(0, i + 1).join('/') === first.slice(0, i + 1).join('/'))).join('/');
}
