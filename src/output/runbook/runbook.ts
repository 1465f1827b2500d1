import { clustersSection } from './clusters';
import { installationSections } from './commands';
import { endpointsSection } from './endpoints';
import { firewallSection } from './firewall';
import { linksSection } from './links';
import { alike, block, code, namesOf, plain, table } from './markdown';
import type { Diagnostic } from '../../core/diagnostic';
import { diagnosticSentence } from '../../core/diagnostic';
import { memberName } from '../../core/family';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, linkedPairs } from '../../definition/topology';
import { PEM_RULES } from '../../rules/mesh/pem-rules';
import { otherSlot, TokenSlot } from '../../settings/reader-options';
import { isGivenHere } from '../../settings/remote-credentials/links';
import { counted } from '../../util/text';
import type { Tree } from '../../util/tree';
import { mermaid } from '../diagram/mermaid';
import { Installation } from '../installation';

/** Name of the page in the tree. */
export const RUN_BOOK = 'mesh.md';

/** Where its commands are run: beside it, so that the page is the same wherever the tree lies. */
const HERE = '.';

/**
 * The run book of a mesh: what to do and what to see, who hears whom, what must pass, and what is where. It holds no secret.
 *
 * @param tree the files of the clusters
 */
export function runBook(mesh: MeshModel, tree: Tree, warnings: readonly Diagnostic[]): string {
  const installation = new Installation(mesh, tree, HERE);
  const isWritten = warnings.some(({ rule }) => !isOfFiles(rule!.code)) || Object.keys(mesh.acknowledge).length > 0;
  const sections: Array<readonly [title: string, text: string]> = [
    ['Install', installSection(mesh, installation)],
    ['Who hears whom', endpointsSection(mesh)],
    ['Firewall', firewallSection(mesh)],
    ['Links', linksSection(mesh)],
    ['Clusters', clustersSection(mesh)],
    ...isWritten ? [['Warnings', warningsSection(mesh, warnings)] as const] : [],
    ['When something is wrong', troubleSection(installation)],
  ];
  return [
    '<!-- Made by cdk8s-istio-mesh; do not edit. -->',
    `# Run book of mesh ${code(mesh.meshID)}`,
    opening(mesh),
    block('mermaid', mermaid(mesh).trimEnd().split('\n')),
    sections.map(([title]) => `[${title}](#${title.toLowerCase().replace(/ /g, '-')})`).join(' · '),
    ...sections.map(([title, text]) => `## ${title}\n\n${text}`),
    '',
  ].join('\n\n').replace(/\n+$/, '\n');
}

function opening({ clusters, gitOps }: MeshModel): string {
  const networks = clustersByNetwork(clusters);
  const linked = linkedPairs(clusters).length;
  const all = clusters.length * (clusters.length - 1) / 2;
  const versions = [...new Set(clusters.flatMap(({ istioVersion, canary }) => [istioVersion ?? '', ...canary ? [canary.istioVersion] : []]))].sort();
  const installers = [...new Set(clusters.map(({ installer }) => memberName(installer)))];
  return `${counted(clusters.length, 'cluster')} on ${counted(networks.size, 'network')}, each with a control plane of its own (multi-primary); `
    + `${linked === 0 ? 'none are linked' : linked === all ? 'every two are linked' : `${linked} of ${all} pairs are linked`}. `
    + `Istio ${versions.join(' and ')}, installed by ${installers.join(', ')}${gitOps ? `; ${{ argoCd: 'Argo CD', flux: 'Flux' }[memberName(gitOps)]} applies the tree` : ''}. `
    + 'The definition that all of this was made of is in [mesh.yaml](mesh.yaml), every setting at its cluster.';
}

