import { X509Certificate } from 'crypto';
import { DEFAULT_NAME } from '../../east-west-gateway-defaults';
import { TokenSlot } from '../../istio-reader';
import { ClusterModel } from '../../mesh-model';
import { LINK_LABEL, remoteSecretMetadata } from '../../remote-secret-metadata';
import { Istiod, istiodsOf } from '../istiods';
import { Kubectl, LiveObject } from '../kubectl';
import { filledTokens, ReaderToken } from '../reader-tokens';

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
  readonly roots: Reading<readonly X509Certificate[]>;
  /** The tokens that its reader account has, as they are in their Secrets. */
  readonly tokens: Reading<readonly ReaderToken[]>;
  /** The remote Secrets with the label, in whatever namespace, and those of its peers that have the name alone. */
  readonly links: Reading<readonly LiveObject[]>;
}

/** Reads everything of a cluster that a check asks for, all at once. */
export async function clusterState(model: ClusterModel): Promise<ClusterState> {
  const kubectl = new Kubectl(model.context);
  const { namespace } = model;
  const service = model.eastWestGateway?.name ?? DEFAULT_NAME;
  const [own, istiods, gateway, cacerts, roots, tokens, links] = await Promise.all([
    reading(kubectl.get('namespace', namespace)),
    reading(istiodsOf(model)),
    reading(model.eastWestGateway ? kubectl.get('service', service, namespace) : Promise.resolve(undefined)),
    reading(kubectl.get('secret', 'cacerts', namespace)),
    reading(trustedRoots(kubectl, namespace)),
    reading(filledTokens(model, Object.values(TokenSlot))),
    reading(linkSecrets(kubectl, model)),
  ]);
  return { model, namespace: own, istiods, gateway, cacerts, roots, tokens, links };
}

async function reading<T>(value: Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await value };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** What istiod gives to every namespace, its own too. */
async function trustedRoots(kubectl: Kubectl, namespace: string): Promise<X509Certificate[]> {
  const map = await kubectl.get('configmap', 'istio-ca-root-cert', namespace);
  const blocks: string[] = map?.data?.['root-cert.pem']?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map(block => new X509Certificate(block));
}

async function linkSecrets(kubectl: Kubectl, { namespace, peers }: ClusterModel): Promise<LiveObject[]> {
  const labelled = await kubectl.list('secret', undefined, `--selector=${LINK_LABEL}=true`, '--show-managed-fields');
  const missing = peers.map(({ name }) => remoteSecretMetadata(name, namespace).name)
    .filter(name => !labelled.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace));
  return [...labelled, ...await kubectl.named('secret', missing, namespace)];
}
