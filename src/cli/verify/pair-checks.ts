import { type Probe, ProbeResult } from './api-server-probe';
import { type Check, type CheckResult, failed, ok, unknown } from './check-result';
import { whenRead } from './cluster-checks';
import type { ClusterState } from './cluster-state';
import { type Pair, candidateSecrets, isReadByIstiod, remoteSecretFix } from './pair';
import { checkSynced } from './synced-check';
import { shareRoot } from '../../istio/intermediate-ca';
import { shownUrl } from '../../istio/kubeconfig';
import { ROOT_CONFIG_MAP } from '../../istio/names';
import { REMOTE_SECRET_LABEL } from '../../istio/remote-secret-metadata';
import { revisionsInUse } from '../../istio/revisions';
import { minor } from '../../rules/mesh/name-rules';
import { istiodRequirements } from '../../settings/remote-credentials/credential-delivery';
import { } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';
import type { ReaderToken } from '../clusters/reader-tokens';

/** Checks of the requirements for requests from one cluster to another. */
export const PAIR_CHECKS: ReadonlyArray<Check<Pair>> = [
  { name: 'secret', evaluate: pair => whenSecretsRead(pair, checkSecret) },
  { name: 'label', needs: ['secret'], evaluate: pair => whenSecretsRead(pair, checkLabel) },
  { name: 'key', needs: ['label'], evaluate: pair => whenSecretsRead(pair, checkKey) },
  { name: 'server', needs: ['key'], evaluate: checkServer },
  { name: 'token', needs: ['server'], evaluate: checkToken },
  {
    name: 'synced',
    needs: ['token'],
    evaluate: pair => whenRead(pair.from.istiods, istiods => checkSynced(pair, istiods)),
  },
  { name: 'root', evaluate: checkRoot },
  { name: 'version', evaluate: checkVersion },
];

/** Checks the remote secrets of a cluster; unknown if its istiod reads the peer's kubeconfig from a file. */
function whenSecretsRead(
  pair: Pair, evaluate: (pair: Pair, secrets: readonly LiveObject[]) => CheckResult,
): CheckResult {
  const { kubeconfigPath: path } = istiodRequirements(pair.to.model.remoteCredentials);
  return path === undefined ? whenRead(pair.from.remoteSecrets, secrets => evaluate(pair, secrets))
    : unknown(`istiod reads the kubeconfig from a file in ${path}`);
}

function checkSecret(pair: Pair, secrets: readonly LiveObject[]): CheckResult {
  const { from: { model: { namespace } }, to: { model: { name } } } = pair;
  const candidates = candidateSecrets(pair, secrets);
  if (candidates.some(({ metadata }) => metadata.namespace === namespace)) {
    return ok();
  }
  const elsewhere = candidates.map(({ metadata }) => `'${metadata.namespace}'`).join(', ');
  const hint = elsewhere ? `, and istiod does not read the one in ${elsewhere}` : '';
  return failed(`namespace '${namespace}' has no remote secret for '${name}'${hint}; ${remoteSecretFix(pair)}`);
}

function checkLabel(pair: Pair, secrets: readonly LiveObject[]): CheckResult {
  const { namespace } = pair.from.model;
  const candidates = candidateSecrets(pair, secrets).filter(({ metadata }) => metadata.namespace === namespace);
  return candidates.some(secret => isReadByIstiod(secret, namespace)) ? ok()
    : failed(`Secret '${candidates[0].metadata.name}' does not have the label ${REMOTE_SECRET_LABEL}=true, `
      + `without which istiod ignores it; ${remoteSecretFix(pair)}`);
}

function checkKey(pair: Pair, secrets: readonly LiveObject[]): CheckResult {
  const { from: { model: { namespace } }, to: { model: { name } } } = pair;
  const remoteSecrets = candidateSecrets(pair, secrets).filter(secret => isReadByIstiod(secret, namespace));
  const matching = remoteSecrets.filter(({ data = {} }) => name in data);
  if (matching.length === 1) {
    return ok();
  }
  if (matching.length > 1) {
    const names = matching.map(({ metadata }) => `'${metadata.name}'`).join(' and ');
    return failed(`the Secrets ${names} both contain '${name}', and istiod uses the one that it reads first; `
      + 'remove one of them');
  }
  const [{ metadata, data = {} }] = remoteSecrets;
  const keys = Object.keys(data).map(key => `'${key}'`).join(', ') || 'none';
  return failed(`Secret '${metadata.name}' must have the key '${name}', the name of the cluster, but has ${keys}; `
    + remoteSecretFix(pair));
}

