import { Memo } from '../util/memo';
import { manifestDiagnostics } from './manifest/manifest-diagnostics';
import { type ClusterManifests, manifestsOf } from './manifest/manifests';
import { diagnosticSentence, placeText } from '../core/diagnostic';
import { Severity } from '../core/rule';
import { readText, relativePath } from '../util/host/files';

/**
 * A plugin for `cdk8s synth` that validates the Istio manifests of any app.
 *
 * It reports what istiod would reject or silently ignore. To use it, add this to cdk8s.yaml:
 * `validations: [{package: cdk8s-istio-mesh, version: x.y.z, class: ManifestValidation}]`.
 *
 * Each directory in the output directory contains the manifests of one cluster. If an app writes the files of all
 * charts into one directory, each file is validated by itself.
 *
 * @see https://cdk8s.io/docs/latest/cli/validations/
 */
export class ManifestValidation {
  /**
   * Called by the cdk8s CLI with its `ValidationContext`.
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
          violatingResources: [
            { resourceName: object?.metadata?.name ?? '', locations: [placeText(place)], manifestPath: place.file },
          ],
        });
      }
    }
    context.report.submit(failed ? 'failure' : 'success');
  }
}

/** Groups manifests by the directory of their cluster. */
function clusters(paths: readonly string[]): ClusterManifests[] {
  const base = commonDirectory(paths);
  const files = new Map<string, Map<string, string>>();
  for (const path of paths.filter(manifest => relativePath(base, manifest) !== 'mesh.yaml')) {
    const [first, ...rest] = relativePath(base, path).split('/');
    const directory = rest.length > 0 ? `${base}/${first}` : base;
    const key = rest.length > 0 ? directory : path;
    files.set(key, (files.get(key) ?? new Map()).set(rest.join('/') || first, readText(path)));
  }
  const memo = new Memo();
  return [...files].map(([key, group]) => manifestsOf(paths.includes(key) ? base : key, group, memo));
}

/** The deepest directory that contains all of the files. */
function commonDirectory(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(path => path.split('/').slice(0, -1));
  const isShared = (length: number) => {
    const start = first.slice(0, length).join('/');
    return others.every(other => other.slice(0, length).join('/') === start);
  };
  return first.filter((_, i) => isShared(i + 1)).join('/');
}
