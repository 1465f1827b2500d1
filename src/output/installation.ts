import type { Tree } from './tree-writer';
import { IstioReader } from '../constructs/istio-reader';
import type { Command, Turn } from '../core/command';
import { Step } from '../core/step';
import type { ClusterModel, MeshModel } from '../definition/mesh-model';
import { MANY_CLUSTERS } from '../definition/topology';
import { upperName } from '../istio/names';
import { LINK_PREFIX } from '../istio/remote-secret-metadata';
import { DEFAULT_NAME } from '../settings/east-west-gateway-defaults';
import { TokenSlot } from '../settings/reader-options';
import { code } from './runbook/markdown';
import type { ClusterWords } from '../settings/installer/applied-tree';
import { AppliedTree } from '../settings/installer/applied-tree';
import { hasLinks, LINKS_DIRECTORY, takesFiles } from '../settings/remote-credentials/links';
import { shellWord } from '../util/shell-word';
import { counted } from '../util/text';

/** What a user runs to install a mesh, once its tree is written. */
export class Installation {
  private readonly inputs: ReadonlyMap<string, readonly string[]>;

  /** @param where path of the tree, from where the commands are run */
  constructor(private readonly mesh: MeshModel, private readonly tree: Tree, private readonly where: string) {
    this.inputs = inputsIn(tree);
  }

  /**
   * What is run for a cluster, turn after turn; a GitOps tool runs all but what brings the Secret cacerts, where nothing in the tree does.
   *
   * @param words how the lines name it
   */
  turns(cluster: ClusterModel, words: ClusterWords = this.words(cluster)): Turn[] {
    const { installer, trust } = cluster;
    const { gitOps } = this.mesh;
    if (gitOps && trust._resource) {
      return [];
    }
    const tree = this.appliedTree(cluster, words);
    const first: Turn[] = [
      { title: 'Begin each cluster', commands: [{ ...tree.apply(Step.NAMESPACE), then: tokensAreThere(cluster, tree) }] },
      ...this.tokenTurns(cluster, tree),
      { title: 'Bring one root of trust', commands: this.trustCommands(cluster, tree) },
    ];
    return gitOps ? first : [
      ...first,
      { title: 'Install Istio', commands: installer._commands(cluster, tree) },
      { title: 'Apply the rest', commands: [{ ...tree.apply(), then: gatewayHasAddress(cluster, tree) }] },
    ];
  }

  /** How the GitOps tool begins, where there is one. */
  get handOver(): Command[] {
    const { gitOps, clusters } = this.mesh;
    const committed = ['this directory', ...clusters.some(takesFiles) ? [`../${LINKS_DIRECTORY}`] : []].join(' and ');
    return gitOps ? [{ task: `commit ${committed}` }, gitOps._handOver(this.mesh, this.where)] : [];
  }

  /** What is run for a cluster at last. */
  lastTurns(cluster: ClusterModel, words: ClusterWords = this.words(cluster)): Turn[] {
    const isApplied = hasLinks(cluster) && !this.mesh.gitOps && cluster.remoteCredentials._linkDestination?._fileKind === 'SealedSecret';
    return isApplied ? [{
      title: 'Apply the links',
      commands: [{
        line: this.appliedTree(cluster, words).kubectl(`apply -k ${words.links}`),
        prints: () => cluster.peers.slice(0, 1).map(({ name }) => `sealedsecret.bitnami.com/${LINK_PREFIX}${name} created`).concat(cluster.peers.length > 1 ? ['…'] : []),
      }],
    }] : [];
  }

  /** What makes the links that are not in the tree, where there are some. */
  get link(): Command | undefined {
    const { clusters, gitOps } = this.mesh;
    const links = linkedPeers(clusters);
    return links.length === 0 ? undefined : {
      line: `istio-mesh link ${this.meshFile}`,
      prints: () => [
        ...links.slice(0, MANY_CLUSTERS).map(([{ name }, peers]) => `${name}: new ${peers.slice(0, MANY_CLUSTERS).map(peer => peer.name).join(', ')}${peers.length > MANY_CLUSTERS ? ', …' : ''}`),
        ...links.length > MANY_CLUSTERS ? ['…'] : [],
        `links: ${links.flatMap(([, peers]) => peers).length} new${clusters.some(takesFiles) ? '; commit …' : ''}`,
      ],
      then: clusters.some(takesFiles) ? `Commit \`../${LINKS_DIRECTORY}\`${gitOps ? ': the same tool applies it' : ''}.` : undefined,
      isForAll: true,
    };
  }

  /** What judges the mesh as it runs. */
  get verify(): Command {
    const { clusters } = this.mesh;
    const links = clusters.flatMap(({ peers }) => peers).length;
    return {
      line: `istio-mesh verify ${this.meshFile} --traffic`,
      prints: () => ['…', `${counted(clusters.length, 'cluster')}, ${counted(links, 'link')}: no failed checks`],
      isForAll: true,
    };
  }

  /** Path of the mesh file of the tree, as a word of a shell. */
  get meshFile(): string {
    return shellWord(this.path('mesh.yaml'));
  }

