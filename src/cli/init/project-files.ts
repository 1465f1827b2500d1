import { existsSync } from 'fs';
import { join, resolve } from 'path';
import type { InitialMesh } from './initial-mesh';
import { meshProgram } from './mesh-program';
import { meshYaml } from './mesh-yaml';
import { isDirectory, nearestExisting } from '../../util/host/files';
import { jsonText } from '../arguments';
import { libraryManifest } from '../library-manifest';

/** The function that writes each file, by file name. */
interface Templates { readonly [name: string]: (mesh: InitialMesh) => string }

/** The files of a format. */
interface Format {
  /** Files of the mesh definition; init fails if one of them already exists. */
  readonly definition: Templates;
  /** Files of the project; those that already exist are kept. */
  readonly project: Templates;
}

const FORMATS: { readonly [format: string]: Format } = {
  yaml: { definition: { 'mesh.yaml': meshYaml }, project: {} },
  typescript: {
    definition: { 'main.ts': meshProgram, 'cdk8s.yaml': () => CDK8S_YAML, 'tsconfig.json': () => TSCONFIG },
    project: { 'package.json': packageManifest, '.gitignore': () => GITIGNORE, 'README.md': readme },
  },
};

/** The files that init writes into a directory, and those that it keeps. */
export interface InitialFiles {
  /** The content of each new file. */
  readonly files: ReadonlyMap<string, string>;
  /** Names of project files that already exist. */
  readonly kept: readonly string[];
}

/** The files of a mesh in one of the formats. */
export function initialFiles(mesh: InitialMesh, format: string, directory: string): InitialFiles {
  const { definition, project } = FORMATS[format];
  const kept = Object.keys(project).filter(name => existsSync(join(directory, name)));
  const templates = Object.entries({ ...definition, ...project }).filter(([name]) => !kept.includes(name));
  return { files: new Map(templates.map(([name, template]) => [name, template(mesh)])), kept };
}

/**
 * Makes sure that init overwrites no file of the user.
 *
 * @throws if a file of the mesh definition already exists, or the path is not a directory
 */
export function assertNoExistingFiles(format: string, directory: string): void {
  const ancestor = nearestExisting(resolve(directory));
  if (!isDirectory(ancestor)) {
    throw new Error(`'${ancestor}' is not a directory; nothing was written; choose another directory`);
  }
  const existing = Object.keys(FORMATS[format].definition).map(name => join(directory, name)).filter(existsSync);
  if (existing.length > 0) {
    const paths = existing.map(path => `'${path}'`).join(', ');
    const verb = existing.length === 1 ? 'exists' : 'exist';
    throw new Error(`${paths} already ${verb}; nothing was written; choose another directory`);
  }
}

/** Versions of npm packages by their names. */
export interface Packages { readonly [name: string]: string }

/** The packages that a program needs, and those that run it, in the versions that this library is tested with. */
export function requiredPackages(): { readonly dependencies: Packages; readonly devDependencies: Packages } {
  const { name, version, devDependencies } = libraryManifest();
  const pinned = (...names: string[]) => Object.fromEntries(names.map(one => [one, devDependencies[one]]));
  return {
    dependencies: { [name]: version, ...pinned('cdk8s', 'cdk8s-plus-28', 'constructs') },
    devDependencies: pinned('cdk8s-cli', 'tsx', 'typescript'),
  };
}

function packageManifest({ meshID }: InitialMesh): string {
  const scripts = { synth: 'cdk8s synth', check: 'tsc' };
  return jsonText({ name: packageName(meshID), private: true, scripts, ...requiredPackages() });
}

function packageName(meshID: string): string {
  return meshID.toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'mesh';
}

const CDK8S_YAML = 'language: typescript\napp: npx tsx main.ts\n';

const TSCONFIG = jsonText({
  compilerOptions: { noEmit: true, strict: true, module: 'node16', target: 'es2022', types: [] },
  files: ['main.ts'],
});

/** Users may commit the generated manifests, but never the private keys of CAs. */
const GITIGNORE = 'node_modules/\n*-key.pem\n';

function readme({ meshID }: InitialMesh): string {
  return `# ${meshID}

A multi-primary Istio mesh. \`main.ts\` defines its clusters, and \`cdk8s synth\` writes a directory of manifests for
each cluster into \`dist/\`.

\`\`\`sh
npm install
npx cdk8s synth      # prints the next steps
\`\`\`

\`npm run check\` compiles \`main.ts\`, and so checks every setting. \`npx istio-mesh --help\` lists the commands that
work with \`dist/\`. \`npx istio-mesh explain CODE\` explains an error or a warning by the code at its end.
`;
}
