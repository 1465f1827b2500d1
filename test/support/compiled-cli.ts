import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
/** Files that the sources read, at the same places from the compiled files. */
const DATA = ['package.json', 'imports/sailoperator.io.schema.json', 'src/mesh.schema.json'];

/**
 * Compiles the command line once for all test files, and sets `ISTIO_MESH_CLI` to its path; Jest calls it before the
 * tests.
 */
export default function compileCli(): void {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'istio-mesh-cli-')));
  const compiled = join(directory, 'lib');
  const sources =
    (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).filter(path => path.endsWith('.ts'));
  buildSync({
    entryPoints: sources.map(path => join(ROOT, 'src', path)),
    outbase: ROOT,
    outdir: compiled,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
  });
  for (const path of DATA) {
    mkdirSync(join(compiled, path, '..'), { recursive: true });
    cpSync(join(ROOT, path), join(path === 'package.json' ? directory : compiled, path));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  process.env.ISTIO_MESH_CLI = join(compiled, 'src', 'cli.js');
}
