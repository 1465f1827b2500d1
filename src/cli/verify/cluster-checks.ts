import type { ClusterState, Reading } from './cluster-state';
import type { Check, Verdict } from './verdict';
import { ok, red, unknown } from './verdict';
import { revisionsInUse } from '../../istio/revisions';
import { authorityProblems, missingProblem, shareRoot } from '../../istio/signing-authority';
import { shellWord } from '../../util/shell-word';
import { authorityIn } from '../certs/cacerts';
import type { Istiod } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';

const NETWORK_LABEL = 'topology.istio.io/network';

/** What must hold in a cluster by itself: the diagonal of the matrix. */
export const CLUSTER_CHECKS: ReadonlyArray<Check<ClusterState>> = [
  {
    name: 'context',
    judge: ({ namespace: { problem }, model: { context } }) => problem === undefined ? ok(context)
      : red(`${problem}; see that kubectl --context ${shellWord(context)} get namespaces works`),
  },
  {
    name: 'istiod',
    needs: ['context'],
    judge: state => ofReading(state.istiods, istiods => istiodVerdict(state, istiods)),
  },
  { name: 'network', needs: ['context'], judge: state => ofReading(state.namespace, namespace => networkVerdict(state, namespace)) },
  {
    name: 'gateway',
    needs: ['context'],
    judge: state => state.model.eastWestGateway ? ofReading(state.gateway, gateway => gatewayVerdict(state, gateway)) : ok('none, and none is needed'),
  },
  { name: 'cacerts', needs: ['context'], judge: state => ofReading(state.cacerts, cacerts => cacertsVerdict(state, cacerts)) },
];

/** A verdict over what was read; unknown where nothing could be. */
export function ofReading<T>({ value, problem }: Reading<T>, judge: (value: T) => Verdict): Verdict {
  return problem === undefined ? judge(value as T) : unknown(problem);
}

function istiodVerdict({ model }: ClusterState, istiods: readonly Istiod[]): Verdict {
  if (istiods.length === 0) {
    return red(`no pod of istiod is ready in namespace '${model.namespace}'; install the control plane of '${model.name}'`);
  }
  const missing = revisionsInUse(model).find(followed => !istiods.some(({ revision = followed }) => revision === followed));
  return missing === undefined ? ok(istiods.map(({ pod, version }) => `${pod}${version ? ` (${version})` : ''}`).join(', '))
    : red(`no pod of istiod of revision '${missing}' is ready in namespace '${model.namespace}', so that no pod starts where it should inject the sidecar; `
      + `install the control planes of '${model.name}', or move its revisionTags back`);
}

function networkVerdict({ model }: ClusterState, namespace: LiveObject | undefined): Verdict {
  const label = namespace?.metadata.labels?.[NETWORK_LABEL];
  if (label === model.network) {
    return ok(label);
  }
  return red(`label ${NETWORK_LABEL} of namespace '${model.namespace}' is ${label === undefined ? 'missing' : `'${label}'`}, and the network is '${model.network}'; `
    + `apply the step 00-namespace of '${model.name}'`);
}

function gatewayVerdict({ model }: ClusterState, service: LiveObject | undefined): Verdict {
  const where = `in namespace '${model.namespace}'`;
  if (!service) {
    return red(`there is no Service of the east-west gateway ${where}, so that no other network reaches '${model.name}'; install the gateway`);
  }
  const network = service.metadata.labels?.[NETWORK_LABEL];
  if (network !== model.eastWestGateway!.network) {
    return red(`label ${NETWORK_LABEL} of Service '${service.metadata.name}' is ${network === undefined ? 'missing' : `'${network}'`}, and the gateway is for '${model.eastWestGateway!.network}'; `
      + 'install the gateway again');
  }
  const ingress: ReadonlyArray<{ ip?: string; hostname?: string }> = service.status?.loadBalancer?.ingress ?? [];
  const addresses = [...service.spec?.externalIPs ?? [], ...ingress.map(({ ip, hostname }) => ip ?? hostname)].filter(Boolean);
  const nodes = service.metadata.annotations?.['traffic.istio.io/nodeSelector'];
  return addresses.length > 0 ? ok(addresses.join(', ')) : nodes !== undefined ? ok(`the nodes ${nodes}`)
    : red(`Service '${service.metadata.name}' has no address, so that other networks send nothing to '${model.name}'; `
      + `see what its load balancer waits for: kubectl --context ${shellWord(model.context)} -n ${model.namespace} describe service ${service.metadata.name}`);
}

function cacertsVerdict({ model, roots }: ClusterState, secret: LiveObject | undefined): Verdict {
  if (!secret && model.peers.length === 0) {
    return ok('none, and none is needed');
  }
  if (!secret) {
    return red(`there is no Secret 'cacerts' in namespace '${model.namespace}', so that istiod signs with a root of its own, which no other cluster trusts; make it, and restart istiod`);
  }
  const authority = authorityIn(secret);
  const names = Object.keys(secret.data ?? {});
  const problems = authority.root
    ? [...authority.missing.map(name => missingProblem(name, names)), ...authorityProblems(authority).map(([, problem]) => problem)]
    : ['it has no root, and istiod does not start with a part of the files'];
  if (problems.length > 0) {
    return red(`Secret 'cacerts': ${problems.join('; ')}`);
  }
  const published = roots.value ?? [];
  const isTrusted = published.length === 0 || shareRoot(published, authority.root!.certificates!);
  return isTrusted ? ok() : red('istiod does not sign under the root of Secret \'cacerts\', which it reads when it starts; restart it: '
    + `kubectl --context ${shellWord(model.context)} -n ${model.namespace} rollout restart deployment -l app=istiod`);
}
