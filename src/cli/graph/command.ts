import { Command, Option } from 'commander';

/** `istio-mesh graph`. */
export function graphCommand(): Command {
  return new Command('graph')
    .description('draw the mesh: networks, clusters, east-west gateways and links')
    .argument('[file]', 'mesh definition: a mesh.yaml, or the one that synth wrote', 'dist/mesh.yaml')
    .addOption(new Option('-f, --format <format>', 'svg for browsers, mermaid for Markdown, dot for Graphviz').choices(['svg', 'mermaid', 'dot']).default('svg'))
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .action(async (file: string, { format, output }: { format: string; output?: string }) => {
      const { writeFileSync } = await import('fs');
      const { resolve } = await import('path');
      if (output !== undefined && resolve(output) === resolve(file)) {
        throw new Error(`the picture would replace the definition '${file}'; name another file`);
      }
      const { meshOf } = await import('../load-mesh.js');
      const { PICTURES } = await import('../../output/diagram/diagrams.js');
      const text = PICTURES[format](meshOf(file));
      if (output === undefined) {
        process.stdout.write(text);
        return;
      }
      try {
        writeFileSync(output, text);
      } catch (error) {
        throw new Error(`the picture cannot be written to '${output}' (${(error as NodeJS.ErrnoException).code}); name a file in a directory that is there, and where you may write`);
      }
    });
}
