import { Command, Option } from 'commander';

interface GraphOptions {
  readonly format: string;
  readonly output?: string;
}

/** `istio-mesh graph`. */
export function graphCommand(): Command {
  return new Command('graph')
    .description('draw a diagram of the mesh: networks, clusters, east-west gateways and links')
    .argument('[file]', 'mesh definition: your mesh.yaml, or the resolved one that synth wrote', 'dist/mesh.yaml')
    .addOption(new Option('-f, --format <format>', 'svg for browsers, mermaid for Markdown, dot for Graphviz')
      .choices(['svg', 'mermaid', 'dot']).default('svg'))
    .option('-o, --output <file>', 'file to write (default: standard output)')
    .action(drawGraph);
}

async function drawGraph(file: string, { format, output }: GraphOptions): Promise<void> {
  const { resolve } = await import('path');
  if (output !== undefined && resolve(output) === resolve(file)) {
    throw new Error(`--output would overwrite the mesh definition '${file}'; name another file`);
  }
  const { loadMesh } = await import('../load-mesh.js');
  const { DIAGRAM_FORMATS } = await import('../../output/diagram/formats.js');
  const diagram = DIAGRAM_FORMATS[format](loadMesh(file));
  if (output === undefined) {
    process.stdout.write(diagram);
  } else {
    await writeDiagram(output, diagram);
  }
}

async function writeDiagram(path: string, diagram: string): Promise<void> {
  const { writeFileSync } = await import('fs');
  try {
    writeFileSync(path, diagram);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`cannot write the diagram to '${path}' (${code}); name a file in an existing, writable directory`);
  }
}
