import { IstioReader } from '../constructs/istio-reader';
import type { Command, InstallStage } from '../core/command';
import { Step } from '../core/step';
import type { ClusterModel, MeshModel } from '../definition/mesh-model';
import { upperName } from '../istio/names';
import { DEFAULT_NAME } from '../settings/east-west-gateway-defaults';
import { TokenSlot } from '../settings/reader-options';
import { code } from './runbook/markdown';
import { type ClusterPlaceholders, AppliedTree } from '../settings/installer/applied-tree';
import { usesReaderToken } from '../settings/remote-credentials/credential-delivery';
import {
  hasLinkFiles, isLinked, LINKS_DIRECTORY, linkTarget, writesLinkFiles,
} from '../settings/remote-credentials/links';
import { kubectlKind } from '../settings/trust/trust';
import { groupBy } from '../util/map';
import { shellWord } from '../util/shell-word';
import { counted } from '../util/text';
import type { Tree } from '../util/tree';
import { unreachable } from '../util/unreachable';

const PLUG_IN_CA = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';

/** The commands that install a mesh from its output directory. */
export class Installation {
  private readonly inputs: ReadonlyMap<string, readonly string[]>;

  /** @param outputPath path of the output directory, relative to where the commands run */
  constructor(private readonly mesh: MeshModel, private readonly tree: Tree, private readonly outputPath: string) {
    this.inputs = inputFiles(tree);
  }

  /**
   * The stages of a cluster's installation, in their order.
   *
   * With GitOps, only the stages up to the Secret `cacerts` remain, and none if a generated object creates that Secret.
   *
   * @param names how the commands refer to the cluster
   */
  stages(cluster: ClusterModel, names: ClusterPlaceholders = this.namesOf(cluster)): InstallStage[] {
    const { installer, trust } = cluster;
    const { gitOps } = this.mesh;
    if (gitOps && trust._source.kind === 'operator') {
      return [];
    }
    const tree = this.appliedTree(cluster, names);
    const preparation: InstallStage[] = [
      { title: 'Prepare each cluster', commands: [{ ...tree.apply(Step.NAMESPACE), then: tokensNote(cluster, tree) }] },
      ...this.tokenStages(cluster, tree),
      { title: 'Distribute the CA certificates', commands: this.trustCommands(cluster, tree) },
    ];
    return gitOps ? preparation : [
      ...preparation,
      { title: 'Install Istio', commands: installer._commands(cluster, tree) },
      { title: 'Apply the remaining manifests', commands: [{ ...tree.apply(), then: gatewayNote(cluster, tree) }] },
    ];
  }

  /** Commands after which the GitOps tool, if there is one, applies the output directory. */
  get gitOpsBootstrap(): Command[] {
    const { gitOps, clusters } = this.mesh;
    const links = clusters.some(writesLinkFiles) ? ` and ../${LINKS_DIRECTORY}` : '';
    return gitOps ? [{ task: `commit this directory${links}` }, gitOps._bootstrap(this.mesh, this.outputPath)] : [];
  }

  /** The stages of a cluster after all clusters are linked. */
  stagesAfterLink(cluster: ClusterModel, names: ClusterPlaceholders = this.namesOf(cluster)): InstallStage[] {
    if (this.mesh.gitOps || !hasLinkFiles(cluster) || linkTarget(cluster).kind !== 'sealedSecrets') {
      return [];
    }
    const line = this.appliedTree(cluster, names).kubectl(`apply -k ${names.links}`);
    return [{ title: 'Apply the remote secrets', commands: [{ line }] }];
  }

  /** The command that creates the remote secrets outside the output directory, if there are any. */
  get link(): Command | undefined {
    const { clusters, gitOps } = this.mesh;
    if (linkedPeers(clusters).length === 0) {
      return undefined;
    }
    const hasFiles = clusters.some(writesLinkFiles);
    const application = gitOps ? ' The GitOps tool applies it, too.' : '';
    return {
      line: `istio-mesh link ${this.meshFile}`,
      then: hasFiles ? `Commit \`../${LINKS_DIRECTORY}\`.${application}` : undefined,
      isForAll: true,
    };
  }

  /** The command that verifies the running mesh. */
  get verify(): Command {
    const { clusters } = this.mesh;
    const links = clusters.flatMap(({ peers }) => peers).length;
    return {
      line: `istio-mesh verify ${this.meshFile} --traffic`,
      success: `${counted(clusters.length, 'cluster')}, ${counted(links, 'link')}: no failed checks`,
      isForAll: true,
    };
  }

  /** Path of the generated `mesh.yaml`, quoted for a shell. */
  get meshFile(): string {
    return shellWord(this.path('mesh.yaml'));
  }

  /** Path of a file in the output directory, or next to it. */
  path(relativePath: string): string {
    return this.outputPath === '.' ? relativePath : `${this.outputPath}/${relativePath}`;
  }

  /** Whether a cluster has objects in a step. */
  hasStep({ name }: ClusterModel, step: Step): boolean {
    return this.tree.has(`${name}/${step}/kustomization.yaml`);
  }

