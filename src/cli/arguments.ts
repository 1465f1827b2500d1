import { Command, InvalidArgumentError, Option } from 'commander';

/** Exit code for a definition that is refused, and for what failed; commander's own, for arguments that are refused, is the same. */
export const REFUSED = 1;

/** Whether a program reads the output. */
export function outputOption(what: string): Option {
  return new Option('-o, --output <format>', `how ${what} are written`).choices(['text', 'json']).default('text');
}

/** A command on running clusters, with the options that all of them take. */
export function clusterCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('[file]', 'mesh definition: a mesh.yaml, or the one that synth wrote', 'dist/mesh.yaml')
    .addOption(outputOption('results'));
}

/** A number of seconds or days. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('Write a whole number.');
  }
  return Number(text);
}

/** What a program reads. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
