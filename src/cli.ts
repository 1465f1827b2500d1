#!/usr/bin/env node
/*
 * Starts the command line, or names the required version of Node.
 *
 * Its syntax is ES2015: the compiled file keeps the syntax of this one, and an old Node can report its version only if
 * it can parse the file.
 */

/** The oldest supported version, as in package.json. */
const OLDEST_NODE = '20.16.0';

function isOlder(version: string, other: string): boolean {
  const [numbers, others] = [version, other].map(text => text.split('.').map(Number));
  const i = numbers.findIndex((number, j) => number !== others[j]);
  return i >= 0 && numbers[i] < others[i];
}

if (isOlder(process.versions.node, OLDEST_NODE)) {
  process.stderr.write(`istio-mesh requires Node ${OLDEST_NODE} or newer, and this is Node ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  // The version is checked first, and an import would be loaded before that.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (require('./cli/program') as typeof import('./cli/program')).run();
}

export {}; // a module, so that its names stay its own
