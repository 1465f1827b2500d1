import type { Remarks } from './asked-clusters';
import { askedMesh } from './asked-mesh';
import type { InitOptions } from './init-options';
import type { InitialMesh } from './initial-mesh';
import { definitionOfInitial } from './initial-mesh';
import type { Interview } from './interview';
import { Defaults, Terminal } from './interview';
import { kubeContexts } from './kubeconfig-contexts';
import { writeNewFiles } from './new-files';
import type { Packages } from './project-files';
import { initialFiles, packages, refuseExisting } from './project-files';
import { runningMesh } from './running/running-mesh';
import { runningContexts } from './running-contexts';
import { diagnosticLine, foldEqual } from '../../core/diagnostic';
import { throwErrors } from '../../core/mesh-error';
import type { Definition } from '../../definition/definition';
import type { MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { shellWord } from '../../util/shell-word';
import { counted, inOneLine } from '../../util/text';

/**
 * Writes a first mesh into a directory.
 *
 * @returns what was written, and what to run next
 * @throws when something is wrong with it, or a file is there already; nothing is written then
 */
export async function init(directory: string, options: InitOptions): Promise<string> {
  const asked = new Defaults();
  const interview: Interview = options.yes || !process.stdin.isTTY || !process.stdout.isTTY ? asked : new Terminal();
  const format = options.format ?? await askedFormat(interview);
  refuseExisting(format, directory); // before anything is asked
  if (options.fromContexts) {
    const { contexts: known } = await kubeContexts();
    const contexts = await runningContexts(options.fromContexts, known, interview);
    throwErrors('the mesh that runs', asked.missing);
    return writeMesh(directory, await runningMesh(contexts, known), format, true);
  }
  const remarks: Remarks = { problems: [], notes: [] };
  const mesh = await askedMesh(options, interview, remarks);
  throwErrors('the new mesh', [...remarks.problems, ...asked.missing]);
  return writeMesh(directory, mesh, format);
}

async function askedFormat(interview: Interview): Promise<string> {
  return interview.choice({
    message: 'What is written',
    why: 'Both give the same tree.',
    choices: [
      { value: 'yaml', title: 'mesh.yaml', description: 'one file, and no code' },
      { value: 'typescript', title: 'a project in TypeScript', description: 'for a mesh with constructs and patches of your own' },
    ],
    initial: 'yaml',
    missing: '',
  });
}

/**
 * Writes the files of a mesh, all of them or none.
 *
 * @returns what was written, and what to run next
 * @param isRunning whether the mesh runs: what synth would refuse of it is told then, and refused by synth alone
 * @throws when synth would refuse a new mesh, or a file is there already
 */
export function writeMesh(directory: string, mesh: InitialMesh, format: string, isRunning = false): string {
  refuseExisting(format, directory);
  const definition: Definition = { data: definitionOfInitial(mesh), directory, place: path => ({ path }), source: () => undefined };
  const { model, errors } = new EvaluatedMesh(definition);
  throwErrors('the new mesh', isRunning ? [] : errors);
  const { files, kept } = initialFiles(mesh, format, directory);
  writeNewFiles(directory, files);
  return [
    `${shownDirectory(directory)}${[...files.keys()].join(', ')}: ${meshLine(model)}`,
    ...clusterLines(model),
    ...foldEqual(errors).map(error => `note: synth will refuse ${diagnosticLine(error)}`),
    ...mesh.notes.map(note => `note: ${note}`),
    ...kept.map(name => `note: ${name} was there, and stays as before`),
    'next:',
    ...nextLines(directory, format, kept.includes('package.json')).map(line => `  ${line}`),
    '',
  ].map(inOneLine).join('\n');
}

function shownDirectory(directory: string): string {
  return directory === '.' ? '' : `${directory}: `;
}

function meshLine({ meshID, clusters }: MeshModel): string {
  const networks = clustersByNetwork(clusters).size;
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway).length;
  return `mesh '${meshID}' of ${counted(clusters.length, 'cluster')} on ${counted(networks, 'network')}, with ${gateways === 0 ? 'no' : gateways} east-west ${gateways === 1 ? 'gateway' : 'gateways'}`;
}

/** A line for each cluster, as long as somebody reads them. */
function clusterLines({ clusters }: MeshModel): string[] {
  const shown = clusters.slice(0, MANY_CLUSTERS);
  const width = Math.max(...shown.map(({ name }) => name.length));
  return [
    ...shown.map(({ name, context, apiServer }) => `  ${name.padEnd(width)}  context ${context}${apiServer === undefined ? '' : `, ${apiServer}`}`),
    ...shown.length < clusters.length ? [`  and ${clusters.length - shown.length} more`] : [],
  ];
}

function nextLines(directory: string, format: string, hasManifest: boolean): string[] {
  const enter = directory === '.' ? [] : [`cd ${shellWord(directory)}`];
  if (format !== 'typescript') {
    return [...enter, 'npx istio-mesh synth mesh.yaml    # writes dist/, and tells what to run then'];
  }
  const { dependencies: { 'cdk8s-istio-mesh': own, ...peers }, devDependencies } = packages();
  const install = hasManifest ? [npmInstall('--save-exact', peers), npmInstall('--save-exact --save-dev', devDependencies)] : ['npm install'];
  return [...enter, ...install, 'npx cdk8s synth    # writes dist/, and tells what to run then'];
}

function npmInstall(option: string, names: Packages): string {
  return ['npm install', option, ...Object.entries(names).map(([name, version]) => shellWord(`${name}@${version}`))].join(' ');
}
