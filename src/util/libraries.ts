/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * Libraries that only some programs need, loaded when they are first used.
 */

/** Loaded to validate settings. */
export function jsonschema(): typeof import('jsonschema') {
  return require('jsonschema');
}

/** Loaded to find the user's own manifests by glob. */
export function fastGlob(): typeof import('fast-glob') {
  return require('fast-glob');
}

/** Loaded to create certificates. */
export function forge(): typeof import('node-forge') {
  return require('node-forge');
}

/** Loaded to show progress at a terminal. */
export function cliProgress(): typeof import('cli-progress') {
  return require('cli-progress');
}

/** Loaded to print tables. */
export function cliTable(): typeof import('cli-table3') {
  return require('cli-table3');
}

/** Loaded to ask questions at a terminal. */
export function prompts(): typeof import('prompts') {
  return require('prompts');
}

/** Loaded to color text at a terminal. */
export function picocolors(): typeof import('picocolors') {
  return require('picocolors');
}

/** Loaded to complete words in a shell, and to print the script for that. */
export function tabtab(): typeof import('@pnpm/tabtab') {
  return require('@pnpm/tabtab');
}

/** Loaded to complete the names of clusters. */
export function yaml(): typeof import('yaml') {
  return require('yaml');
}