  private namesOf({ name, context }: ClusterModel): ClusterPlaceholders {
    return {
      name: `'${name}'`,
      upperName: upperName(name),
      context: shellWord(context),
      directory: shellWord(this.path(name)),
      links: shellWord(`${this.path('..')}/${LINKS_DIRECTORY}/${name}`),
    };
  }

  private appliedTree({ name, installer }: ClusterModel, names: ClusterPlaceholders): AppliedTree {
    const inputs = (this.inputs.get(name) ?? []).map(path => path.slice(name.length + 1));
    const files = { textOf: (path: string) => this.tree.get(`${name}/${path}`), inputs };
    return new AppliedTree(this.mesh.meshID, names, files, installer._output.applyFlags);
  }

  /** Reads the token that the manifests contain in plain text; it exists only when the reader service account does. */
  private tokenStages(cluster: ClusterModel, tree: AppliedTree): InstallStage[] {
    const { name, namespace, reader, remoteCredentials: { _delivery: delivery } } = cluster;
    const source = delivery.kind === 'tree' ? delivery.token?._source : undefined;
    if (source === undefined || source.kind === 'plainText') {
      return [];
    }
    const secret = IstioReader.accountName(reader.activeToken ?? TokenSlot.BLUE);
    const line = tree.kubectl(`-n ${namespace} get secret ${secret} -o 'go-template={{.data.token | base64decode}}'`);
    const target = source.kind === 'env' ? `the environment variable ${source.name}, whose name shells do not accept`
      : `the file ${source.path}, relative to where you run synth`;
    const command = source.kind === 'env' && VARIABLE_NAME.test(source.name)
      ? { line: `export "${source.name.replace(upperName(name), () => tree.placeholders.upperName)}=$(${line})"` }
      : { task: `write the output of this command to ${target}`, line };
    return [{ title: 'Read the tokens and synthesize again', commands: [{ ...command, then: SYNTHESIZE_AGAIN }] }];
  }

  /** Provides the Secret `cacerts`, which istiod reads when it starts. */
  private trustCommands({ namespace, trust }: ClusterModel, tree: AppliedTree): Command[] {
    const source = trust._source;
    switch (source.kind) {
      case 'pem':
        return [{
          line: `istio-mesh certs ${this.meshFile} --apply`,
          remark: `once for all clusters, after step ${Step.NAMESPACE} of each`,
          isForAll: true,
        }];
      case 'operator': {
        const object = `${kubectlKind(source.resource)}/cacerts`;
        const line = tree.kubectl(`-n ${namespace} wait --for=condition=Ready --timeout=5m ${object}`);
        return [tree.apply(Step.TRUST), { line }];
      }
      case 'external':
        return [externalCaTask(namespace)];
      default:
        return unreachable(source);
    }
  }
}

function externalCaTask(namespace: string): Command {
  return {
    task: `create the Secret cacerts with an intermediate CA of the common root CA (${PLUG_IN_CA})`,
    then: `\`kubectl -n ${namespace} get secret cacerts\` must find the Secret in each cluster before istiod starts. `
      + 'Without the Secret, each istiod creates a root CA of its own, and TLS handshakes between the clusters fail.',
  };
}

/** The clusters whose remote secrets `istio-mesh link` creates, each with the peers of these secrets. */
export function linkedPeers(clusters: readonly ClusterModel[]): Array<readonly [ClusterModel, ClusterModel[]]> {
  return clusters.map(cluster => [cluster, cluster.peers.filter(isLinked)] as const)
    .filter(([, peers]) => peers.length > 0);
}

/** The names that a shell accepts for a variable. */
const VARIABLE_NAME = /^[A-Za-z_]\w*$/;

const SYNTHESIZE_AGAIN = 'Then run the same synth command again, in the same shell. '
  + 'From now on, the output directory contains the tokens in plain text: do not commit it.';

function tokensNote({ remoteCredentials, namespace }: ClusterModel, tree: AppliedTree): string | undefined {
  if (!usesReaderToken(remoteCredentials)) {
    return undefined;
  }
  const secrets = Object.values(TokenSlot).map(slot => code(IstioReader.accountName(slot))).join(' and ');
  return `Kubernetes writes the tokens of the reader service accounts to the Secrets ${secrets}: `
    + `${code(tree.kubectl(`-n ${namespace} get secrets`))} shows \`3\` for them in the column \`DATA\`.`;
}

function gatewayNote({ eastWestGateway, namespace }: ClusterModel, tree: AppliedTree): string | undefined {
  if (!eastWestGateway) {
    return undefined;
  }
  const { name = DEFAULT_NAME } = eastWestGateway;
  return `${code(tree.kubectl(`-n ${namespace} get service ${name}`))} shows the address of the gateway. `
    + 'Until the gateway has an address, the other networks send no requests to this cluster.';
}

const INPUT = new RegExp(`^[^/]+/(${Step.ISTIOCTL}|${Step.HELM})/`);

/** The input files for istioctl and Helm, by cluster. */
function inputFiles(tree: Tree): Map<string, string[]> {
  const inputs = [...tree.keys()].filter(path => INPUT.test(path));
  return groupBy(inputs, path => path.slice(0, path.indexOf('/')));
}