function installSection(mesh: MeshModel, installation: Installation): string {
  const sections = installationSections(mesh, installation);
  return [
    'Run every command in the directory of this file, with a context of your kubeconfig for each cluster (see [Clusters](#clusters)), and each section in all clusters before the next. '
    + 'In a project of npm, `istio-mesh` is `npx istio-mesh`. Every command may be run again: then kubectl prints `unchanged` or `configured` where it printed `created`, and what is right is not touched. '
    + '`…` stands for what depends on the cluster. kubectl\'s warning about the kustomization\'s order is meant.',
    ...sections.map(([title, text], i) => `### ${i + 1}. ${title}\n\n${text}`),
    `### Later\n\n${laterText(mesh, installation)}`,
  ].join('\n\n');
}

/** What is done when the mesh runs. */
function laterText({ clusters }: MeshModel, installation: Installation): string {
  const linked = clusters.filter(({ peers }) => peers.length > 0);
  const ways = alike(linked, otherTokens);
  return [
    '- After a change of the definition: synthesize, read what changed in this page, and run the commands above again.',
    ...ways.map(([some, way]) => `- Other tokens for ${namesOf(some)}: ${way === undefined ? `${code(`istio-mesh rotate ${installation.meshFile}`)}, which retires the old ones when every istiod has the new ones` : plain(way)}.`),
  ].join('\n');
}

/** How the peers of a cluster get another token, where `istio-mesh rotate` does not give it. */
function otherTokens(cluster: ClusterModel): string | undefined {
  const { remoteCredentials, reader: { activeToken = TokenSlot.BLUE } } = cluster;
  return !remoteCredentials._usesReaderToken ? 'change the credentials where they come from'
    : isGivenHere(cluster) ? undefined : `commit reader: {activeToken: ${otherSlot(activeToken)}}, and what is made of it; istio-mesh rotate prints the commits`;
}

/** What is warned of as files are now would change this page from day to day. */
function isOfFiles(one: string): boolean {
  return PEM_RULES.some(rule => rule.code === one);
}

/** Without the code, which has a column of its own. */
function warningSentence(warning: Diagnostic): string {
  return diagnosticSentence({ ...warning, rule: undefined });
}

function warningsSection({ acknowledge }: MeshModel, warnings: readonly Diagnostic[]): string {
  const told = new Map<string, Diagnostic[]>();
  for (const warning of warnings.filter(({ rule }) => !isOfFiles(rule!.code))) {
    const warned = warning.rule!.code;
    told.set(warned, [...told.get(warned) ?? [], warning]);
  }
  const rows = [...told].map(([rule, [first, ...more]]) =>
    [code(rule), `${plain(warningSentence(first))}${more.length > 0 ? `; and ${more.length} more of its kind` : ''}`]);
  const reasons = Object.entries(acknowledge).map(([rule, reason]) => [code(rule), plain(reason)]);
  return [
    ...rows.length > 0 ? [table(['Rule', 'What is warned of'], rows)] : [],
    ...reasons.length > 0 ? [`Acknowledged in the definition:\n\n${table(['Rule', 'Why it is right here'], reasons)}`] : [],
    '`istio-mesh explain CODE` tells of a rule.',
  ].join('\n\n');
}

function troubleSection(installation: Installation): string {
  return [
    table(['What', 'tells'], [
      [code(`istio-mesh verify ${installation.meshFile}`), 'what is red in which cluster or link as they run, and what to do about it; `--traffic` asks from every cluster who answers'],
      [code('istio-mesh explain CODE'), 'what the code at the end of a message stands for, what is seen in a running mesh when nobody keeps that rule, and the fix'],
      [code('istio-mesh check .'), 'whether the manifests of this tree still hold together after edits'],
      ['[Who hears whom](#who-hears-whom)', 'the addresses that a proxy should have'],
      ['[Firewall](#firewall)', 'what must pass'],
      ['[Istio: multicluster troubleshooting](https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/)', 'how to read what istiod and the proxies know'],
    ]),
    'What istiod says of the API servers that it reads:',
    block('text', ['kubectl --context CONTEXT -n NAMESPACE logs deployment/ISTIOD']),
  ].join('\n\n');
}
