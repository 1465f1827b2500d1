import { readFileSync } from 'fs';
import { relative, sep } from 'path';
import { DocumentTexts } from './manifest/documents';
import { MANIFEST_RULES } from './manifest/manifest-rules';
import type { ClusterManifests } from './manifest/manifests';
import { manifestsOf } from './manifest/manifests';
import { coded, judged, Severity } from '../core/rule';

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
      for (const [rule, [[index, ...keys], message]] of judged(MANIFEST_RULES, cluster)) {
        const { object, place } = cluster.manifests[index as number];
        const where = place(keys);
        failed ||= rule.severity === Severity.ERROR;
        context.report.addViolation({
          ruleName: rule.title,
          recommendation: `${rule.severity}: ${coded(message, rule)}`,
          fix: `${rule.fix} (${rule.see})`,
          violatingResources: [
            { resourceName: object?.metadata?.name ?? '', locations: [where], manifestPath: where.split(':')[0] },
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
  for (const path of paths.filter(manifest => relative(base, manifest) !== 'mesh.yaml')) {
    const [first, ...rest] = relative(base, path).split(sep);
    const directory = rest.length > 0 ? `${base}/${first}` : base;
    const key = rest.length > 0 ? directory : path;
    files.set(key, (files.get(key) ?? new Map()).set(rest.join('/') || first, readFileSync(path, 'utf-8')));
  }
  const texts = new DocumentTexts();
  return [...files].map(([key, group]) => manifestsOf(paths.includes(key) ? base : key, group, texts));
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
