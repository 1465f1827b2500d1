import { existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { type Issuer, certificateOfKey, intermediateCertificate, newKey, rootCertificate } from './certificates';
import type { ClusterModel } from '../../definition/mesh-model';
import { certificatesIn, invalidityOf } from '../../istio/intermediate-ca';
import { PemDirectory } from '../../settings/trust/pem-directory';
import { Certificate } from '../../util/host/certificates';
import { newStaging, removeLeftovers } from '../../util/host/staging';
import { OWNERSHIP_FILE } from '../../util/tree';

export interface CreateOptions {
  /** Report what would be created, without creating anything. */
  readonly dryRun?: boolean;
  /** Validity of a new root CA. */
  readonly rootDays: number;
  /** Validity of a new intermediate CA. */
  readonly days: number;
}

/** What happened to the files of a cluster. */
export interface FilesOutcome {
  readonly files: 'new' | 'right' | 'failed';
  /** Whether the root CA is new, too. */
  readonly isNewRoot?: boolean;
  /** The reason, and what to do about it. */
  readonly reason?: string;
}

const ROOT_CERTIFICATE = 'root-cert.pem';
const ROOT_KEY = 'root-key.pem';

/** Other users of the machine cannot list the directories or read the keys. */
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** A root CA. */
interface Root {
  /** Text of its certificate file. */
  readonly text: string;
  /** The certificate that belongs to its key, and the key. */
  readonly issuer: Issuer;
}

/**
 * Creates the missing files of a PEM directory: a root CA, and an intermediate CA for each cluster.
 *
 * A file is either complete or absent, and existing files are never replaced, so the next run completes a killed one.
 */
export class CertificateFiles {
  private readonly directory: PemDirectory;

  /** @param clusters the clusters that use the directory */
  constructor(private readonly clusters: readonly ClusterModel[], private readonly options: CreateOptions) {
    this.directory = clusters[0].pemDirectory!;
  }

  async create(): Promise<Map<ClusterModel, FilesOutcome>> {
    const missing = this.clusters.filter(({ name, pemDirectory }) => {
      const { ca, unreadable } = pemDirectory!.of(name);
      return !ca && !unreadable;
    });
    const outcomes = await this.createMissing(missing).catch(error => missing.map(() => failed(error)));
    return new Map(this.clusters.map(cluster => [cluster, outcomes[missing.indexOf(cluster)] ?? { files: 'right' }]));
  }

  private async createMissing(missing: readonly ClusterModel[]): Promise<FilesOutcome[]> {
    if (!this.options.dryRun && existsSync(this.directory.path)) {
      removeLeftovers(join(this.directory.path, ROOT_KEY)); // a killed run may have left a key
    }
    if (missing.length === 0) {
      return [];
    }
    requireOutsideOfOutput(this.directory);
    const isNewRoot = this.directory.textOf(ROOT_CERTIFICATE) === undefined;
    if (isNewRoot) {
      this.requireSingleRoot(missing);
    }
    const existingRoot = isNewRoot ? undefined : this.readRoot();
    if (this.options.dryRun) {
      return missing.map(() => ({ files: 'new', isNewRoot }));
    }
    mkdirSync(this.directory.path, { recursive: true, mode: PRIVATE_DIRECTORY });
    const staging = newStaging(join(this.directory.path, ROOT_KEY));
    try {
      mkdirSync(staging, { mode: PRIVATE_DIRECTORY });
      this.createGitignore(staging);
      const root = existingRoot ?? await this.createRoot(staging);
      return await Promise.all(missing.map(cluster => this.createCluster(cluster, root, staging, isNewRoot)));
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }

  /** Rejects a new root CA if other clusters of the directory, or a peer with another directory, need a common one. */
  private requireSingleRoot(missing: readonly ClusterModel[]): void {
    const [first] = missing;
    const shown = this.directory.shown();
    const existing = this.clusters.find(cluster => !missing.includes(cluster));
    if (existing) {
      throw new Error(`'${first.name}' has no files in '${shown}', and ${ROOT_CERTIFICATE} and ${ROOT_KEY}, `
        + `which signed those of '${existing.name}', are missing; `
        + `add these two, or create the files of '${first.name}' with the tool that created the others`);
    }
    const elsewhere = missing.flatMap(({ peers }) => peers)
      .find(({ pemDirectory }) => pemDirectory && pemDirectory.path !== this.directory.path);
    if (elsewhere) {
      throw new Error(`'${shown}' has no root CA, and '${elsewhere.name}', a peer of '${first.name}', `
        + `has its files in '${elsewhere.pemDirectory!.shown()}', so each would get its own root CA; `
        + `use one directory for both, or put ${ROOT_CERTIFICATE} and ${ROOT_KEY} of one root CA into each`);
    }
  }

  /**
   * Reads the existing root CA.
   *
   * @throws if it cannot sign
   */
  private readRoot(): Root {
    const shown = `'${this.directory.shown()}'`;
    const text = this.directory.textOf(ROOT_CERTIFICATE)!;
    const key = this.directory.textOf(ROOT_KEY);
    if (key === undefined) {
      throw new Error(`${shown} has no ${ROOT_KEY}, which must sign the missing certificates; restore it for this run`);
    }
    const certificates = certificatesIn(text) ?? [];
    const certificate = this.explainKeyError(() => certificateOfKey(certificates, key));
    if (!certificate?.isAuthority) {
      throw new Error(`${ROOT_KEY} in ${shown} is not the key of a CA certificate in ${ROOT_CERTIFICATE}; `
        + 'write a key and a certificate that belong together');
    }
    const invalidity = invalidityOf([certificate]);
    if (invalidity) {
      throw new Error(`${ROOT_CERTIFICATE} in ${shown} ${invalidity.reason}, `
        + 'so istiod rejects certificates that it signs; use another directory');
    }
    return { text, issuer: { certificate: certificate.toString(), key } };
  }

  /** Writes the key first: if only the key exists, the next run creates the certificate. */
  private async createRoot(staging: string): Promise<Root> {
    const existingKey = this.directory.textOf(ROOT_KEY);
    const key = existingKey ?? await newKey();
    const certificate = this.explainKeyError(() => rootCertificate(key, this.options.rootDays));
    if (existingKey === undefined) {
      this.place(staging, ROOT_KEY, key, PRIVATE_FILE);
    }
    this.place(staging, ROOT_CERTIFICATE, certificate);
    return { text: certificate, issuer: { certificate, key } };
  }

  private async createCluster(
    cluster: ClusterModel, { text, issuer }: Root, staging: string, isNewRoot: boolean,
  ): Promise<FilesOutcome> {
    try {
      const key = await newKey();
      const { name, namespace } = cluster;
      const certificate = intermediateCertificate(key, { cluster: name, namespace, issuer, days: this.options.days });
      mkdirSync(join(staging, name), { mode: PRIVATE_DIRECTORY });
      const write = (file: string, content: string, mode?: number) =>
        writeFileSync(join(staging, name, file), content, { mode });
      write('ca-key.pem', key, PRIVATE_FILE);
      write('ca-cert.pem', certificate);
      write('cert-chain.pem', certificate + new Certificate(issuer.certificate).toString());
      write('root-cert.pem', text);
      this.placeCluster(staging, name);
      cluster.pemDirectory!.forget(name);
      return { files: 'new', isNewRoot };
    } catch (error) {
      return failed(error);
    }
  }

  private placeCluster(staging: string, name: string): void {
    const target = join(this.directory.path, name);
    try {
      renameSync(join(staging, name), target);
    } catch (error) {
      throw !existsSync(target) ? error
        : new Error(`'${this.directory.shown(name)}' exists without an intermediate CA, and is not replaced; `
          + 'move it away, and run this command again');
    }
  }

  /** Keeps the directory out of Git, where the mesh definition usually is; to commit encrypted keys, empty the file. */
  private createGitignore(staging: string): void {
    if (this.directory.textOf('.gitignore') === undefined) {
      this.place(staging, '.gitignore', '*\n');
    }
  }

  /** Moves a complete file to its place; unlike a rename, this fails if another run was faster. */
  private place(staging: string, name: string, text: string, mode?: number): void {
    const staged = join(staging, name);
    writeFileSync(staged, text, { mode });
    try {
      linkSync(staged, join(this.directory.path, name));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code !== 'EEXIST' ? error
        : new Error(`another run has just created '${this.directory.shown(name)}', which is not replaced; `
          + 'wait until that run has ended, and run this command again');
    }
  }

  private explainKeyError<Result>(sign: () => Result): Result {
    try {
      return sign();
    } catch (error) {
      throw new Error(`cannot sign with ${ROOT_KEY} in '${this.directory.shown()}': ${(error as Error).message}; `
        + 'create the files with the tool that created this key');
    }
  }
}

function failed(error: unknown): FilesOutcome {
  return { files: 'failed', reason: (error as Error).message };
}

/**
 * Rejects a PEM directory in an output directory.
 *
 * @throws if it is in an existing output directory, or in the default one
 */
function requireOutsideOfOutput(directory: PemDirectory): void {
  const existing = ancestors(directory.path).find(path => existsSync(join(path, OWNERSHIP_FILE)));
  const output = existing ?? (directory.isInside('dist') ? resolve('dist') : undefined);
  if (output) {
    throw new Error(`the PEM directory '${directory.shown()}' is inside the output directory `
      + `'${new PemDirectory(output, '.').shown()}', which is committed, and which cdk8s synth empties; `
      + 'use a directory outside of it');
  }
}

function ancestors(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...ancestors(dirname(path))];
}