  /** Path of something in the tree, or beside it. */
  path(below: string): string {
    return this.where === '.' ? below : `${this.where}/${below}`;
  }

  /** Whether a cluster has objects in a step. */
  has({ name }: ClusterModel, step: Step): boolean {
    return this.tree.has(`${name}/${step}/kustomization.yaml`);
  }

  private words({ name, context }: ClusterModel): ClusterWords {
    return {
      name: `'${name}'`,
      upperName: upperName(name),
      context: shellWord(context),
      directory: shellWord(this.path(name)),
      links: shellWord(`${this.path('..')}/${LINKS_DIRECTORY}/${name}`),
    };
  }

  private appliedTree({ name, installer }: ClusterModel, words: ClusterWords): AppliedTree {
    const files = { textOf: (path: string) => this.tree.get(`${name}/${path}`), inputs: this.inputs.get(name) ?? [] };
    return new AppliedTree(this.mesh.meshID, words, files, installer._applyFlags);
  }

  /** Read the token that the tree is to have; it can be read only when the account is there. */
  private tokenTurns({ name, namespace, reader, remoteCredentials: { _form } }: ClusterModel, tree: AppliedTree): Turn[] {
    const { env, file } = ((_form as any).plainToken ?? {}) as { readonly env?: string; readonly file?: string };
    const read = tree.kubectl(`-n ${namespace} get secret ${IstioReader.accountName(reader.activeToken ?? TokenSlot.BLUE)} -o 'go-template={{.data.token | base64decode}}'`);
    const variable = env?.replace(upperName(name), () => tree.words.upperName);
    const place = env ? `environment variable ${env}, which no shell can set` : `file ${file}, from where synth is run`;
    const command = VARIABLE.test(env ?? '') ? { line: `export "${variable}=$(${read})"` } : { task: `write what this gives to the ${place}`, line: read, prints: () => ['…'] };
    return env || file ? [{ title: 'Read the tokens, and synthesize again', commands: [{ ...command, then: SYNTHESIZE_AGAIN }] }] : [];
  }

  /** Bring the Secret cacerts, which istiod looks for when it starts. */
  private trustCommands({ name, namespace, trust, pemDirectory }: ClusterModel, tree: AppliedTree): Command[] {
    if (pemDirectory) {
      return [{
        line: `istio-mesh certs ${this.meshFile} --apply`,
        remark: `all clusters at once, each after its step ${Step.NAMESPACE}`,
        prints: () => [`${name}: files …, Secret new`, '…', 'files: …; Secrets: …'],
        isForAll: true,
      }];
    }
    return trust._resource ? [
      tree.apply(Step.TRUST),
      { line: tree.kubectl(`-n ${namespace} wait --for=condition=Ready --timeout=5m ${trust._resource}/cacerts`), prints: () => [`${trust._resource}/cacerts condition met`] },
    ] : [{
      task: 'create the Secret cacerts of a common root (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)',
      then: `\`kubectl -n ${namespace} get secret cacerts\` finds it in each cluster before istiod starts there: without it each istiod makes a root of its own, and requests between clusters die in the handshake.`,
    }];
  }
}

/** The clusters that get links by the command, each with the peers that they lead to. */
export function linkedPeers(clusters: readonly ClusterModel[]): Array<readonly [ClusterModel, ClusterModel[]]> {
  return clusters.map(cluster => [cluster, cluster.peers.filter(({ remoteCredentials }) => remoteCredentials._isLinked)] as const)
    .filter(([, peers]) => peers.length > 0);
}

/** The names that a shell gives its variables. */
const VARIABLE = /^[A-Za-z_]\w*$/;

const SYNTHESIZE_AGAIN = 'Then synthesize again in the same shell, as before. The tokens stand in the tree from then on, in plain text: do not commit it.';

function tokensAreThere({ remoteCredentials, namespace }: ClusterModel, tree: AppliedTree): string | undefined {
  const names = Object.values(TokenSlot).map(slot => `\`${IstioReader.accountName(slot)}\``).join(' and ');
  return remoteCredentials._usesReaderToken ? `Kubernetes fills the Secrets ${names} with the tokens of the reader accounts: ${code(tree.kubectl(`-n ${namespace} get secrets`))} shows \`3\` as their \`DATA\`.` : undefined;
}

function gatewayHasAddress({ eastWestGateway, namespace }: ClusterModel, tree: AppliedTree): string | undefined {
  return eastWestGateway && `${code(tree.kubectl(`-n ${namespace} get service ${eastWestGateway.name ?? DEFAULT_NAME}`))} shows the address of the gateway; until it has one, the other networks send nothing here.`;
}

const INPUT = new RegExp(`^([^/]+)/((?:${Step.ISTIOCTL}|${Step.HELM})/.*)$`);

/** The files that are input for a program, by their clusters. */
function inputsIn(tree: Tree): Map<string, string[]> {
  const inputs = new Map<string, string[]>();
  for (const path of tree.keys()) {
    const [, cluster, file] = INPUT.exec(path) ?? [];
    if (cluster) {
      const files = inputs.get(cluster);
      files ? files.push(file) : inputs.set(cluster, [file]);
    }
  }
  return inputs;
}
