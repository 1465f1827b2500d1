import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { temporaryDirectory } from './util';
import { type ClusterProps, type MeshProps, Mesh, MeshApp } from '../../src';

/** Text of files by their path below a directory. */
export interface Files { readonly [path: string]: string }

/** Every file below a directory. */
export function filesOf(directory: string): Files {
  const paths =
    (readdirSync(directory, { recursive: true }) as string[]).filter(path => statSync(join(directory, path)).isFile())
      .sort();
  return Object.fromEntries(paths.map(path => [path, readFileSync(join(directory, path), 'utf-8')]));
}

/** A directory of its own with some files. */
export function directoryWith(files: Files): string {
  const directory = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

/** A mesh of two clusters on one network, with settings for both, for `cluster1` and for `cluster2`. */
export function twoClusters(
  both: Partial<MeshProps> = {}, one: Partial<ClusterProps> = {}, two: Partial<ClusterProps> = {},
): MeshProps {
  return {
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: 'network1',
    clusters: [
      { name: 'cluster1', apiServer: 'https://cluster1.example.com:6443', ...one },
      { name: 'cluster2', apiServer: 'https://cluster2.example.com:6443', ...two },
    ],
    ...both,
  };
}

/** The same clusters, each on a network of its own. */
export function twoNetworks(both: Partial<MeshProps> = {}): MeshProps {
  return twoClusters(both, { network: 'network1' }, { network: 'network2' });
}

/** An app that writes into a directory of its own and says nothing. */
export function quietApp(): MeshApp {
  return new MeshApp({ outdir: join(temporaryDirectory(), 'dist'), summary: false });
}

/** The files that an app writes. */
export function synthesized(build: (app: MeshApp) => void): Files {
  const app = quietApp();
  build(app);
  app.synth();
  return filesOf(app.outdir);
}

/** The files of a mesh that is written in code. */
export function treeOf(props: MeshProps, patch: (mesh: Mesh) => void = () => {}): Files {
  return synthesized(app => patch(new Mesh(app, 'mesh1', props)));
}

/** The files of a mesh that is written in a file. */
export function treeOfFile(text: string): Files {
  const file = join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml');
  return synthesized(app => Mesh.fromFile(app, 'mesh1', file));
}
