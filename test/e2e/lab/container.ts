import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { run } from './process';

/**
 * What a container of an image runs when its pod says no command, as whom, and with what beside its pod's environment.
 */
interface Image {
  readonly entrypoint: string;
  readonly args?: readonly string[];
  readonly user: number;
  readonly env?: { readonly [name: string]: string };
}

/** Istio's own is a program in Python; this one answers the same. */
const HELLOWORLD =
  'require(\'http\').createServer((_, response) => response.end(\'Hello version: \' + process.env.SERVICE_VERSION + '
    + '\', instance: lab\\n\')).listen(5000)';

/**
 * The images that the lab has. The programs are the real ones, in /usr/local/bin; all else in a container is this
 * machine's /usr.
 */
const IMAGES: { readonly [name: string]: Image } = {
  // Upstream's Envoy lacks the filters that Istio adds to its own.
  'pilot': {
    entrypoint: 'pilot-discovery',
    user: 1337,
    env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' },
  },
  'proxyv2': {
    entrypoint: 'pilot-agent', user: 1337, env: { ISTIO_BOOTSTRAP: '/usr/local/bin/envoy_bootstrap_tmpl.json' },
  },
  'sealed-secrets-controller': { entrypoint: 'sealed-secrets-controller', user: 1001 },
  'kustomize-controller': { entrypoint: 'kustomize-controller', user: 65534 },
  'node': { entrypoint: '/node', user: 1000 },
  'curl': { entrypoint: 'curl', user: 1000 },
  'examples-helloworld-v1': { entrypoint: '/node', args: ['-e', HELLOWORLD], user: 1000 },
};

/** The image of a reference such as `registry.istio.io/testing/pilot:latest`. */
export function image(reference: string): Image {
  const name = reference.split('/').pop()!.split(/[:@]/)[0];
  const found = IMAGES[name];
  if (!found) {
    throw new Error(`the lab has no image '${reference}'; it has ${Object.keys(IMAGES).join(', ')} (a pod that was not `
      + 'injected has \'auto\')');
  }
  return found;
}

const DIRECTORIES = ['/proc', '/dev', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64'];
const LINKS = ['/bin', '/sbin', '/lib', '/lib64']; // into /usr on most machines, directories on some

/** What a container has in its root, by where it is there. */
export type Mounts = ReadonlyMap<string, string>;

/** Makes a root file system out of mounts, which end with the mount namespace that this process is in. */
export async function makeRoot(root: string, mounts: Mounts): Promise<void> {
  const links = LINKS.filter(path => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink());
  const all = new Map([
    ...[...DIRECTORIES, ...LINKS].filter(path => existsSync(path) && !links.includes(path))
      .map(path => [path, path] as const),
    ['/node', process.execPath],
    ...mounts,
  ]);
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, '/etc/nsswitch.conf'), 'hosts: files\n');
  writeFileSync(join(root, '/etc/resolv.conf'), ''); // istiod and pilot-agent read it
  mkdirSync(join(root, 'tmp'));
  chmodSync(join(root, 'tmp'), 0o777);
  links.forEach(path => symlinkSync(readlinkSync(path), join(root, path)));
  const sorted = [...all].sort(([one], [other]) => one < other ? -1 : 1); // a directory before what is mounted in it
  await run('sh', ['-ec', MOUNT, 'mount', ...sorted.flatMap(([target, source]) => [source, join(root, target)])]);
}

/** Takes pairs of source and target. */
const MOUNT = `
while [ $# -gt 0 ]; do
  if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "\${2%/*}"; : >> "$2"; fi
  mount --bind "$1" "$2"
  shift 2
done`;
