import { existsSync, realpathSync } from 'fs';
import { basename, dirname, join, relative, resolve, sep } from 'path';
import { errorDiagnostic } from '../../core/diagnostic';
import { MeshError } from '../../core/mesh-error';
import type { Ended } from '../../util/host/child-process';
import { ended, isMissing } from '../../util/host/child-process';
import { nearest } from '../../util/suggestions';

const TIMEOUT_SECONDS = 30;

/** The repository that a file is in, or would be. */
export class Repository {
  /**
   * @param path path of the file
   * @throws when it is in none, or there is no git
   */
  static async of(path: string): Promise<Repository> {
    const directory = existingDirectory(dirname(followed(path)));
    const { code, out, err } = await git(directory, 'rev-parse', '--show-toplevel');
    if (code !== 0) {
      const reason = /not a git repository/.test(err) ? '' : ` (git: ${err.trim().split('\n')[0]})`;
      throw refused(path, `it is in no git repository${reason}; compare two files: istio-mesh diff before.yaml after.yaml`);
    }
    return new Repository(realpathSync(out.trim()));
  }

  private constructor(private readonly root: string) {}

  /**
   * What a file holds at a revision; undefined where it is not there.
   *
   * @param option the option that names the revision, for messages
   * @throws when there is no such revision
   */
  async textAt(revision: string, path: string, option: string): Promise<string | undefined> {
    const { code, out } = await git(this.root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
    if (code !== 0) {
      throw new MeshError(`revision '${revision}'`, [errorDiagnostic(await this.unknown(revision, option))]);
    }
    const object = `${out.trim()}:${this.within(path)}`;
    const isThere = (await git(this.root, 'cat-file', '-e', object)).code === 0;
    return isThere ? (await succeeded(this.root, 'cat-file', 'blob', object)).out : undefined;
  }

  /** Whether git is told to leave a file alone. */
  async ignores(path: string): Promise<boolean> {
    return (await git(this.root, 'check-ignore', '--quiet', '--', this.within(path))).code === 0;
  }

  /** Why a revision is not there, and what to do. */
  private async unknown(revision: string, option: string): Promise<string> {
    if ((await git(this.root, 'rev-parse', '--verify', '--quiet', 'HEAD')).code !== 0) {
      return 'the repository has no commit yet; commit first, or compare two files: istio-mesh diff before.yaml after.yaml';
    }
    const { out: isShallow } = await git(this.root, 'rev-parse', '--is-shallow-repository');
    const { out: names } = await git(this.root, 'for-each-ref', '--format=%(refname:short)');
    return isShallow.trim() === 'true'
      ? `${option} is no revision of this clone, which is shallow; fetch it first, e.g. git fetch --depth=1 origin main, and name FETCH_HEAD`
      : `${option} is no revision of this repository; ${nearest(revision, ['HEAD', ...names.split('\n').filter(Boolean)])}`;
  }

  private within(path: string): string {
    const file = followed(path);
    const directory = existingDirectory(dirname(file));
    const below = relative(directory, dirname(file));
    return relative(this.root, join(realpathSync(directory), below, basename(file))).split(sep).join('/');
  }
}

/** That a file cannot be compared. */
export function refused(path: string, reason: string): MeshError {
  return new MeshError(`file '${path}'`, [errorDiagnostic(reason, { file: path })]);
}

/** The file that a link leads to: of a link itself, git has the path alone. */
function followed(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

function existingDirectory(path: string): string {
  return existsSync(path) ? path : existingDirectory(dirname(path));
}

async function git(directory: string, ...args: string[]): Promise<Ended> {
  try {
    return await ended('git', ['-C', directory, ...args], '', TIMEOUT_SECONDS);
  } catch (error) {
    throw isMissing(error) ? new Error('there is no git on the PATH; install it, or compare two files: istio-mesh diff before.yaml after.yaml') : error;
  }
}

async function succeeded(directory: string, ...args: string[]): Promise<Ended> {
  const done = await git(directory, ...args);
  if (done.code !== 0) {
    throw new Error(`git ${args[0]}: ${done.err.trim().split('\n').pop()}`);
  }
  return done;
}
