import type { Probe } from './api-server-probe';
import { ProbeResult } from './api-server-probe';
import { ofReading } from './cluster-checks';
import type { ClusterState } from './cluster-state';
import type { Check, Verdict } from './verdict';
import { ok, red, unknown } from './verdict';
import type { ClusterModel } from '../../definition/mesh-model';
import { shownUrl } from '../../istio/kubeconfig';
import { LINK_LABEL, remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import { followedRevisions } from '../../istio/revisions';
import { shareRoot } from '../../istio/signing-authority';
import { istiodRequirements } from '../../settings/remote-credentials/credential-delivery';
import { LINKS_DIRECTORY, takesFiles } from '../../settings/remote-credentials/links';
import { shellWord } from '../../util/shell-word';
import { unreachable } from '../../util/unreachable';
import type { Istiod } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';
import { kubeconfigIn } from '../clusters/remote-secrets';

/** A cluster, a peer that it reads, and what the peer's API server says to the kubeconfig by which it does. */
export interface Pair {
  readonly from: ClusterState;
  readonly to: ClusterState;
  readonly probe?: Probe;
}

/** What must hold so that a cluster sends traffic to a peer. */
export const PAIR_CHECKS: ReadonlyArray<Check<Pair>> = [
  { name: 'secret', judge: pair => ofLink(pair, secretVerdict) },
  { name: 'label', needs: ['secret'], judge: pair => ofLink(pair, labelVerdict) },
  { name: 'key', needs: ['label'], judge: pair => ofLink(pair, keyVerdict) },
  { name: 'server', needs: ['key'], judge: serverVerdict },
  { name: 'token', needs: ['server'], judge: tokenVerdict },
  { name: 'synced', needs: ['token'], judge: pair => ofReading(pair.from.istiods, istiods => syncedVerdict(pair, istiods)) },
  { name: 'root', judge: rootVerdict },
  { name: 'version', judge: versionVerdict },
];

/** A verdict over the remote Secrets of a cluster, where its istiod reads the peer from one. */
function ofLink(pair: Pair, judge: (pair: Pair, links: readonly LiveObject[]) => Verdict): Verdict {
  const { kubeconfigPath: path } = istiodRequirements(pair.to.model.remoteCredentials);
  return path === undefined ? ofReading(pair.from.links, links => judge(pair, links)) : unknown(`istiod reads it from a file in ${path}`);
}

/** The kubeconfig by which a cluster reads a peer. */
export function kubeconfigOf(state: ClusterState, peer: string): string | undefined {
  const secret = linkTo(state, peer);
  return secret && kubeconfigIn(secret, peer);
}

/** The Secret from which istiod of a cluster has that kubeconfig. */
function linkTo({ model, links }: ClusterState, peer: string): LiveObject | undefined {
  return links.value?.find(one => isRead(one, model.namespace) && peer in (one.data ?? {}));
}

function isRead({ metadata: { namespace, labels } }: LiveObject, own: string): boolean {
  return namespace === own && labels?.[LINK_LABEL] === 'true';
}

/** Secrets that are meant to lead to the peer, rightly made or not. */
function meant({ from, to }: Pair, links: readonly LiveObject[]): LiveObject[] {
  const { name } = remoteSecretMetadata(to.model.name, from.model.namespace);
  return links.filter(({ metadata, data = {} }) => metadata.name === name || to.model.name in data);
}

function secretVerdict(pair: Pair, links: readonly LiveObject[]): Verdict {
  const { namespace } = pair.from.model;
  const found = meant(pair, links);
  if (found.some(({ metadata }) => metadata.namespace === namespace)) {
    return ok();
  }
  const elsewhere = found.map(({ metadata }) => `'${metadata.namespace}'`).join(', ');
  return red(`there is no remote Secret of '${pair.to.model.name}' in namespace '${namespace}'${elsewhere ? `, and istiod does not look in ${elsewhere}, where there is one` : ''}; ${bring(pair)}`);
}

function labelVerdict(pair: Pair, links: readonly LiveObject[]): Verdict {
  const { namespace } = pair.from.model;
  const found = meant(pair, links).filter(({ metadata }) => metadata.namespace === namespace);
  return found.some(secret => isRead(secret, namespace)) ? ok()
    : red(`Secret '${found[0].metadata.name}' has no label ${LINK_LABEL}=true, by which alone istiod finds it; ${bring(pair)}`);
}

function keyVerdict(pair: Pair, links: readonly LiveObject[]): Verdict {
  const { namespace } = pair.from.model;
  const found = meant(pair, links).filter(secret => isRead(secret, namespace));
  const right = found.filter(({ data = {} }) => pair.to.model.name in data);
  if (right.length > 1) {
    return red(`the Secrets ${right.map(({ metadata }) => `'${metadata.name}'`).join(' and ')} both have '${pair.to.model.name}', and istiod takes what it saw first; remove one of the two`);
  }
  return right.length === 1 ? ok()
    : red(`Secret '${found[0].metadata.name}' has the key ${Object.keys(found[0].data ?? {}).map(key => `'${key}'`).join(', ') || 'none'}, from which istiod takes the cluster's name, and the peer is '${pair.to.model.name}'; ${bring(pair)}`);
}

function serverVerdict(pair: Pair): Verdict {
  const { probe: { result, server: said, detail } = notRead, to } = pair;
  const { apiServer } = to.model;
  const server = said === undefined ? undefined : shownUrl(String(said));
  if (apiServer !== undefined && said !== undefined && !isSameUrl(said, apiServer)) {
    return red(`the kubeconfig leads to ${server}, and the API server of '${to.model.name}' is ${apiServer}; ${bring(pair)}`);
  }
  switch (result) {
    case ProbeResult.UNTRUSTED:
      return red(`the certificate of ${server} is not one that the kubeconfig trusts (${detail}); give the authority that signed it as caData, or ${bring(pair)}`);
    case ProbeResult.UNREACHABLE:
      return unknown(`${server} cannot be reached from here (${detail}); whether istiod reaches it, 'synced' tells`);
    case ProbeResult.NOT_TRIED:
      return unknown(detail);
    default:
      return ok(server);
  }
}

/** Whether two URLs lead to the same server, e.g. one says the port that the other leaves out. */
function isSameUrl(one: string, other: string): boolean {
  return one === other || URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

const notRead: Probe = { result: ProbeResult.NOT_TRIED, detail: 'no kubeconfig was read' };

function tokenVerdict(pair: Pair): Verdict {
  const { probe: { result, token } = notRead, to } = pair;
  const known = to.tokens.value?.find(one => one.token === token);
  switch (result) {
    case ProbeResult.UNAUTHORIZED:
      return red(`the API server of '${to.model.name}' does not take the token (401)${known ? '' : ', which is none of those that its reader account has'}; ${bring(pair)}`);
    case ProbeResult.FORBIDDEN:
      return red(`the account of the token may not read '${to.model.name}' (403); apply the step 00-namespace of '${to.model.name}'`);
    case ProbeResult.ANSWERS:
      return ok(known && `${known.slot}, ${age(known.created)} old`);
    default:
      return token === undefined || to.tokens.value === undefined ? unknown('no token that could be compared')
        : known ? ok(`${known.slot}, ${age(known.created)} old`)
          : unknown('the token is none of those that the reader account has, and the API server cannot be asked from here');
  }
}

/** Whole days, or hours of the first two. */
function age(created: string | undefined): string {
  const hours = Math.floor((Date.now() - Date.parse(created ?? '')) / 3_600_000);
  return Number.isNaN(hours) ? 'not known how' : hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** After an update istiod counts the client that it replaced as closed, although the new one is synced (1.30 to 1.32). */
export const SYNCED = ['synced', 'closed'];

/** The end of a client's 30 seconds, which istiod tells even of one that was replaced meanwhile (1.29 to 1.32). */
const TIMEOUT = 'timeout';

/** Whether a Secret has another content than the one that an istiod found in it first. */
function wasChangedAfter(secret: LiveObject | undefined, started: number | undefined): boolean {
  const { creationTimestamp, managedFields = [] } = secret?.metadata ?? {};
  const [made, last] = [creationTimestamp, managedFields.map(({ time = '' }) => time).sort().pop()].map(time => Date.parse(time ?? ''));
  return last > made && started !== undefined && last > started;
}

function syncedVerdict({ from, to }: Pair, istiods: readonly Istiod[]): Verdict {
  const states = istiods.map(({ pod, started, clusters }) => ({ pod, started, state: clusters?.get(to.model.name), isTold: clusters !== undefined }));
  if (istiods.length === 0 || states.some(({ isTold }) => !isTold)) {
    return unknown(istiods.length === 0 ? 'no istiod is ready' : 'istiod tells it from Istio 1.29 on');
  }
  const behind = states.filter(({ state }) => !SYNCED.includes(state ?? ''));
  if (behind.length > 0 && behind.every(({ state, started }) => state === TIMEOUT && wasChangedAfter(linkTo(from, to.model.name), started))) {
    return unknown(`${behind[0].pod} says '${TIMEOUT}', as it also does when a kubeconfig that did not work was replaced by one that does; --traffic tells, or a restart of istiod`);
  }
  if (behind.length === 0) {
    return ok();
  }
  const { name, context, namespace } = from.model;
  const kubectl = `kubectl --context ${shellWord(context)} -n ${namespace}`;
  const stuck = behind.filter(({ state }) => state === undefined).map(({ pod }) => pod);
  return stuck.length > 0
    ? red(`${stuck.join(', ')} ${stuck.length === 1 ? 'does' : 'do'} not know '${to.model.name}', although the Secret is right, as when istiod hangs after it lost a link that did not work; `
      + `restart it: ${kubectl} rollout restart deployment -l app=istiod`)
    : red(`${behind.map(({ pod, state }) => `${pod} is at '${state}'`).join(', ')}: the API server of '${to.model.name}' must answer to the pods of istiod in '${name}', not only here; `
      + `see its log: ${kubectl} logs ${behind[0].pod}`);
}

function rootVerdict({ from, to }: Pair): Verdict {
  return ofReading(from.roots, own => ofReading(to.roots, other => {
    if (own.length === 0 || other.length === 0) {
      return unknown(`ConfigMap 'istio-ca-root-cert' of '${(own.length === 0 ? from : to).model.name}' has no root yet`);
    }
    return shareRoot(own, other) ? ok() : red(`'${from.model.name}' and '${to.model.name}' have no root in common, so that every request between them fails in the handshake; `
      + 'give both a Secret cacerts of one root, and restart istiod');
  }));
}

function versionVerdict({ from, to }: Pair): Verdict {
  const of = ({ istiods, model }: ClusterState) => followed(model, istiods.value ?? []).flatMap(({ version }) => version ?? []);
  const [own, other] = [of(from), of(to)];
  if (own.length === 0 || other.length === 0) {
    return unknown(`istiod of '${(own.length === 0 ? from : to).model.name}' does not tell its version`);
  }
  const far = own.flatMap(one => other.filter(two => minorsBetween(one, two) > 1).map(two => `${one} and ${two}`));
  return far.length === 0 ? ok(`${own[0]} and ${other[0]}`) : red(`the control planes are more than one minor version apart: ${far[0]}; upgrade the older one`);
}

/** The istiods that proxies follow, as IM009 has it: a canary that no tag leads to may be ahead. */
function followed(model: ClusterModel, istiods: readonly Istiod[]): Istiod[] {
  const revisions = followedRevisions(model);
  return istiods.filter(({ revision }) => revision === undefined || revisions.includes(revision));
}

function minorsBetween(one: string, other: string): number {
  const minor = (version: string) => Number(version.split('.')[0]) * 1000 + Number(version.split('.')[1]);
  return Math.abs(minor(one) - minor(other));
}

/** How the Secret gets there, by the credentials of the peer. */
function bring({ from, to }: Pair): string {
  const { model: { name, context, namespace } } = from;
  const delivery = to.model.remoteCredentials._delivery;
  switch (delivery.kind) {
    case 'linked':
      return `run istio-mesh link${takesFiles(from.model) ? `, and commit ${LINKS_DIRECTORY}/${name}` : ''}`;
    case 'tree':
      return `apply the step 60-remote-secrets of '${name}'`;
    case 'store':
      return `see what External Secrets says: kubectl --context ${shellWord(context)} -n ${namespace} describe externalsecret `
        + remoteSecretMetadata(to.model.name, namespace).name;
    case 'external':
      return 'see to what brings it';
    default:
      return unreachable(delivery);
  }
}
