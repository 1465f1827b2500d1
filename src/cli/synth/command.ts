import { Command } from 'commander';

/** `istio-mesh synth`. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('generate the manifests of every cluster')
    .argument('<file>', 'mesh definition, e.g. mesh.yaml')
    .option('-o, --output <directory>', 'output directory', 'dist')
    .option('-q, --quiet', 'suppress the summary and next steps')
    .action(async (file: string, { output, quiet }: { output: string; quiet?: boolean }) => {
      const { Mesh } = await import('../../constructs/mesh.js');
      const { MeshApp } = await import('../../output/mesh-app.js');
      const app = new MeshApp({ outdir: output, summary: !quiet });
      Mesh.fromFile(app, 'mesh', file);
      app.synth();
    });
}
