import { existsSync, realpathSync } from 'fs';
import { basename, dirname, join, relative, resolve, sep } from 'path';
import { errorDiagnostic } from '../../core/diagnostic';
import { MeshError } from '../../core/mesh-error';
import { problem } from '../../core/rule';
import { type Ended, ended, isMissing } from '../../util/host/child-process';
import { nearestExisting } from '../../util/host/files';
import { nearest } from '../../util/suggestions';

const TIMEOUT_SECONDS = 30;

const COMPARE_FILES = 'compare two files: istio-mesh diff before.yaml after.yaml';

/** The Git repository that contains a file, or its directory if the file does not exist. */
export class Repository {
  /**
   * Finds the repository of a file.
   *
   * @throws MeshError if the file is not in a repository
   * @throws Error if Git is not installed
   */
  static async of(path: string): Promise<Repository> {
    const directory = nearestExisting(dirname(resolveLinks(path)));
    const { code, out, err } = await git(directory, 'rev-parse', '--show-toplevel');
    if (code !== 0) {
      const reason = /not a git repository/.test(err) ? '' : ` (git: ${err.trim().split('\n')[0]})`;
      throw comparisonError(path, `this file is not in a Git repository${reason}; ${COMPARE_FILES}`);
    }
    return new Repository(realpathSync(out.trim()));
  }

  private constructor(private readonly root: string) {}

  /**
   * Reads a file at a revision.
   *
   * @param option the option that names the revision, for messages
   * @returns undefined if the revision does not contain the file
   * @throws MeshError if the revision does not exist
   */
  async readFile(revision: string, path: string, option: string): Promise<string | undefined> {
    const commit = `${revision}^{commit}`;
    const { code, out } = await git(this.root, 'rev-parse', '--verify', '--quiet', '--end-of-options', commit);
    if (code !== 0) {
      throw new MeshError(`revision '${revision}'`, [
        errorDiagnostic(problem(await this.unknownRevision(revision, option))),
      ]);
    }
    const object = `${out.trim()}:${this.pathInRepository(path)}`;
    const exists = (await git(this.root, 'cat-file', '-e', object)).code === 0;
    return exists ? (await gitOrThrow(this.root, 'cat-file', 'blob', object)).out : undefined;
  }

  /** Whether a file matches an entry of `.gitignore`. */
  async ignores(path: string): Promise<boolean> {
    return (await git(this.root, 'check-ignore', '--quiet', '--', this.pathInRepository(path))).code === 0;
  }

  private async unknownRevision(revision: string, option: string): Promise<string> {
    if ((await git(this.root, 'rev-parse', '--verify', '--quiet', 'HEAD')).code !== 0) {
      return `the repository has no commits yet; commit first, or ${COMPARE_FILES}`;
    }
    const { out: isShallow } = await git(this.root, 'rev-parse', '--is-shallow-repository');
    if (isShallow.trim() === 'true') {
      return `${option} is not a revision of this shallow clone; `
        + 'fetch the revision first, e.g. git fetch --depth=1 origin main, and name FETCH_HEAD';
    }
    const { out: names } = await git(this.root, 'for-each-ref', '--format=%(refname:short)');
    const suggestion = nearest(revision, ['HEAD', ...names.split('\n').filter(Boolean)]);
    return `${option} is not a revision of this repository; ${suggestion}`;
  }

  private pathInRepository(path: string): string {
    const file = resolveLinks(path);
    const directory = nearestExisting(dirname(file));
    const rest = relative(directory, dirname(file));
    return relative(this.root, join(realpathSync(directory), rest, basename(file))).split(sep).join('/');
  }
}

/** The error for a file that cannot be compared. */
export function comparisonError(path: string, reason: string): MeshError {
  return new MeshError(`file '${path}'`, [errorDiagnostic(problem(reason), { file: path })]);
}

/** Follows symbolic links, because Git stores only the target path of a link, not the content. */
function resolveLinks(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

async function git(directory: string, ...args: string[]): Promise<Ended> {
  try {
    return await ended('git', ['-C', directory, ...args], '', TIMEOUT_SECONDS);
  } catch (error) {
    throw isMissing(error) ? new Error(`git is not on the PATH; install it, or ${COMPARE_FILES}`) : error;
  }
}

async function gitOrThrow(directory: string, ...args: string[]): Promise<Ended> {
  const result = await git(directory, ...args);
  if (result.code !== 0) {
    throw new Error(`git ${args[0]}: ${result.err.trim().split('\n').pop()}`);
  }
  return result;
}
