import { existsSync, readFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import type { InitialMesh } from './initial-mesh';
import { meshProgram } from './mesh-program';
import { meshText } from './mesh-text';
import { isDirectory } from '../../util/host/files';

/** Makes the text of a file, by its name. */
interface Templates { readonly [name: string]: (mesh: InitialMesh) => string }

/** The files of each format; those of a project may be there already, and stay as they are then. */
const FORMATS: { readonly [format: string]: { readonly own: Templates; readonly ofProject: Templates } } = {
  yaml: { own: { 'mesh.yaml': meshText }, ofProject: {} },
  typescript: {
    own: { 'main.ts': meshProgram, 'cdk8s.yaml': () => CDK8S_YAML, 'tsconfig.json': () => TSCONFIG },
    ofProject: { 'package.json': manifestText, '.gitignore': () => GITIGNORE, 'README.md': readme },
  },
};

/** What is written into a directory, and what stays there. */
export interface InitialFiles {
  /** Text of each new file. */
  readonly files: ReadonlyMap<string, string>;
  /** Files of a project that are there. */
  readonly kept: readonly string[];
}

/** The files of a mesh in one of the formats. */
export function initialFiles(mesh: InitialMesh, format: string, directory: string): InitialFiles {
  const { own, ofProject } = FORMATS[format];
  const isThere = (name: string) => existsSync(join(directory, name));
  const templates = Object.entries({ ...own, ...ofProject }).filter(([name]) => name in own || !isThere(name));
  return { files: new Map(templates.map(([name, template]) => [name, template(mesh)])), kept: Object.keys(ofProject).filter(isThere) };
}

/**
 * Nothing of the user's is replaced.
 *
 * @throws when a file of the format is there, or a file where the directory would be
 */
export function refuseExisting(format: string, directory: string): void {
  const above = nearestThere(resolve(directory));
  if (!isDirectory(above)) {
    throw new Error(`'${above}' is no directory, and nothing was written; name another directory`);
  }
  const there = Object.keys(FORMATS[format].own).map(name => join(directory, name)).filter(existsSync);
  if (there.length > 0) {
    throw new Error(`${there.map(path => `'${path}'`).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, and nothing was written; name another directory`);
  }
}

function nearestThere(path: string): string {
  return existsSync(path) ? path : nearestThere(dirname(path));
}

/** Packages of a project, by the command line of npm that installs them. */
export interface Packages { readonly [name: string]: string }

/** What a program needs, and what runs it, in the versions that this library is tested with. */
export function packages(): { readonly dependencies: Packages; readonly devDependencies: Packages } {
  const { name, version, devDependencies } = ownManifest();
  const pinned = (...names: string[]) => Object.fromEntries(names.map(one => [one, devDependencies[one]]));
  return {
    dependencies: { [name]: version, ...pinned('cdk8s', 'cdk8s-plus-28', 'constructs') },
    devDependencies: pinned('cdk8s-cli', 'tsx', 'typescript'),
  };
}

/** From lib/src/cli/init, or from src where the sources are run. */
function ownManifest(): { readonly name: string; readonly version: string; readonly devDependencies: Packages } {
  const levels = ['../../..', '../../../..'].map(up => join(__dirname, up, 'package.json'));
  return JSON.parse(readFileSync(levels.find(existsSync)!, 'utf-8'));
}

function manifestText({ mesh: { meshID } }: InitialMesh): string {
  const { dependencies, devDependencies } = packages();
  return json({ name: packageName(meshID), private: true, scripts: { synth: 'cdk8s synth', check: 'tsc' }, dependencies, devDependencies });
}

function packageName(meshID: string): string {
  return meshID.toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'mesh';
}

const CDK8S_YAML = 'language: typescript\napp: npx tsx main.ts\n';

const TSCONFIG = json({ compilerOptions: { noEmit: true, strict: true, module: 'node16', target: 'es2022', types: [] }, files: ['main.ts'] });

/** The output may be committed or not; the keys of authorities may not, wherever they are. */
const GITIGNORE = 'node_modules/\n*-key.pem\n';

function readme({ mesh: { meshID } }: InitialMesh): string {
  return `# ${meshID}

A multi-primary Istio mesh: \`main.ts\` says of what clusters, and \`cdk8s synth\` writes a directory of manifests for each into \`dist/\`.

\`\`\`sh
npm install
npx cdk8s synth      # tells what to run next
\`\`\`

\`npm run check\` compiles \`main.ts\`, and with it every setting. \`npx istio-mesh --help\` lists what can be done with the mesh in \`dist/\`;
\`npx istio-mesh explain CODE\` tells what a message is about, by the code at its end.
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
