import { join } from 'path';
import { smallKey } from './authorities';
import { type Files, directoryWith, filesOf } from './mesh-util';
import * as certificates from '../../src/cli/certs/certificates';
import { type CertsOptions, type CertsOutcome, Certs, certsLine, certsSummary } from '../../src/cli/certs/certs';
import { loadMesh } from '../../src/cli/load-mesh';

export const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
trust: {pem: keys}
clusters: [{name: one}, {name: two}]
`;

export const NEW_ROOT_NOTE = "note: 'keys' has a new root CA; "
  + 'move its root-key.pem to a safe place until you add another cluster';

const DAYS = { days: 3650, rootDays: 3650 };

/** Makes the command create keys of 2048 bits, because those of 4096 bits take seconds. */
export function useSmallKeys(): void {
  jest.spyOn(certificates, 'newKey').mockImplementation(async () => smallKey());
}

/** The outcomes of a run in a directory with a mesh file. */
export async function certsOutcomes(directory: string, options: Partial<CertsOptions> = {}): Promise<CertsOutcome[]> {
  return new Certs(loadMesh(join(directory, 'mesh.yaml')), { ...DAYS, ...options }).run(() => undefined);
}

/** The lines that a run prints, with paths relative to the directory. */
export async function certs(directory: string, options: Partial<CertsOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  const outcomes = await new Certs(loadMesh(join(directory, 'mesh.yaml')), { ...DAYS, ...options })
    .run(outcome => lines.push(certsLine(outcome)));
  const text = [...lines.sort(), certsSummary(outcomes, options)].join('');
  return text.split(`${directory}/`).join('').trim().split('\n');
}

/** The files in the PEM directory. */
export function keysOf(directory: string): Files {
  return filesOf(join(directory, 'keys'));
}

/** The files that a run creates for the mesh, by paths relative to its directory. */
export async function createdFiles(): Promise<Files> {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  await certs(directory);
  return Object.fromEntries(Object.entries(keysOf(directory)).map(([path, text]) => [`keys/${path}`, text]));
}

/** Files without those whose path in the PEM directory starts with one of these prefixes. */
export function without(files: Files, ...prefixes: readonly string[]): Files {
  const isKept = (path: string) => !prefixes.some(prefix => path.startsWith(`keys/${prefix}`));
  return Object.fromEntries(Object.entries(files).filter(([path]) => isKept(path)));
}
