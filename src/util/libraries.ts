/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * Libraries that only some programs need, loaded when they are first used.
 */

/** Loaded when there are settings to judge. */
export function jsonschema(): typeof import('jsonschema') {
  return require('jsonschema');
}

/** Loaded when there are globs of the user's own manifests. */
export function fastGlob(): typeof import('fast-glob') {
  return require('fast-glob');
}

/** Loaded when there are certificates to make. */
export function forge(): typeof import('node-forge') {
  return require('node-forge');
}

/** Loaded when somebody at a terminal waits for many clusters. */
export function cliProgress(): typeof import('cli-progress') {
  return require('cli-progress');
}

/** Loaded when there is a matrix to draw. */
export function cliTable(): typeof import('cli-table3') {
  return require('cli-table3');
}

/** Loaded when there is somebody at a terminal to ask. */
export function prompts(): typeof import('prompts') {
  return require('prompts');
}

/** Loaded when there is text for a terminal. */
export function picocolors(): typeof import('picocolors') {
  return require('picocolors');
}

/** Loaded when somebody asks for what makes a shell complete. */
export function tabtab(): typeof import('@pnpm/tabtab') {
  return require('@pnpm/tabtab');
}

/** Loaded when a shell asks for the clusters of a mesh file. */
export function yaml(): typeof import('yaml') {
  return require('yaml');
}
