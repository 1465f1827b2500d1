import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { ROOT_CONFIG_MAP } from '../../istio/names';
import { REMOTE_SECRET_LABEL } from '../../istio/remote-secret-metadata';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { TokenSlot } from '../../settings/reader-options';
import type { Certificate } from '../../util/host/certificates';
import { type Istiod, readIstiods, rootsIn } from '../clusters/istiods';
import { type LiveObject, Kubectl } from '../clusters/kubectl';
import { type ReaderToken, tokensIn } from '../clusters/reader-tokens';
import { withUnlabelled } from '../clusters/remote-secrets';

/** A value that was read from a cluster, or the reason why it could not be read. */
export interface Reading<T> {
  readonly value?: T;
  readonly problem?: string;
}

/** The current state of a cluster. */
export interface ClusterState {
  readonly model: ClusterModel;
  readonly namespace: Reading<LiveObject | undefined>;
  readonly istiods: Reading<readonly Istiod[]>;
  /** The Service of the east-west gateway. */
  readonly gateway: Reading<LiveObject | undefined>;
  readonly cacerts: Reading<LiveObject | undefined>;
  /** The root CAs that its workloads trust. */
  readonly roots: Reading<readonly Certificate[]>;
  /** The tokens of its reader service accounts. */
  readonly tokens: Reading<readonly ReaderToken[]>;
  /** The remote secrets in all namespaces, and Secrets without the label that have the name of one for a peer. */
  readonly remoteSecrets: Reading<readonly LiveObject[]>;
}

/** Reads everything about a cluster that the checks need, in few calls, because each of them starts a program. */
export async function readClusterState(model: ClusterModel): Promise<ClusterState> {
  const kubectl = new Kubectl(model.context);
  const { namespace, eastWestGateway } = model;
  const gateway = eastWestGateway?.name ?? DEFAULT_NAME;
  const slots = Object.values(TokenSlot);
  const references = [
    `namespace/${namespace}`, `service/${gateway}`, 'secret/cacerts', `configmap/${ROOT_CONFIG_MAP}`,
    ...slots.map(slot => `secret/${IstioReader.accountName(slot)}`),
  ];
  const [objects, istiods, remoteSecrets] = await Promise.all([
    settle(kubectl.objects(references, namespace)),
    settle(readIstiods(model)),
    settle(readRemoteSecrets(kubectl, model)),
  ]);
  const objectNamed = (kind: string, name: string) =>
    map(objects, all => all.find(object => object.kind === kind && object.metadata.name === name));
  return {
    model,
    namespace: objectNamed('Namespace', namespace),
    istiods,
    gateway: objectNamed('Service', gateway),
    cacerts: objectNamed('Secret', 'cacerts'),
    roots: map(objectNamed('ConfigMap', ROOT_CONFIG_MAP), rootsIn),
    tokens: map(objects, all => tokensIn(all.filter(({ kind }) => kind === 'Secret'), slots)),
    remoteSecrets,
  };
}

/** Waits for a value; an error becomes the reason why there is none. */
export async function settle<T>(value: Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await value };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function map<T, R>({ value, problem }: Reading<T>, convert: (value: T) => R): Reading<R> {
  return problem === undefined ? { value: convert(value as T) } : { problem };
}

async function readRemoteSecrets(kubectl: Kubectl, { namespace, peers }: ClusterModel): Promise<LiveObject[]> {
  const options = [`--selector=${REMOTE_SECRET_LABEL}=true`, '--show-managed-fields'];
  const labelled = await kubectl.list('secret', undefined, ...options)
    .catch(() => kubectl.list('secret', namespace, ...options)); // the user may not have access to all namespaces
  return withUnlabelled(kubectl, namespace, labelled, peers.map(({ name }) => name));
}
