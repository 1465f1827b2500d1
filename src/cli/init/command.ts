import { Command, Option } from 'commander';
import type { InitOptions } from './init-options';

/** `istio-mesh init`. */
export function initCommand(): Command {
  return new Command('init')
    .description('write a first mesh, from contexts of your kubeconfig or from flags: a mesh.yaml, or a project in TypeScript')
    .argument('[directory]', 'where it is written', '.')
    .option('--mesh-id <name>', 'name of the mesh')
    .option('--context <context...>', 'contexts of your kubeconfig, each a cluster of the mesh')
    .addOption(new Option('--from-contexts [context...]', 'instead, read the mesh that runs in the clusters of these contexts')
      .conflicts(['meshId', 'context', 'cluster', 'apiServer', 'network', 'istioVersion', 'installer', 'trust', 'gitOps', 'repoUrl']))
    .option('--cluster <name...>', 'clusters with names of your own, as NAME=CONTEXT, or NAME where the context has that name')
    .option('--api-server <url...>', 'URL at which the other clusters reach the API server of a cluster, as NAME=URL, or of all with $(cluster) for the name')
    .option('--network <network...>', 'the network that all clusters are on, or those of some as NAME=NETWORK (default: each is on one of its own)')
    .option('--istio-version <version>', 'version of Istio, as x.y.z')
    .addOption(new Option('--installer <name>', 'who installs istiod and the gateways').choices(['istioctl', 'rendered', 'helm', 'sail', 'external']))
    .option('--trust <name>', 'who brings the Secret cacerts: pem, pem=DIRECTORY, external, cert-manager=ISSUER or external-secrets=STORE')
    .addOption(new Option('--git-ops <tool>', 'the tool that applies the tree from Git').choices(['argo-cd', 'flux']))
    .option('--repo-url <url>', 'URL of the Git repository, for argo-cd')
    .addOption(new Option('--format <format>', 'what is written').choices(['yaml', 'typescript']))
    .option('-y, --yes', 'ask nothing: take what is not said from the defaults')
    .action(async (directory: string, options: InitOptions) => {
      const { init } = await import('./init.js');
      process.stdout.write(await init(directory, options));
    });
}