const NO_PROBE: Probe = { result: ProbeResult.NOT_TRIED, detail: 'no kubeconfig was read' };

function checkServer(pair: Pair): CheckResult {
  const { probe: { result, server: configured, detail } = NO_PROBE, to: { model: { name, apiServer } } } = pair;
  const server = configured === undefined ? undefined : shownUrl(String(configured));
  if (apiServer !== undefined && configured !== undefined && !isSameUrl(configured, apiServer)) {
    return failed(`the kubeconfig is for ${server}, but the API server of '${name}' is ${apiServer}; `
      + remoteSecretFix(pair));
  }
  switch (result) {
    case ProbeResult.UNTRUSTED:
      return failed(`the kubeconfig does not trust the certificate of ${server} (${detail}); `
        + `set caData to the CA certificate that signed it, or ${remoteSecretFix(pair)}`);
    case ProbeResult.UNREACHABLE:
      return unknown(`${server} cannot be reached from here (${detail}); `
        + 'the check \'synced\' shows whether istiod reaches it');
    case ProbeResult.NOT_TRIED:
      return unknown(detail);
    default:
      return ok(server);
  }
}

/** Whether two URLs are equivalent, e.g. if only one of them contains the default port. */
function isSameUrl(one: string, other: string): boolean {
  return one === other || URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

function checkToken(pair: Pair): CheckResult {
  const { probe: { result, token } = NO_PROBE, to: { model: { name }, tokens } } = pair;
  const known = tokens.value?.find(one => one.token === token);
  switch (result) {
    case ProbeResult.UNAUTHORIZED: {
      const hint = known ? '' : ', which is not one of its reader service accounts';
      return failed(`the API server of '${name}' rejects the token (401)${hint}; ${remoteSecretFix(pair)}`);
    }
    case ProbeResult.FORBIDDEN:
      return failed(`the account of the token has no permission to read '${name}' (403); `
        + `apply the step 00-namespace of '${name}'`);
    case ProbeResult.ANSWERS:
      return ok(known && describe(known));
    default:
      break;
  }
  if (token === undefined || tokens.value === undefined) {
    return unknown('no token to compare');
  }
  return known ? ok(describe(known))
    : unknown('the token is not one of the reader service accounts, and the API server could not be asked');
}

/** The slot of a token, and its age in days, or in hours below two days. */
function describe({ slot, created = '' }: ReaderToken): string {
  const hours = Math.floor((Date.now() - Date.parse(created)) / 3_600_000);
  if (Number.isNaN(hours)) {
    return `${slot}, unknown age`;
  }
  return `${slot}, ${hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`} old`;
}

function checkRoot({ from, to }: Pair): CheckResult {
  return whenRead(from.roots, fromRoots => whenRead(to.roots, toRoots => {
    if (fromRoots.length === 0 || toRoots.length === 0) {
      const { name } = (fromRoots.length === 0 ? from : to).model;
      return unknown(`ConfigMap '${ROOT_CONFIG_MAP}' of '${name}' has no root CA yet`);
    }
    return shareRoot(fromRoots, toRoots) ? ok()
      : failed(`'${from.model.name}' and '${to.model.name}' have no root CA in common, so every request between them `
        + 'fails in the TLS handshake; create the Secret cacerts of both under the same root CA, and restart istiod');
  }));
}

function checkVersion({ from, to }: Pair): CheckResult {
  const [fromVersions, toVersions] = [from, to].map(followedVersions);
  if (fromVersions.length === 0 || toVersions.length === 0) {
    const { name } = (fromVersions.length === 0 ? from : to).model;
    return unknown(`istiod of '${name}' does not report its version`);
  }
  const skewed = fromVersions.flatMap(one =>
    toVersions.filter(other => Math.abs(minor(one)! - minor(other)!) > 1).map(other => `${one} and ${other}`));
  return skewed.length === 0 ? ok(`${fromVersions[0]} and ${toVersions[0]}`)
    : failed(`the control planes are more than one minor version apart: ${skewed[0]}; upgrade the older one`);
}

/** Versions of the istiods that proxies follow; like in IM009, a canary that no tag selects may be newer. */
function followedVersions({ model, istiods }: ClusterState): string[] {
  const revisions = revisionsInUse(model);
  return (istiods.value ?? []).filter(({ revision }) => revision === undefined || revisions.includes(revision))
    .flatMap(({ version }) => version ?? []);
}
