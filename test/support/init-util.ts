import { readdirSync } from 'fs';
import { ModuleKind, transpileModule } from 'typescript';
import { FakeClusters } from './fake-clusters';
import { type Files, directoryWith, filesOf, synthesized } from './mesh-util';
import { problems, temporaryDirectory } from './util';
import * as library from '../../src';
import { init } from '../../src/cli/init/init';
import type { InitOptions } from '../../src/cli/init/init-options';

/** URLs of API servers that other clusters can reach, by context. */
export const THREE_SERVERS = {
  cluster1: 'https://10.0.0.1:6443',
  cluster2: 'https://10.0.0.2:6443',
  cluster3: 'https://10.0.0.3:6443',
};

/** Sets a kubeconfig with a context for each API server, and a context whose cluster does not exist. */
export function useKubeconfig(servers: { readonly [context: string]: string | object }): void {
  const entries = Object.entries(servers);
  new FakeClusters().kubeconfig = {
    clusters: entries.map(([name, server]) => ({
      name: `cluster of ${name}`, cluster: typeof server === 'string' ? { server } : server,
    })),
    contexts: [
      ...entries.map(([name]) => ({ name, context: { cluster: `cluster of ${name}` } })),
      { name: 'without a cluster', context: { cluster: 'missing' } },
    ],
  };
}

const DEFAULTS: InitOptions = { istioVersion: '1.31.0', yes: true };

/** Runs init in a directory with some files; returns all files and the output, with `DIR` for the directory. */
export async function runInit(options: InitOptions, existing: Files = {}): Promise<{ files: Files; output: string }> {
  const directory = directoryWith(existing);
  const output = await init(directory, { ...DEFAULTS, ...options });
  return { files: filesOf(directory), output: output.replaceAll(directory, 'DIR') };
}

/** Runs init with options that are not valid, and returns the errors. */
export async function initProblems(options: InitOptions): Promise<string[]> {
  const directory = temporaryDirectory();
  const error = await init(directory, { ...DEFAULTS, ...options }).catch(reason => reason);
  expect(readdirSync(directory)).toEqual([]);
  return problems(() => { throw error; });
}

/** The files that a TypeScript program writes. */
export function filesOfProgram(text: string): Files {
  return synthesized(app => {
    const compiled = transpileModule(text, { compilerOptions: { module: ModuleKind.CommonJS } }).outputText;
    const MeshApp = function () { return app; };
    new Function('require', 'exports', compiled)(() => ({ ...library, MeshApp }), {});
  });
}
