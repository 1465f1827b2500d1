import { mkdtempSync, realpathSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import type { Mesh } from '../../src';
import { diagnosticLine } from '../../src/core/diagnostic';
import { MeshError } from '../../src/core/mesh-error';

/** Path of the compiled command line, a program for Node. */
export const CLI = process.env.ISTIO_MESH_CLI!;

/** A certificate authority that nobody has the key of. */
export const CA_PEM = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUHNLOd5JeVRMzwiYHbStHKj0C6L0wCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHdGVzdC1jYTAgFw0yNjExMjMwNDEyMzlaGA8yMTI2MTAzMDA0
MTIzOVowEjEQMA4GA1UEAwwHdGVzdC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABP3FRpNnMpkJPReIjn+qFTcmvDmFZOAIcngCnMQkYM0umvyXlfMQHkL0VW6Y
3/fMsS0qQ1Vxq5dP8KRSkAbq/HyjUzBRMB0GA1UdDgQWBBTxCC3mVxJ7FWmTAuEf
p74NLB9gTDAfBgNVHSMEGDAWgBTxCC3mVxJ7FWmTAuEfp74NLB9gTDAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIGVwzG615ije+fFleg4oDw3A7PTx
KKaz2ONcIPmtdvQ0AiEAiwRiTDmvi7tFLDJXuLXAbJnSE8ejIpb7bWL1/KumczM=
-----END CERTIFICATE-----
`;

/**
 * Everything that is refused, sentence by sentence and without its code; empty when nothing is. Any other error is the
 * test's.
 */
export function problems(action: () => unknown): string[] {
  return codedProblems(action).map(problem => problem.replace(/ \(IM\d{3}\)$/, ''));
}

/** Everything that is refused, as it is said. */
export function codedProblems(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof MeshError) {
      return error.diagnostics.map(diagnosticLine);
    }
    throw error;
  }
}

/** The errors as they are printed: equal ones of several clusters in one line. */
export function printedErrors(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof MeshError) {
      return error.message.split('\n').slice(1).map(line => line.trim());
    }
    throw error;
  }
}

/** The warnings of a mesh, each as its code and its line. */
export function warningsOf({ _evaluated: { warnings } }: Mesh): Array<readonly [code: string, line: string]> {
  return warnings.map(warning => [warning.rule!.code, diagnosticLine(warning)]);
}

const temporaryDirectories: string[] = [];

afterAll(() => temporaryDirectories.forEach(directory => rmSync(directory, { recursive: true, force: true })));

/** A new directory that nobody else writes, until the tests of the file are done. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'istio-mesh-')));
  temporaryDirectories.push(directory);
  return directory;
}
