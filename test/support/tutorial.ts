import { spawnSync } from 'child_process';
import { basename } from 'path';
import { disagreements } from './docs-run';
import { pages } from './markdown';

/**
 * Does what the tutorial says, and tells where something else comes out.
 *
 * @param directory an empty one, in which the reader begins
 * @param tarball the package, as `npm pack` made it in the checkout
 */
export function walkTutorial(directory: string, tarball: string): string[] {
  const tutorial = pages().find(({ path }) => path === 'docs/tutorial.md')!;
  let exported = '';
  return disagreements(tutorial, directory, script => {
    if (script.startsWith('npm ci\n')) {
      return `${basename(tarball)}\n`;
    }
    const here =
      script.replace(/npm install \S+\.tgz /, `npm install --no-audit --no-fund --prefer-offline '${tarball}' `);
    const { stdout } =
      spawnSync('bash', ['-c', `exec 2>&1\n${exported}${here}`],
        { cwd: directory, encoding: 'utf-8', env: { ...process.env, npm_config_loglevel: 'error' } });
    exported += script.match(/^export .*\n/gm)?.join('') ?? '';
    return stdout.replace(/(added \d+ packages) in .*/, '$1 in 4s');
  });
}
