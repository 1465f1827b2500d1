import { type Check, type CheckResult, failed, ok, unknown } from './check-result';
import type { ClusterState, Reading } from './cluster-state';
import { problemText } from '../../core/rule';
import { type IntermediateCa, caProblems, missingProblem, shareRoot } from '../../istio/intermediate-ca';
import { NETWORK_LABEL } from '../../istio/labels';
import { revisionsInUse } from '../../istio/revisions';
import { shellWord } from '../../util/shell-word';
import { authorityIn } from '../certs/cacerts';
import type { Istiod } from '../clusters/istiods';
import { type LiveObject, kubectlCommand, RESTART_ISTIOD } from '../clusters/kubectl';


/** Checks of a single cluster: the diagonal of the matrix. */
export const CLUSTER_CHECKS: ReadonlyArray<Check<ClusterState>> = [
  { name: 'context', evaluate: checkContext },
  {
    name: 'istiod',
    needs: ['context'],
    evaluate: state => whenRead(state.istiods, istiods => checkIstiod(state, istiods)),
  },
  {
    name: 'network',
    needs: ['context'],
    evaluate: state => whenRead(state.namespace, namespace => checkNetwork(state, namespace)),
  },
  {
    name: 'gateway',
    needs: ['context'],
    evaluate: state => state.model.eastWestGateway
      ? whenRead(state.gateway, service => checkGateway(state, service)) : ok('not needed'),
  },
  {
    name: 'cacerts',
    needs: ['context'],
    evaluate: state => whenRead(state.cacerts, secret => checkCacerts(state, secret)),
  },
];

/** Checks a value that was read from a cluster; unknown if it could not be read. */
export function whenRead<T>({ value, problem }: Reading<T>, evaluate: (value: T) => CheckResult): CheckResult {
  return problem === undefined ? evaluate(value as T) : unknown(problem);
}

function checkContext({ namespace: { problem }, model: { context } }: ClusterState): CheckResult {
  return problem === undefined ? ok(context)
    : failed(`${problem}; check that this command works: kubectl --context ${shellWord(context)} get namespaces`);
}

function checkIstiod({ model }: ClusterState, istiods: readonly Istiod[]): CheckResult {
  const { name, namespace } = model;
  if (istiods.length === 0) {
    return failed(`no istiod pod is ready in namespace '${namespace}'; install the control plane of '${name}'`);
  }
  const missing = revisionsInUse(model)
    .find(followed => !istiods.some(({ revision = followed }) => revision === followed));
  if (missing === undefined) {
    return ok(istiods.map(({ pod, version }) => version ? `${pod} (${version})` : pod).join(', '));
  }
  return failed(`no istiod pod of revision '${missing}' is ready in namespace '${namespace}', `
    + 'so pods that need its sidecar injection do not start; '
    + `install all control planes of '${name}', or move its revisionTags back`);
}

function checkNetwork({ model }: ClusterState, object: LiveObject | undefined): CheckResult {
  const { name, namespace, network } = model;
  const label = object?.metadata.labels?.[NETWORK_LABEL];
  return label === network ? ok(label)
    : failed(`label ${NETWORK_LABEL} of namespace '${namespace}' ${wrongLabel(label, network)}; `
      + `apply the step 00-namespace of '${name}'`);
}

function checkGateway({ model }: ClusterState, service: LiveObject | undefined): CheckResult {
  const { name, namespace } = model;
  if (!service) {
    return failed(`the Service of the east-west gateway does not exist in namespace '${namespace}', `
      + `so other networks cannot reach '${name}'; install the gateway`);
  }
  const { network } = model.eastWestGateway!;
  const { name: serviceName, labels, annotations } = service.metadata;
  if (labels?.[NETWORK_LABEL] !== network) {
    const problem = wrongLabel(labels?.[NETWORK_LABEL], network);
    return failed(`label ${NETWORK_LABEL} of Service '${serviceName}' ${problem}; install the gateway again`);
  }
  const nodes = annotations?.['traffic.istio.io/nodeSelector'];
  const addresses = addressesOf(service);
  if (addresses.length > 0 || nodes !== undefined) {
    return ok(addresses.join(', ') || `the nodes ${nodes}`);
  }
  return failed(`Service '${serviceName}' has no address, so other networks cannot send requests to '${name}'; `
    + `check its load balancer: ${kubectlCommand(model, `describe service ${serviceName}`)}`);
}

function addressesOf({ spec, status }: LiveObject): string[] {
  const ingress: ReadonlyArray<{ ip?: string; hostname?: string }> = status?.loadBalancer?.ingress ?? [];
  return [...spec?.externalIPs ?? [], ...ingress.map(({ ip, hostname }) => ip ?? hostname)].filter(Boolean);
}

function wrongLabel(value: string | undefined, expected?: string): string {
  return `${value === undefined ? 'is missing' : `is '${value}'`}, but must be '${expected}'`;
}

function checkCacerts({ model, roots }: ClusterState, secret: LiveObject | undefined): CheckResult {
  const { namespace, peers } = model;
  if (!secret) {
    return peers.length === 0 ? ok('not needed')
      : failed(`Secret 'cacerts' does not exist in namespace '${namespace}', so istiod signs with its own root CA, `
        + 'which no other cluster trusts; create the Secret, and restart istiod');
  }
  const authority = authorityIn(secret);
  const problems = cacertsProblems(authority, secret);
  if (problems.length > 0) {
    return failed(`Secret 'cacerts': ${problems.join('; ')}`);
  }
  const published = roots.value ?? [];
  const isTrusted = published.length === 0 || shareRoot(published, authority.root!.certificates!);
  return isTrusted ? ok()
    : failed('istiod does not sign under the root CA of Secret \'cacerts\', which it reads only when it starts; '
      + `restart it: ${kubectlCommand(model, RESTART_ISTIOD)}`);
}

function cacertsProblems(authority: IntermediateCa, secret: LiveObject): string[] {
  if (!authority.root) {
    return ['it has no root CA certificate, and istiod does not start without it; add the missing files'];
  }
  const names = Object.keys(secret.data ?? {});
  return [
    ...authority.missing.map(name => missingProblem(name, names)),
    ...caProblems(authority).map(({ problem }) => problem),
  ].map(problemText);
}
