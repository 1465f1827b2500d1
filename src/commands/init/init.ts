import { InitialMesh } from './initial-mesh';
import { meshText } from './mesh-text';

/** What the command line says; what it leaves out is asked, or taken from the defaults. */
export interface InitOptions {
  readonly meshId?: string;
  readonly context?: readonly string[];
  readonly cluster?: readonly string[];
  readonly apiServer?: readonly string[];
  readonly network?: readonly string[];
  readonly istioVersion?: string;
  readonly installer?: string;
  readonly trust?: string;
  readonly gitOps?: string;
  readonly repoUrl?: string;
  readonly format?: string;
  readonly yes?: boolean;
}

/** Writes a first mesh into a directory, and tells what it wrote and what to run next. */
export async function init(directory: string, options: InitOptions): Promise<string> {
  const mesh = await askedMesh(options); // another source of an InitialMesh goes here
  return writeMesh(directory, mesh, options.format ?? 'yaml');
}

/** The mesh that flags and answers make. */
async function askedMesh(_options: InitOptions): Promise<InitialMesh> {
  throw new Error('not yet');
}

/**
 * Writes the files of a mesh, or none of them.
 *
 * @throws when one of them is there already
 */
export function writeMesh(_directory: string, mesh: InitialMesh, _format: string): string {
  return meshText(mesh);
}
