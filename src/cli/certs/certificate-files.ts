import { existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import type { Issuer } from './certificates';
import { certificateOfKey, intermediateCertificate, newKey, rootCertificate } from './certificates';
import type { ClusterModel } from '../../definition/mesh-model';
import { certificatesIn, dateProblems } from '../../istio/signing-authority';
import { PemDirectory } from '../../settings/trust/pem-directory';
import { Certificate } from '../../util/host/certificates';
import { newStaging, removeLeftovers } from '../../util/host/staging';
import { OWNERSHIP_FILE } from '../../util/tree';

export interface MakingOptions {
  /** Tell what would be made, and make nothing. */
  readonly dryRun?: boolean;
  /** How long a new root lasts. */
  readonly rootDays: number;
  /** How long a new intermediate lasts. */
  readonly days: number;
}

/** What became of the files of a cluster. */
export interface FilesOutcome {
  readonly files: 'new' | 'right' | 'failed';
  /** Whether the root was made, too. */
  readonly isNewRoot?: boolean;
  /** Why, and what to do about it. */
  readonly reason?: string;
}

const ROOT_CERTIFICATE = 'root-cert.pem';
const ROOT_KEY = 'root-key.pem';

/** Others of the machine may neither read a key nor find it. */
const OWN_DIRECTORY = 0o700;
const OWN_FILE = 0o600;

/** A root as its file has it, and the certificate in it that signs. */
interface Root {
  readonly text: string;
  readonly issuer: Issuer;
}

/**
 * The maker of a directory's PEM files: a root, and an intermediate for each cluster, where they are missing.
 *
 * A file is there whole or not at all, and nothing that is there is ever replaced, so that a killed run is finished by the next.
 */
export class CertificateFiles {
  private readonly directory: PemDirectory;

  /** @param clusters those that name the directory */
  constructor(private readonly clusters: readonly ClusterModel[], private readonly options: MakingOptions) {
    this.directory = clusters[0].pemDirectory!;
  }

  /** What became of each cluster's files. */
  async make(): Promise<Map<ClusterModel, FilesOutcome>> {
    const missing = this.clusters.filter(({ name, pemDirectory }) => {
      const { texts, unreadable } = pemDirectory!.of(name);
      return !texts && !unreadable;
    });
    const outcomes = new Map<ClusterModel, FilesOutcome>(this.clusters.map(cluster => [cluster, { files: 'right' }]));
    try {
      if (!this.options.dryRun && existsSync(this.directory.path)) {
        removeLeftovers(join(this.directory.path, ROOT_KEY)); // a run that was killed at its very end left a key
      }
      if (missing.length > 0) {
        (await this.makeFor(missing)).forEach((outcome, cluster) => outcomes.set(cluster, outcome));
      }
    } catch (error) {
      missing.forEach(cluster => outcomes.set(cluster, failed(error)));
    }
    return outcomes;
  }

  private async makeFor(missing: readonly ClusterModel[]): Promise<Map<ClusterModel, FilesOutcome>> {
    refuseInTree(this.directory);
    const isNewRoot = this.directory.textOf(ROOT_CERTIFICATE) === undefined;
    if (isNewRoot) {
      this.refuseSecondRoot(missing);
    }
    const known = isNewRoot ? undefined : this.root();
    if (this.options.dryRun) {
      return new Map(missing.map(cluster => [cluster, { files: 'new', isNewRoot }]));
    }
    mkdirSync(this.directory.path, { recursive: true, mode: OWN_DIRECTORY });
    const staging = newStaging(join(this.directory.path, ROOT_KEY));
    try {
      mkdirSync(staging, { mode: OWN_DIRECTORY });
      this.ignore(staging);
      const root = known ?? await this.newRoot(staging);
      return new Map(await Promise.all(missing.map(async (cluster): Promise<[ClusterModel, FilesOutcome]> =>
        [cluster, await this.makeCluster(cluster, root, staging, isNewRoot)])));
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }

  /** A root is made where no cluster has one, neither here nor where its peers have theirs. */
  private refuseSecondRoot(missing: readonly ClusterModel[]): void {
    const here = this.directory.shown();
    const made = this.clusters.find(cluster => !missing.includes(cluster));
    if (made) {
      throw new Error(`'${missing[0].name}' has no files in '${here}', and ${ROOT_CERTIFICATE} and ${ROOT_KEY}, under which those of '${made.name}' were made, are not there; `
        + 'add the two, or make its files with the tool that made the others');
    }
    const [stranger] = missing.flatMap(({ peers }) => peers).filter(({ pemDirectory }) => pemDirectory && pemDirectory.path !== this.directory.path);
    if (stranger) {
      throw new Error(`'${here}' has no root, and '${stranger.name}', which is linked with '${missing[0].name}', has its files in '${stranger.pemDirectory!.shown()}', so that each would get a root of its own; `
        + `name one directory for both, or put ${ROOT_CERTIFICATE} and ${ROOT_KEY} of one root into each`);
    }
  }

  /**
   * The root that is there.
   *
   * @throws when it cannot sign
   */
  private root(): Root {
    const here = `'${this.directory.shown()}'`;
    const text = this.directory.textOf(ROOT_CERTIFICATE)!;
    const key = this.directory.textOf(ROOT_KEY);
    if (key === undefined) {
      throw new Error(`${ROOT_KEY} is not in ${here}, and nobody else can sign what is missing; bring it back for this run`);
    }
    const certificates = certificatesIn(text) ?? [];
    const certificate = this.inFile(ROOT_KEY, () => certificateOfKey(certificates, key));
    if (!certificate?.isAuthority) {
      throw new Error(`${ROOT_KEY} in ${here} is the key of no authority in ${ROOT_CERTIFICATE}; write the two that were made together`);
    }
    const [over] = dateProblems({ missing: [], root: { name: ROOT_CERTIFICATE, text, certificates: [certificate] } });
    if (over) {
      throw new Error(`in ${here}: ${over[1].replace(/;.*/, '')}; what it signs is refused too, so begin with another directory`);
    }
    return { text, issuer: { certificate: certificate.toString(), key } };
  }

  /** The key first: with it alone the next run makes the certificate. */
  private async newRoot(staging: string): Promise<Root> {
    const known = this.directory.textOf(ROOT_KEY);
    const key = known ?? await newKey();
    const certificate = this.inFile(ROOT_KEY, () => rootCertificate(key, this.options.rootDays));
    if (known === undefined) {
      this.place(staging, ROOT_KEY, key, OWN_FILE);
    }
    this.place(staging, ROOT_CERTIFICATE, certificate);
    return { text: certificate, issuer: { certificate, key } };
  }

  private async makeCluster(cluster: ClusterModel, root: Root, staging: string, isNewRoot: boolean): Promise<FilesOutcome> {
    try {
      const key = await newKey();
      const { name, namespace } = cluster;
      const certificate = intermediateCertificate(key, { cluster: name, namespace, issuer: root.issuer, days: this.options.days });
      mkdirSync(join(staging, name), { mode: OWN_DIRECTORY });
      const write = (file: string, text: string, mode?: number) => writeFileSync(join(staging, name, file), text, { mode });
      write('ca-key.pem', key, OWN_FILE);
      write('ca-cert.pem', certificate);
      write('cert-chain.pem', certificate + new Certificate(root.issuer.certificate).toString());
      write('root-cert.pem', root.text);
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
      throw existsSync(target) ? new Error(`'${this.directory.shown(name)}' has something that is no authority, and is not replaced; move it away, and run this again`) : error;
    }
  }

  /** The directory lies where the mesh file does, mostly in a repository; whoever means to commit it, encrypted, leaves this file empty. */
  private ignore(staging: string): void {
    if (this.directory.textOf('.gitignore') === undefined) {
      this.place(staging, '.gitignore', '*\n');
    }
  }

  /** Gives a file its name when it is whole; unlike a rename, that refuses where another run was faster. */
  private place(staging: string, name: string, text: string, mode?: number): void {
    const staged = join(staging, name);
    writeFileSync(staged, text, { mode });
    try {
      linkSync(staged, join(this.directory.path, name));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST'
        ? new Error(`'${this.directory.shown(name)}' appeared in the meantime, and is not replaced; another run makes the same files: when it is done, run this again`) : error;
    }
  }

  /** What a function gives, or why the file that it is about is refused. */
  private inFile<Result>(name: string, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw new Error(`${name} in '${this.directory.shown()}' cannot sign: ${(error as Error).message}; make the files with the tool that made it`);
    }
  }
}

function failed(error: unknown): FilesOutcome {
  return { files: 'failed', reason: (error as Error).message };
}

/**
 * Refuses a directory below a tree, which is committed, and which `cdk8s synth` empties.
 *
 * @throws when it is in one, or in the directory that synth writes unless it is told another
 */
function refuseInTree(directory: PemDirectory): void {
  const above = ancestors(directory.path).find(path => existsSync(join(path, OWNERSHIP_FILE)));
  const tree = above ?? (directory.isInside('dist') ? resolve('dist') : undefined);
  if (tree) {
    throw new Error(`the PEM directory '${directory.shown()}' is inside of the output directory '${new PemDirectory(tree, '.').shown()}', which is committed, and which cdk8s synth empties; name one outside of it`);
  }
}

function ancestors(path: string): string[] {
  return dirname(path) === path ? [path] : [path, ...ancestors(dirname(path))];
}
