import { Command, InvalidArgumentError, Option } from 'commander';

/** Exit code for errors and failed checks; commander uses the same for invalid arguments. */
export const FAILURE = 1;

/** The option that selects between text and JSON. */
export function outputOption(content: string): Option {
  return new Option('-o, --output <format>', `output format of the ${content}`)
    .choices(['text', 'json'])
    .default('text');
}

/** A command for running clusters, with the argument and the option that these commands share. */
export function clusterCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('[file]', 'mesh definition: your mesh.yaml, or the resolved one that synth wrote', 'dist/mesh.yaml')
    .addOption(outputOption('results'));
}

/** Parses a number of seconds or days. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('Write a whole number.');
  }
  return Number(text);
}

/** JSON output for programs. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
