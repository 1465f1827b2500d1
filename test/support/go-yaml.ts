import { execFileSync, spawnSync } from 'child_process';
import { mkdtempSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** Whether Go is installed; in CI, where nothing may be skipped, it must be. */
export const HAS_GO = process.env.CI !== undefined || spawnSync('go', ['version']).status === 0;

/** Builds the reader in `go-yaml/` with Go's YAML library, the one of kubectl, kustomize, istioctl and Helm. */
export function buildGoReader(): (documents: readonly string[]) => unknown[] {
  const program = join(mkdtempSync(join(tmpdir(), 'istio-mesh-go-yaml-')), 'go-yaml');
  execFileSync('go', ['build', '-o', program, '.'], { cwd: join(__dirname, 'go-yaml') });
  return documents => {
    const output = execFileSync(program, { input: documents.join('\0'), encoding: 'utf-8', maxBuffer: Infinity });
    return output.trimEnd().split('\n').map(line => JSON.parse(line));
  };
}
