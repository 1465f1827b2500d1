import { type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq, isMap, isScalar } from 'yaml';
import { type InitialMesh, meshDefinition } from './initial-mesh';
import { toYaml } from '../../util/yaml-text';

const SCHEMA = '# yaml-language-server: $schema=node_modules/cdk8s-istio-mesh/lib/src/mesh.schema.json\n';

const HEADER = [
  '# A multi-primary Istio mesh. Settings outside `clusters` apply to all clusters; the settings of a cluster',
  '# override them. $(cluster) is replaced with the name of the cluster.',
  '# Editors that support the schema above explain every setting.',
  '\n',
].join('\n');

/** Explanations of settings, for readers who see them for the first time. */
export const COMMENTS: { readonly [key: string]: string } = {
  meshID: 'the same in every cluster',
  istioVersion: 'version of the control planes and of istioctl',
  network: 'clusters on the same network reach each other\'s pods directly; other traffic uses gateways',
  apiServer: 'URL at which the OTHER clusters reach it',
  context: 'kubeconfig context, for commands that access the cluster',
  trust: 'provides the Secret cacerts, with one root CA for all clusters',
  installer: 'installs istiod and the gateways',
  gitOps: 'applies the manifests from Git',
  caData: 'CA of that API server, if it is not the cluster\'s own CA',
  tlsServerName: 'name in the certificate of that API server',
  proxyUrl: 'proxy through which that API server is reached',
};

/** Writes the mesh as a commented mesh.yaml. */
export function meshYaml(mesh: InitialMesh): string {
  return SCHEMA + HEADER + toYaml(meshDefinition(mesh), document => {
    const root = document.contents as YAMLMap;
    const clusters = (document.get('clusters') as YAMLSeq<YAMLMap>).items;
    const explained = new Set<string>(); // each key is explained where it appears first
    [root, ...clusters].forEach(map => explainKeys(map, explained));
    separate(root);
  });
}

function explainKeys({ items }: YAMLMap, explained: Set<string>): void {
  for (const { key, value } of items as Pair<Scalar, Node>[]) {
    const name = String(key.value);
    if (isMap(value) && JSON.stringify(value).length < MAX_COMMENTED_LENGTH) {
      value.flow = true;
    }
    const explanation = explained.has(name) ? undefined : COMMENTS[name];
    explained.add(name);
    if (explanation !== undefined && value && isShort(value)) {
      value.comment = ` ${explanation}`;
    } else if (explanation !== undefined) {
      key.commentBefore = ` ${explanation}`;
    }
  }
}

/** Adds a blank line before the clusters, and before each key that has a comment above it. */
function separate({ items }: YAMLMap): void {
  for (const { key } of items as Pair<Scalar>[]) {
    key.spaceBefore = key.value === 'clusters' || key.commentBefore !== undefined;
  }
}

/** Values of this length or more get their comment above the key instead of on the same line. */
const MAX_COMMENTED_LENGTH = 60;

function isShort(value: Node): boolean {
  if (isScalar(value)) {
    const text = String(value.value);
    return text.length < MAX_COMMENTED_LENGTH && !text.includes('\n');
  }
  return isMap(value) && value.flow === true;
}
