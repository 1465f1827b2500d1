import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { Mesh } from '../../constructs/mesh';
import { MeshError } from '../../core/problems';
import { judged, Severity } from '../../core/rule';
import { propsOf } from '../../definition/definition';
import { readMeshFile } from '../../definition/mesh-file';
import type { MeshModel } from '../../definition/mesh-model';
import { meshModel } from '../../definition/mesh-model';
import { RESERVED_DIRECTORIES } from '../../istio/names';
import type { Complaint } from '../../output/diagnostic-formats';
import { MeshApp } from '../../output/mesh-app';
import { DocumentTexts } from '../../rules/manifest/documents';
import { MANIFEST_RULES } from '../../rules/manifest/manifest-rules';
import { readClusterManifests } from '../../rules/manifest/manifests';
import { isAcknowledged, meshProblems } from '../../rules/mesh/mesh-rules';
import { TREE_RULE } from '../../rules/tree-rule';
import { ownedFiles } from '../../util/host/tree-writer';
import { OWNERSHIP_FILE } from '../../util/tree';
import type { Tree } from '../../util/tree';

/**
 * Everything that is wrong with a definition and the tree that was made of it, or with a tree alone.
 *
 * @param path a mesh file, or a directory that any tool made
 * @param output directory of the tree that was made of the mesh file; where there is none, the definition is judged alone
 */
export function check(path: string, output: string): readonly Complaint[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return manifestComplaints(path, acknowledgedIn(path));
  }
  try {
    const definition = readMeshFile(path);
    const { model, problems } = meshModel(definition);
    const complaints = meshProblems(model, problems).map(({ rule, message, path: place }) => ({ rule, place: definition.place(place), message }));
    const isRefused = complaints.some(({ rule }) => rule.severity === Severity.ERROR);
    if (!existsSync(output)) {
      return complaints;
    }
    const app = new MeshApp({ outdir: output, summary: false });
    const differences = () => {
      new Mesh(app, 'mesh', propsOf(definition));
      return treeComplaints(path, output, app._tree().tree);
    };
    return [...complaints, ...isRefused ? [] : differences(), ...manifestComplaints(output, model.acknowledge)];
  } catch (error) {
    return refusals(error, path);
  }
}

/** What a file says that cannot be read as a mesh. */
function refusals(error: unknown, path: string): Complaint[] {
  if (!(error instanceof MeshError)) {
    throw error;
  }
  return error.problems.map(problem => {
    const [, place = path, message = problem] = /^(.+?:\d+:\d+|[^:]+): (.*)$/s.exec(problem) ?? [];
    return { place, message };
  });
}

/** Where a tree is not what a definition gives. */
function treeComplaints(path: string, output: string, tree: Tree): Complaint[] {
  const again = `run istio-mesh synth ${path} --output ${output}`;
  const complaint = (file: string, message: string) => ({ rule: TREE_RULE, place: join(output, file), message: `${message}; ${again}` });
  const owned = existsSync(join(output, OWNERSHIP_FILE)) ? ownedFiles(resolve(output)) : [];
  const changed = [...tree].filter(([file, text]) => textOf(join(output, file)) !== text).map(([file]) =>
    complaint(file, existsSync(join(output, file)) ? `the file is not what ${path} gives` : `${path} gives this file, and it is not there`));
  const stale = owned.filter(file => !tree.has(file) && existsSync(join(output, file)))
    .map(file => complaint(file, `${path} does not give this file any more`));
  const isComplete = owned.length === tree.size && owned.every(file => tree.has(file));
  return [...changed, ...stale, ...isComplete ? [] : [complaint(OWNERSHIP_FILE, 'the tree is incomplete: a synth did not end, or other files were written since')]];
}

function textOf(file: string): string | undefined {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf-8') : undefined;
}

/** What the rules find in the manifests of a tree. */
function manifestComplaints(directory: string, acknowledge: MeshModel['acknowledge']): Complaint[] {
  const texts = new DocumentTexts();
  return clusterDirectories(directory).flatMap(path => {
    const cluster = readClusterManifests(path, texts);
    return judged(MANIFEST_RULES, cluster).filter(([rule]) => !isAcknowledged(rule, acknowledge))
      .map(([rule, [[index, ...keys], message]]) => ({ rule, place: cluster.manifests[index as number].place(keys), message }));
  });
}

const MANIFEST = /\.(ya?ml|json)$/;

/** The directories of a tree that hold a cluster each: those below it, or itself when manifests lie at its top. */
function clusterDirectories(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  const manifests = entries.filter(entry => entry.isFile() && MANIFEST.test(entry.name) && !entry.name.startsWith('.') && entry.name !== MESH_FILE);
  return manifests.length > 0 ? [directory] : entries
    .filter(entry => entry.isDirectory() && !RESERVED_DIRECTORIES.includes(entry.name) && !entry.name.startsWith('.'))
    .map(({ name }) => join(directory, name)).sort();
}

const MESH_FILE = 'mesh.yaml';

/** What a tree of ours says itself that is right in it. */
function acknowledgedIn(directory: string): MeshModel['acknowledge'] {
  const file = join(directory, MESH_FILE);
  return existsSync(file) ? meshModel(readMeshFile(file)).model.acknowledge : {};
}
