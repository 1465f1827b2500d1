import { execFileSync } from 'child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');

/** The manifest of this package. */
export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf-8'));

/** The sources that changed since the last compilation, which writes this file last. */
export function changedSources(): string[] {
  const compiled = statSync(join(ROOT, 'lib', 'src', 'index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'imports', 'projenrc'].flatMap(directory =>
    (readdirSync(join(ROOT, directory), { recursive: true }) as string[]).filter(path => path.endsWith('.ts'))
      .map(path => join(directory, path)));
  return [...sources, 'package.json', 'tsconfig.json'].filter(path => statSync(join(ROOT, path)).mtimeMs > compiled);
}

/**
 * Packs this package, and compiles it first if a source changed.
 *
 * @returns path of the tarball
 */
export function packedPackage(directory: string): string {
  const options = changedSources().length > 0 ? [] : ['--ignore-scripts'];
  execFileSync('npm', ['pack', '--pack-destination', directory, ...options], { cwd: ROOT, stdio: 'ignore' });
  return join(directory, readdirSync(directory).find(name => name.endsWith('.tgz'))!);
}

/** Installs the package in a new project, next to the versions of its peers that this repository tests with. */
export function installPackage(project: string, tarball: string): void {
  const peers = Object.keys(MANIFEST.peerDependencies).map(name => [name, MANIFEST.devDependencies[name]]);
  const dependencies = { ...Object.fromEntries(peers), [MANIFEST.name]: `file:${tarball}` };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'],
    { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] });
}
