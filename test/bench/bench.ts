/**
 * Time and memory of synth for full meshes with token credentials, and in the same run what they are measured against:
 * the same objects
 * through stock App.synth, and the floor: those objects to JSON, and the same bytes written plainly to the same paths.
 *
 * Each measurement is a process of its own, so that its memory is its own too; of several rounds the median is told. It
 * writes to the
 * temporary directory: TMPDIR on a memory disk takes the disk's moods out of the figures.
 *
 * bench.ts [--rounds N] [clusters…]
 */
import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Mesh, MeshApp, RemoteCredentials, SecretValue } from 'cdk8s-istio-mesh';
import { Construct } from 'constructs';

const SIZES = [2, 10, 50, 100, 200];
const ROUNDS = 3;
const TOKEN = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImJlbmNoIn0.'.padEnd(1100, 'x'); // as long as the token of a service account

/** What a process measures of itself. */
interface Measurement { readonly ms: number; readonly megabytes: number }

type Files = Array<readonly [path: string, text: string]>;

/**
 * Each takes the number of clusters, a directory to write and the directory that the mesh wrote, and gives the
 * milliseconds it took.
 */
const MEASURES: { readonly [name: string]: (clusters: number, out: string, written: string) => number } = {
  mesh: (clusters, out) => timed(() => {
    const app = new MeshApp({ outdir: out, summary: false });
    fullMesh(app, clusters);
    app.synth();
  }),
  stock: (clusters, out) => {
    const objects = objectsOf(clusters);
    return timed(() => {
      const app = new App({ outdir: out });
      objects.forEach((manifests, i) => {
        const chart = new Chart(app, `cluster${i}`);
        // as constructs make them
        manifests.forEach((manifest, j) => new ApiObject(new Construct(chart, String(j)), 'Resource', manifest));
      });
      app.synth();
    });
  },
  floor: (clusters, out, written) => {
    const objects = objectsOf(clusters).flat();
    const files = filesOf(written);
    return timed(() => {
      objects.forEach(object => JSON.stringify(object));
      new Set(files.map(([path]) => dirname(path))).forEach(directory =>
        mkdirSync(join(out, directory), { recursive: true }));
      files.forEach(([path, text]) => writeFileSync(join(out, path), text));
    });
  },
};

function fullMesh(app: App, clusters: number): Mesh {
  return new Mesh(app, 'mesh', {
    meshID: 'bench',
    acknowledge: { IM049: 'nobody applies it' },
    istioVersion: '1.31.0',
    network: 'network-$(cluster)',
    apiServer: 'https://$(cluster).example.com:6443',
    caData: readFileSync(join(__dirname, 'ca.crt'), 'utf-8'),
    remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('BENCH_TOKEN')),
    clusters: Array.from({ length: clusters }, (_, i) => ({ name: `cluster${i}` })),
  });
}

function objectsOf(clusters: number): any[][] {
  return fullMesh(new MeshApp(), clusters).clusters.map(cluster => cluster.toJson());
}

function filesOf(directory: string): Files {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(directory.length + 1));
  return paths.map(path => [path, readFileSync(join(directory, path), 'utf-8')] as const);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function measured(name: string, clusters: number, out: string, written: string): Measurement {
  spawnSync('sync'); // what the one before left to be written is not this one's
  const { stdout, status } =
    spawnSync(process.execPath, [...process.execArgv, __filename, name, String(clusters), out, written], {
      env: { ...process.env, BENCH_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf-8',
    });
  if (status !== 0) {
    throw new Error(`${name} of ${clusters} clusters failed`);
  }
  return JSON.parse(stdout);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function row(clusters: number, rounds: number): string[] {
  const root = mkdtempSync(join(tmpdir(), 'istio-mesh-bench-'));
  try {
    const runs: { [name: string]: Measurement[] } = { mesh: [], stock: [], floor: [] };
    const written = join(root, 'mesh');
    for (let round = 0; round < rounds; round++) {
      for (const name of Object.keys(runs)) {
        rmSync(join(root, name), { recursive: true, force: true });
        runs[name].push(measured(name, clusters, join(root, name), written));
      }
    }
    const files = filesOf(written);
    const bytes = files.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
    const ms = (name: string) => median(runs[name].map(run => run.ms));
    const seconds = (name: string) => (ms(name) / 1000).toFixed(2);
    return [
      String(clusters),
      files.filter(([path]) => path.includes('/') && !path.endsWith('kustomization.yaml')).length.toLocaleString('en'),
      `${(bytes / 1e6).toFixed(1)} MB`,
      `${seconds('mesh')} s`,
      `${Math.round(median(runs.mesh.map(run => run.megabytes)))} MB`,
      `${(ms('mesh') * 1e6 / bytes).toFixed(0)} ns`,
      `${seconds('stock')} s`,
      `${(ms('stock') / ms('mesh')).toFixed(1)}`,
      `${seconds('floor')} s`,
      `${(ms('mesh') / ms('floor')).toFixed(2)}`,
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function table(sizes: number[], rounds: number): void {
  const heads = [
    'clusters', 'objects', 'bytes', 'time', 'peak memory', 'per byte', 'stock', 'stock/mesh', 'floor', 'mesh/floor',
  ];
  const line = (cells: string[]) =>
    `${cells.map((cell, i) => cell.padStart(Math.max(heads[i].length, 8))).join('  ')}\n`;
  process.stdout.write(line(heads));
  sizes.forEach(clusters => process.stdout.write(line(row(clusters, rounds))));
}

const [first, ...rest] = process.argv.slice(2);
if (first in MEASURES) {
  const ms = MEASURES[first](Number(rest[0]), rest[1], rest[2]);
  process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024 }));
} else {
  const rounds = first === '--rounds' ? Number(rest.shift()) : ROUNDS;
  const sizes = (first === undefined || first === '--rounds' ? rest : [first, ...rest]).map(Number);
  table(sizes.length > 0 ? sizes : SIZES, rounds);
}
