import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { LINK_LABEL } from '../../istio/remote-secret-metadata';
import { certificatesIn } from '../../istio/signing-authority';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { TokenSlot } from '../../settings/reader-options';
import type { Certificate } from '../../util/host/certificates';
import type { Istiod } from '../clusters/istiods';
import { istiodsOf } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';
import { Kubectl } from '../clusters/kubectl';
import type { ReaderToken } from '../clusters/reader-tokens';
import { tokensIn } from '../clusters/reader-tokens';
import { withNamesakes } from '../clusters/remote-secrets';

/** What was read, or why it could not be. */
export interface Reading<T> {
  readonly value?: T;
  readonly problem?: string;
}

/** What a cluster looks like now. */
export interface ClusterState {
  readonly model: ClusterModel;
  readonly namespace: Reading<LiveObject | undefined>;
  readonly istiods: Reading<readonly Istiod[]>;
  /** The Service of the east-west gateway, where the definition has one. */
  readonly gateway: Reading<LiveObject | undefined>;
  readonly cacerts: Reading<LiveObject | undefined>;
  /** The roots that its workloads trust. */
  readonly roots: Reading<readonly Certificate[]>;
  /** The tokens that its reader account has, as they are in their Secrets. */
  readonly tokens: Reading<readonly ReaderToken[]>;
  /** The remote Secrets with the label, in whatever namespace, and those of its peers that have the name alone. */
  readonly links: Reading<readonly LiveObject[]>;
}

/** Reads everything of a cluster that a check asks for, in as few calls as may be: each is a program that starts. */
export async function clusterState(model: ClusterModel): Promise<ClusterState> {
  const kubectl = new Kubectl(model.context);
  const { namespace, eastWestGateway } = model;
  const gateway = eastWestGateway?.name ?? DEFAULT_NAME;
  const slots = Object.values(TokenSlot);
  const references = [`namespace/${namespace}`, `service/${gateway}`, 'secret/cacerts', `configmap/${ROOTS}`, ...slots.map(slot => `secret/${IstioReader.accountName(slot)}`)];
  const [objects, istiods, links] = await Promise.all([
    reading(kubectl.objects(references, namespace)),
    reading(istiodsOf(model)),
    reading(linkSecrets(kubectl, model)),
  ]);
  const object = (kind: string, name: string) => mapped(objects, all => all.find(one => one.kind === kind && one.metadata.name === name));
  return {
    model,
    namespace: object('Namespace', namespace),
    istiods,
    gateway: object('Service', gateway),
    cacerts: object('Secret', 'cacerts'),
    roots: mapped(object('ConfigMap', ROOTS), rootsIn),
    tokens: mapped(objects, all => tokensIn(all.filter(({ kind }) => kind === 'Secret'), slots)),
    links,
  };
}

/** What istiod gives to every namespace, its own too. */
const ROOTS = 'istio-ca-root-cert';

async function reading<T>(value: Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await value };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function mapped<T, R>({ value, problem }: Reading<T>, part: (value: T) => R): Reading<R> {
  return problem === undefined ? { value: part(value as T) } : { problem };
}

function rootsIn(map: LiveObject | undefined): readonly Certificate[] {
  return certificatesIn(map?.data?.['root-cert.pem'] ?? '') ?? [];
}

async function linkSecrets(kubectl: Kubectl, { namespace, peers }: ClusterModel): Promise<LiveObject[]> {
  const options = [`--selector=${LINK_LABEL}=true`, '--show-managed-fields'];
  const labelled = await kubectl.list('secret', undefined, ...options).catch(() => kubectl.list('secret', namespace, ...options)); // who may not read all
  return withNamesakes(kubectl, namespace, labelled, peers.map(({ name }) => name));
}
