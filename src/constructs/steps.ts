import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { EastWestGateway } from './east-west-gateway';
import { ExposedServices } from './exposed-services';
import { IstioPrimary } from './istio-primary';
import { IstioReader } from './istio-reader';
import type { PeerProps } from './peer-props';
import { PulledKubeconfig } from './pulled-kubeconfig';
import { PushedKubeconfig } from './pushed-kubeconfig';
import { RemoteSecret } from './remote-secret';
import { addResources } from './resources';
import { RevisionTag } from './revision-tag';
import { objectIn, Step } from '../core/step';
import type { ClusterModel } from '../definition/mesh-model';
import { DEFAULT_REVISION } from '../istio/revisions';
import { usesReaderToken } from '../settings/remote-credentials/credential-delivery';
import type { Trust, TrustedCluster } from '../settings/trust/trust';
import { type Fields, overlay } from '../util/map';

/** The constructs of a cluster. */
export interface ClusterParts {
  readonly primary: IstioPrimary;
  readonly revisionTags: readonly RevisionTag[];
  readonly reader?: IstioReader;
  readonly cacerts?: ApiObject;
  readonly eastWestGateway?: EastWestGateway;
  readonly exposedServices?: ExposedServices;
  readonly remoteSecrets: readonly RemoteSecret[];
  readonly pushedKubeconfig?: PushedKubeconfig;
  readonly pulledKubeconfigs: readonly PulledKubeconfig[];
}

/** What the clusters of a mesh share. */
export interface MeshContext {
  readonly meshID: string;
  readonly peerProps: PeerProps;
}

/**
 * The step table: which constructs a cluster gets, in the order in which they are applied. Each construct sets its own
 * directory.
 */
export function clusterParts(cluster: Construct, context: MeshContext, model: ClusterModel): ClusterParts {
  const { name: clusterName, namespace, trust } = model;
  const primary = new IstioPrimary(cluster, 'IstioPrimary', {
    ...model.controlPlane,
    values: valuesOf(model),
    meshID: context.meshID,
    clusterName,
    network: model.network!,
    istioVersion: model.istioVersion,
    canary: model.canary,
    installer: model.installer,
    _hasDefaultTag: Object.hasOwn(model.revisionTags, DEFAULT_REVISION),
  });
  const revisionTags = createRevisionTags(cluster, model);
  const reader = createReader(cluster, model);
  const cacerts = createCacerts(cluster, trust, { meshID: context.meshID, clusterName, namespace });
  const eastWestGateway = model.eastWestGateway
    && new EastWestGateway(cluster, 'EastWestGateway', model.eastWestGateway);
  const exposedServices = eastWestGateway && new ExposedServices(cluster, 'ExposedServices', {
    ...model.exposedServices,
    gateway: eastWestGateway,
    clusterDomain: model.clusterDomain,
  });
  const links = createLinks(cluster, context, model);
  addResources(cluster, model.resources.flatMap(glob => model.resourceFiles.matching(glob)), gatewayNamespaces(model));
  return { primary, revisionTags, reader, cacerts, eastWestGateway, exposedServices, ...links };
}

function createReader(cluster: Construct, model: ClusterModel): IstioReader | undefined {
  const { reader, namespace, remoteCredentials: credentials } = model;
  return credentials._delivery.kind === 'external' ? undefined
    : new IstioReader(cluster, 'IstioReader', { ...reader, namespace, accounts: usesReaderToken(credentials) });
}

/** Creates the object from which an operator creates the Secret `cacerts`. */
function createCacerts(cluster: Construct, trust: Trust, trusted: TrustedCluster): ApiObject | undefined {
  const source = trust._source;
  if (source.kind !== 'operator') {
    return undefined;
  }
  const { apiVersion, kind, spec } = source.resource;
  const metadata = { name: 'cacerts', namespace: trusted.namespace };
  return objectIn<ApiObjectProps>(Step.TRUST, cluster, 'Trust', { apiVersion, kind, metadata, spec: spec(trusted) });
}

/** Creates the remote secrets of the peers, or the objects from which External Secrets creates them. */
function createLinks(
  cluster: Construct, { meshID, peerProps }: MeshContext, model: ClusterModel,
): Pick<ClusterParts, 'remoteSecrets' | 'pushedKubeconfig' | 'pulledKubeconfigs'> {
  const { name: clusterName, namespace, peers, apiServer, reader, remoteCredentials: { _delivery: delivery } } = model;
  const remoteSecrets = peers.filter(peer => peer.remoteCredentials._delivery.kind === 'tree')
    .map(peer => new RemoteSecret(cluster, `RemoteSecret-${peer.name}`, peerProps.remoteSecret(peer, namespace)));
  const pushedKubeconfig = delivery.kind !== 'store' || peers.length === 0 ? undefined
    : new PushedKubeconfig(cluster, 'PushedKubeconfig', {
      ...model.apiServerProps,
      ...delivery.options,
      meshID,
      clusterName,
      apiServer: apiServer!,
      activeToken: reader.activeToken,
      namespace,
    });
  const pulledKubeconfigs = peers.flatMap(peer => {
    const { _delivery: peerDelivery } = peer.remoteCredentials;
    if (peerDelivery.kind !== 'store') {
      return [];
    }
    const props = peerProps.pulledKubeconfig(peer, peerDelivery.options, namespace);
    return [new PulledKubeconfig(cluster, `PulledKubeconfig-${peer.name}`, props)];
  });
  return { remoteSecrets, pushedKubeconfig, pulledKubeconfigs };
}

/**
 * Creates the revision tags: as objects of the installer, or else as webhooks with the same values as those of
 * revisions.
 */
function createRevisionTags(cluster: Construct, model: ClusterModel): RevisionTag[] {
  const { namespace, settings, installer, revisionTags, configuredTags } = model;
  const { sidecarInjectorWebhook, istiodRemote, pilot } = (settings.values ?? {}) as { readonly [part: string]: any };
  const created: RevisionTag[] = [];
  for (const [tag, revision] of Object.entries(revisionTags)) {
    const id = `RevisionTag-${tag}`;
    if (!installer._revisionTag(cluster, id, tag, configuredTags[tag])) {
      created.push(new RevisionTag(cluster, id, {
        tag,
        revision,
        namespace,
        enableNamespacesByDefault: sidecarInjectorWebhook?.enableNamespacesByDefault,
        reinvocationPolicy: sidecarInjectorWebhook?.reinvocationPolicy,
        injectionPath: istiodRemote?.injectionPath,
        serviceAnnotations: pilot?.serviceAnnotations,
        ipFamilies: pilot?.ipFamilies,
        ipFamilyPolicy: pilot?.ipFamilyPolicy,
      }));
    }
  }
  return created;
}

/** Namespaces of the user's gateways in `components`, which must exist, but no installer creates. */
function gatewayNamespaces({ namespace, controlPlane: { components } }: ClusterModel): string[] {
  const gateways = [...components?.ingressGateways ?? [], ...components?.egressGateways ?? []];
  const enabled = gateways.filter(gateway => gateway.enabled !== false);
  const names = new Set(enabled.map(gateway => gateway.namespace ?? namespace));
  return [...names].filter(name => ![namespace, ...IN_EVERY_CLUSTER].includes(name));
}

const IN_EVERY_CLUSTER = ['default', 'kube-system'];

/** The user's Helm values, with the variables that istiod needs to read the peers. */
function valuesOf({ controlPlane, settings, environment }: ClusterModel): typeof controlPlane.values {
  return Object.keys(environment).length === 0 ? controlPlane.values
    : overlay(settings.values as Fields ?? {}, { pilot: { env: environment } });
}
