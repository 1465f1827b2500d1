import { Command, Option } from 'commander';
import type { InitOptions } from './init-options';

/** Options that describe a new mesh, and so conflict with reading a running one. */
const NEW_MESH_OPTIONS = [
  'meshId', 'context', 'cluster', 'apiServer', 'network', 'istioVersion', 'installer', 'trust', 'gitOps', 'repoUrl',
];

/** `istio-mesh init`. */
export function initCommand(): Command {
  return new Command('init')
    .description('create a mesh definition from kubeconfig contexts, from options or from a running mesh: '
      + 'a mesh.yaml, or a TypeScript project')
    .argument('[directory]', 'directory to write to', '.')
    .option('--mesh-id <name>', 'name of the mesh')
    .option('--context <context...>', 'kubeconfig contexts, one for each cluster of the mesh')
    .addOption(new Option('--from-contexts [context...]', 'read the running mesh in the clusters of these contexts')
      .conflicts(NEW_MESH_OPTIONS))
    .option('--cluster <name...>', 'clusters with names that you choose, as NAME=CONTEXT, '
      + 'or as NAME if the context has the same name')
    .option('--api-server <url...>', 'URL at which the other clusters reach the API server of a cluster, as NAME=URL, '
      + 'or one URL for all clusters, with $(cluster) for the name')
    .option('--network <network...>', 'network of all clusters, or of single clusters as CLUSTER=NETWORK '
      + '(default: a separate network for each cluster)')
    .option('--istio-version <version>', 'Istio version, e.g. 1.31.0')
    .addOption(new Option('--installer <name>', 'tool that installs istiod and the gateways')
      .choices(['istioctl', 'rendered', 'helm', 'sail', 'external']))
    .option('--trust <name>', 'provider of the Secret cacerts: pem, pem=DIRECTORY, external, cert-manager=ISSUER '
      + 'or external-secrets=STORE')
    .addOption(new Option('--git-ops <tool>', 'GitOps tool that applies the generated manifests')
      .choices(['argo-cd', 'flux']))
    .option('--repo-url <url>', 'URL of the Git repository, for argo-cd')
    .addOption(new Option('--format <format>', 'format of the mesh definition').choices(['yaml', 'typescript']))
    .option('-y, --yes', 'do not ask questions; use the default of each option that is not set')
    .action(async (directory: string, options: InitOptions) => {
      const { init } = await import('./init.js');
      process.stdout.write(await init(directory, options));
    });
}
