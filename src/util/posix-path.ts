/*
 * Paths with `/` between their parts: of generated files, of a repository, of a kustomization. They behave as those of
 * Node's `path.posix`. Paths of files on this machine belong to `host/files.ts`.
 */

/** A path without `.`, without empty parts, and with each `..` resolved where its parent is known. */
export function normalize(path: string): string {
  const root = path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/').filter(name => name !== '' && name !== '.')) {
    if (part !== '..') {
      parts.push(part);
    } else if (parts.length > 0 && parts[parts.length - 1] !== '..') {
      parts.pop();
    } else if (root === '') {
      parts.push(part);
    }
  }
  const text = parts.join('/');
  const isDirectory = path.endsWith('/') && (text !== '' || root === '');
  return `${root}${text || (root === '' ? '.' : '')}${isDirectory ? '/' : ''}`;
}

/** The normalized path of parts that follow each other; `.` where there are none. */
export function join(...parts: readonly string[]): string {
  return normalize(parts.filter(part => part !== '').join('/'));
}

/** The path of the directory that a normalized path is in; `.` at the top. */
export function dirname(path: string): string {
  const end = withoutLastSlash(path).lastIndexOf('/');
  return end > 0 ? path.slice(0, end) : path.startsWith('/') ? '/' : '.';
}

/** The last part of a normalized path, without an extension if it has that and more. */
export function basename(path: string, extension = ''): string {
  const whole = withoutLastSlash(path);
  const name = whole.slice(whole.lastIndexOf('/') + 1);
  return name.endsWith(extension) && name !== extension ? name.slice(0, name.length - extension.length) : name;
}

function withoutLastSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
