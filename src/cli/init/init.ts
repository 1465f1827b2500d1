import type { Remarks } from './cluster-answers';
import type { InitOptions } from './init-options';
import { type InitialMesh, meshDefinition } from './initial-mesh';
import { Interview } from './interview';
import { kubeContexts } from './kubeconfig-contexts';
import { meshAnswers } from './mesh-answers';
import { writeNewFiles } from './new-files';
import { type Packages, assertNoExistingFiles, initialFiles, requiredPackages } from './project-files';
import { runningContexts } from './running/context-answers';
import { readRunningMesh } from './running/mesh';
import { diagnosticLine, foldEqual } from '../../core/diagnostic';
import { throwErrors } from '../../core/mesh-error';
import { problem } from '../../core/rule';
import type { Definition } from '../../definition/definition';
import type { MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { shellWord } from '../../util/shell-word';
import { counted, inOneLine } from '../../util/text';

/**
 * Creates a mesh definition in a directory.
 *
 * @returns the summary and the next steps
 * @throws if the mesh is not valid, or a file already exists; nothing is written then
 */
export async function init(directory: string, options: InitOptions): Promise<string> {
  const interview = new Interview(!options.yes && process.stdin.isTTY && process.stdout.isTTY);
  const format = options.format ?? await askFormat(interview);
  assertNoExistingFiles(format, directory); // before the user answers more questions
  if (options.fromContexts) {
    const { contexts: known } = await kubeContexts();
    const contexts = await runningContexts(options.fromContexts, known, interview);
    throwErrors('the running mesh', interview.missing.map(message => problem(message)));
    return writeMesh(directory, await readRunningMesh(contexts, known), format, { isRunning: true });
  }
  const remarks: Remarks = { problems: [], notes: [] };
  const mesh = await meshAnswers(options, interview, remarks);
  throwErrors('the new mesh', [...remarks.problems, ...interview.missing].map(message => problem(message)));
  return writeMesh(directory, mesh, format);
}

async function askFormat(interview: Interview): Promise<string> {
  return interview.askChoice({
    message: 'Format',
    why: 'This creates your mesh definition; no cluster is modified. Both formats generate the same manifests.',
    choices: [
      { value: 'yaml', title: 'mesh.yaml', description: 'one file, no code' },
      { value: 'typescript', title: 'TypeScript project', description: 'to add your own constructs and patches' },
    ],
    initial: 'yaml',
  });
}

/**
 * Writes the files of a mesh, either all of them or none.
 *
 * Errors in a new mesh fail; errors in a running mesh become notes, because the user fixes them in the written file.
 *
 * @returns the summary and the next steps
 * @throws if a new mesh is not valid, or a file already exists
 */
function writeMesh(directory: string, mesh: InitialMesh, format: string, { isRunning = false } = {}): string {
  const definition: Definition = {
    data: meshDefinition(mesh), directory, place: path => ({ path }), source: () => undefined,
  };
  const { model, errors } = new EvaluatedMesh(definition);
  throwErrors('the new mesh', isRunning ? [] : errors);
  const { files, kept } = initialFiles(mesh, format, directory);
  writeNewFiles(directory, files);
  const prefix = directory === '.' ? '' : `${directory}: `;
  return [
    `${prefix}${[...files.keys()].join(', ')}: ${meshSummary(model)}`,
    ...clusterLines(model),
    ...foldEqual(errors).map(error => `note: fix before synth: ${diagnosticLine(error)}`),
    ...mesh.notes.map(note => `note: ${note}`),
    ...kept.map(name => `note: ${name} already exists and was not changed`),
    'next:',
    ...nextSteps(directory, format, kept.includes('package.json')).map(line => `  ${line}`),
    '',
  ].map(inOneLine).join('\n');
}

function meshSummary({ meshID, clusters }: MeshModel): string {
  const networks = clustersByNetwork(clusters).size;
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway).length;
  return `mesh '${meshID}' of ${counted(clusters.length, 'cluster')} on ${counted(networks, 'network')}, with `
    + (gateways === 0 ? 'no east-west gateways' : counted(gateways, 'east-west gateway'));
}

/** A line for each cluster, up to a number that is still useful to read. */
function clusterLines({ clusters }: MeshModel): string[] {
  const shown = clusters.slice(0, MANY_CLUSTERS);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, context, apiServer }) =>
    `  ${name.padEnd(width)}  context ${context}${apiServer === undefined ? '' : `, ${apiServer}`}`);
  return shown.length < clusters.length ? [...lines, `  and ${clusters.length - shown.length} more`] : lines;
}

function nextSteps(directory: string, format: string, hasPackageManifest: boolean): string[] {
  const enter = directory === '.' ? [] : [`cd ${shellWord(directory)}`];
  if (format !== 'typescript') {
    return [...enter, 'npx istio-mesh synth mesh.yaml    # writes dist/ and prints the next steps'];
  }
  const { dependencies: { 'cdk8s-istio-mesh': _, ...peers }, devDependencies } = requiredPackages();
  const install = hasPackageManifest
    ? [npmInstall('--save-exact', peers), npmInstall('--save-exact --save-dev', devDependencies)]
    : ['npm install'];
  return [...enter, ...install, 'npx cdk8s synth    # writes dist/ and prints the next steps'];
}

function npmInstall(option: string, packages: Packages): string {
  const names = Object.entries(packages).map(([name, version]) => shellWord(`${name}@${version}`));
  return ['npm install', option, ...names].join(' ');
}
