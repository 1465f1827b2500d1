/** The value of an environment variable, if it is set. */
export function environmentVariable(name: string): string | undefined {
  return Object.hasOwn(process.env, name) ? process.env[name] : undefined;
}

/** The directory that relative paths start from. */
export function workingDirectory(): string {
  return process.cwd();
}
