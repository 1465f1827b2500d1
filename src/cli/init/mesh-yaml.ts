import type { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isMap, isScalar } from 'yaml';
import type { InitialMesh } from './initial-mesh';
import { commentsOf, definitionOfInitial } from './initial-mesh';
import { toYaml } from '../../util/yaml-text';

const SCHEMA = '# yaml-language-server: $schema=node_modules/cdk8s-istio-mesh/lib/src/mesh.schema.json\n';

const HEADER = `# A multi-primary Istio mesh. What stands here, outside \`clusters\`, holds for all of them; the same keys under a cluster hold for that
# one. $(cluster) is the name of the cluster that a setting is used for. An editor that knows the schema above tells of every key.

`;

/** What a key means to somebody who sees it for the first time. */
export const COMMENTS: { readonly [key: string]: string } = {
  meshID: 'the same in every cluster',
  istioVersion: 'of the control planes, and of the istioctl that is used',
  network: 'clusters whose pods reach each other directly have one; all others go through gateways',
  apiServer: 'as the OTHER clusters reach it',
  context: 'in your kubeconfig, for the commands that talk to the cluster',
  trust: 'who brings the Secret cacerts, with one root for all clusters',
  installer: 'who installs istiod and the gateways',
  gitOps: 'who applies the tree from Git',
  caData: 'the authority of that API server, where it is not the cluster\'s own',
  tlsServerName: 'the name in the certificate of that API server',
  proxyUrl: 'the proxy on the way to that API server',
  acknowledge: 'warnings that are right here, each with its reason',
};

/** The mesh as a commented mesh.yaml. */
export function meshText(mesh: InitialMesh): string {
  const definition = definitionOfInitial(mesh);
  return SCHEMA + HEADER + toYaml(definition, document => {
    const top = document.contents as YAMLMap;
    const maps = (document.get('clusters') as YAMLSeq<YAMLMap>).items;
    maps.forEach((map, i) => {
      map.commentBefore = comment(commentsOf(mesh.clusters[i]));
    });
    // Each key is explained where it is read first.
    const explained = new Set<string>();
    [top, ...maps].forEach(map => explain(map, explained));
    separate(top);
  });
}

function explain({ items }: YAMLMap, explained: Set<string>): void {
  for (const { key, value } of items as Pair<Scalar, Node>[]) {
    const name = String(key.value);
    if (isMap(value) && JSON.stringify(value).length < SHORT) {
      value.flow = true;
    }
    const text = explained.has(name) ? undefined : COMMENTS[name];
    explained.add(name);
    if (text !== undefined && value && isShort(value)) {
      value.comment = ` ${text}`;
    } else if (text !== undefined) {
      key.commentBefore = ` ${text}`;
    }
  }
}

/** A blank line before the clusters, and before what has a comment above it. */
function separate({ items }: YAMLMap): void {
  for (const { key } of items as Pair<Scalar>[]) {
    key.spaceBefore = key.value === 'clusters' || key.commentBefore !== undefined;
  }
}

/** What leaves room for a comment behind it. */
const SHORT = 60;

function isShort(value: Node | null): value is Node {
  return isScalar(value) ? String(value.value).length < SHORT && !String(value.value).includes('\n') : isMap(value) && value.flow === true;
}

function comment(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.map(line => ` ${line}`).join('\n');
}
