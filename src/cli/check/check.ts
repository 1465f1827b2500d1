import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { Mesh } from '../../constructs/mesh';
import type { Diagnostic } from '../../core/diagnostic';
import { ruleError } from '../../core/evaluate';
import { MeshError } from '../../core/mesh-error';
import { problem } from '../../core/rule';
import { readMeshFile } from '../../definition/mesh-file';
import type { MeshModel } from '../../definition/mesh-model';
import { resolveMesh } from '../../definition/resolve-mesh';
import { RESERVED_DIRECTORIES } from '../../istio/names';
import { MeshApp } from '../../output/mesh-app';
import { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { manifestDiagnostics } from '../../rules/manifest/manifest-diagnostics';
import { readClusterManifests } from '../../rules/manifest/manifests';
import { isAcknowledged } from '../../rules/mesh/mesh-rules';
import { TREE_RULE } from '../../rules/tree-rule';
import { ownedFiles } from '../../util/host/tree-writer';
import { Memo } from '../../util/memo';
import { OWNERSHIP_FILE, type Tree } from '../../util/tree';

/**
 * Everything that is wrong with a definition and the manifests generated from it, or with a directory of manifests.
 *
 * @param path a mesh file, or a directory that any tool generated
 * @param output output directory of the mesh file; where there is none, only the definition is evaluated
 */
export function check(path: string, output: string): readonly Diagnostic[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return directoryDiagnostics(path, acknowledgedIn(path));
  }
  try {
    const mesh = new EvaluatedMesh(readMeshFile(path));
    if (!existsSync(output)) {
      return mesh.diagnostics;
    }
    const differences = mesh.errors.length > 0 ? [] : outputDiagnostics(path, output, generatedFiles(mesh, output));
    return [...mesh.diagnostics, ...differences, ...directoryDiagnostics(output, mesh.model.acknowledge)];
  } catch (error) {
    if (error instanceof MeshError) {
      return error.diagnostics.map(diagnostic => ({ ...diagnostic, place: { file: path, ...diagnostic.place } }));
    }
    throw error;
  }
}

function generatedFiles(mesh: EvaluatedMesh, output: string): Tree {
  const app = new MeshApp({ outdir: output, summary: false });
  Mesh._of(app, 'mesh', mesh);
  return app._files().tree;
}

/** Where the output directory is not what the definition generates. */
function outputDiagnostics(path: string, output: string, tree: Tree): Diagnostic[] {
  const again = `run istio-mesh synth ${path} --output ${output}`;
  const diagnostic = (file: string, message: string) =>
    ruleError(TREE_RULE, problem(message, again), { file: join(output, file) });
  const owned = existsSync(join(output, OWNERSHIP_FILE)) ? ownedFiles(resolve(output)) : [];
  const changed = [...tree].filter(([file, text]) => textOf(join(output, file)) !== text).map(([file]) =>
    diagnostic(file, existsSync(join(output, file)) ? `the file differs from what ${path} generates`
      : `${path} generates this file, and it is missing`));
  const stale = owned.filter(file => !tree.has(file) && existsSync(join(output, file)))
    .map(file => diagnostic(file, `${path} does not generate this file any more`));
  const isComplete = owned.length === tree.size && owned.every(file => tree.has(file));
  const incomplete = 'the output is incomplete: a synth did not finish, or other files were written since';
  return [...changed, ...stale, ...isComplete ? [] : [diagnostic(OWNERSHIP_FILE, incomplete)]];
}

function textOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf-8') : undefined;
}

/** What the rules find in the manifests below a directory. */
function directoryDiagnostics(directory: string, acknowledge: MeshModel['acknowledge']): Diagnostic[] {
  const memo = new Memo();
  return clusterDirectories(directory).flatMap(path => manifestDiagnostics(readClusterManifests(path, memo)))
    .filter(({ rule }) => !isAcknowledged(rule, acknowledge));
}

const MANIFEST = /\.(ya?ml|json)$/;

/** The directories that hold one cluster each: those below a directory, or itself when it has manifests at its top. */
function clusterDirectories(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  const hasManifests = entries.some(entry => entry.isFile() && MANIFEST.test(entry.name) && entry.name !== MESH_FILE);
  return hasManifests ? [directory] : entries
    .filter(entry => entry.isDirectory() && !RESERVED_DIRECTORIES.includes(entry.name))
    .map(({ name }) => join(directory, name)).sort();
}

const MESH_FILE = 'mesh.yaml';

/** The acknowledgements of the mesh whose output a directory is. */
function acknowledgedIn(directory: string): MeshModel['acknowledge'] {
  const file = join(directory, MESH_FILE);
  return existsSync(file) ? resolveMesh(readMeshFile(file)).model.acknowledge : {};
}
