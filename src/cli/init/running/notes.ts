import { objectNamed, ROOTS } from './cluster-objects';
import type { RunningLinks } from './links';
import type { RunningMember } from './cluster';
import { UNNAMED_NETWORK } from './cluster';
import { certificatesIn, shareRoot } from '../../../istio/signing-authority';
import { shellWord } from '../../../util/shell-word';

/** What Istio calls a cluster that has no name. */
const UNNAMED_CLUSTER = 'Kubernetes';

/** What the control planes of a cluster don't tell, and what they lack. */
export function planeNotes({ name, plane, cluster, others: [, ...more] }: RunningMember): string[] {
  const notes = [
    plane.istioVersion === undefined && 'neither the image nor the labels of istiod tell its version; write it as istioVersion, x.y.z',
    !plane.tellsValues && 'istiod has no ConfigMap \'values\', so that of what was set only names, images and the mesh configuration are read; '
      + 'add the rest to values and components',
    plane.network === '' && `istiod has no network; the file says '${UNNAMED_NETWORK}', which proxies are told when they start again`,
    ['', UNNAMED_CLUSTER].includes(plane.clusterName) && 'istiod has no name for its cluster, by which others could know it; '
      + `each cluster of a mesh needs one of its own (context '${cluster.context}')`,
    ...more.map(({ revision }) => `a third control plane, of revision '${revision}', is not in the file: a cluster has one, and a canary beside it`),
  ];
  return notes.filter(note => typeof note === 'string').map(note => `'${name}': ${note}`);
}

/** Where links lack or lead nowhere. */
export function peerNotes({ name, cluster }: RunningMember, members: readonly RunningMember[], links: RunningLinks): string[] {
  const own = links.in(name);
  const names = members.map(member => member.name);
  const known = new Set(own.map(({ to }) => to));
  const removal = (secret: string) => `kubectl --context ${shellWord(cluster.context)} -n ${cluster.namespace} delete secret ${secret}`;
  return [
    ...names.filter(peer => peer !== name && !known.has(peer) && links.link(name, peer)).map(peer =>
      `'${name}' has no remote Secret of '${peer}', which has one of '${name}', so that requests go one way only; istio-mesh link makes the missing one`),
    ...own.filter(({ to }) => !names.includes(to)).map(({ to, secret }) =>
      `'${name}' reads '${to}' by Secret '${secret}', and is of none of the contexts; read that too, or remove the Secret: ${removal(secret)}`),
    ...own.filter(({ to }) => to === name).map(({ secret }) =>
      `Secret '${secret}' in '${name}' leads to '${name}' itself, and istiod passes over it; remove it: ${removal(secret)}`),
  ];
}

/** What does not hold between the clusters. */
export function meshNotes(members: readonly RunningMember[], meshID: string): string[] {
  const roots = members.map(({ cluster }) => certificatesIn(objectNamed(cluster.others, 'ConfigMap', ROOTS)?.data?.['root-cert.pem'] ?? '') ?? []);
  return members.flatMap(({ name, plane, cluster }, i) => [
    ...plane.meshID === meshID ? []
      : [`'${name}' is of the mesh '${plane.meshID}', and the file says '${meshID}', which proxies are told when they start again`],
    ...objectNamed(cluster.others, 'Secret', 'cacerts') ? []
      : [`'${name}' has no Secret cacerts, so that istiod signs under a root of its own, which no other cluster has`],
    ...roots[0].length === 0 || roots[i].length === 0 || shareRoot(roots[0], roots[i]) ? []
      : [`'${members[0].name}' and '${name}' trust different roots, so that neither answers the other; bring cacerts under one root into both before they are linked`],
  ]);
}
