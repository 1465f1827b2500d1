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
import type { Fields } from '../util/map';
import { overlay } from '../util/map';

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
 * The step table: which constructs a cluster gets, in the order in which they are applied. Each construct names its own directory.
 */
export function clusterParts(cluster: Construct, { meshID, peerProps }: MeshContext, model: ClusterModel): ClusterParts {
  const namespace = model.namespace;
  const primary = new IstioPrimary(cluster, 'IstioPrimary', {
    ...model.controlPlane,
    values: valuesOf(model),
    meshID,
    clusterName: model.name,
    network: model.network!,
    istioVersion: model.istioVersion,
    canary: model.canary,
    installer: model.installer,
    _hasDefaultTag: Object.hasOwn(model.revisionTags, DEFAULT_REVISION),
  });
  const revisionTags = createRevisionTags(cluster, model);
  const delivery = model.remoteCredentials._delivery;
  const reader = delivery.kind === 'external' ? undefined
    : new IstioReader(cluster, 'IstioReader', { ...model.reader, namespace, accounts: usesReaderToken(model.remoteCredentials) });
  const cacerts = cacertsObject(cluster, meshID, model);
  const eastWestGateway = model.eastWestGateway && new EastWestGateway(cluster, 'EastWestGateway', model.eastWestGateway);
  const exposedServices = eastWestGateway && new ExposedServices(cluster, 'ExposedServices', {
    ...model.exposedServices,
    gateway: eastWestGateway,
    clusterDomain: model.clusterDomain,
  });
  const remoteSecrets = model.peers.filter(peer => peer.remoteCredentials._delivery.kind === 'tree')
    .map(peer => new RemoteSecret(cluster, `RemoteSecret-${peer.name}`, peerProps.remoteSecret(peer, namespace)));
  const pushedKubeconfig = delivery.kind === 'store' && model.peers.length > 0 ? new PushedKubeconfig(cluster, 'PushedKubeconfig', {
    ...model.apiServerProps,
    ...delivery.options,
    meshID,
    clusterName: model.name,
    apiServer: model.apiServer!,
    activeToken: model.reader.activeToken,
    namespace,
  }) : undefined;
  const pulledKubeconfigs = model.peers.flatMap(peer => {
    const { _delivery: ofPeer } = peer.remoteCredentials;
    return ofPeer.kind === 'store'
      ? [new PulledKubeconfig(cluster, `PulledKubeconfig-${peer.name}`, peerProps.pulledKubeconfig(peer, ofPeer.options, namespace))] : [];
  });
  addResources(cluster, model.resources.flatMap(glob => model.resourceFiles.matching(glob)), gatewayNamespaces(model));
  return { primary, revisionTags, reader, cacerts, eastWestGateway, exposedServices, remoteSecrets, pushedKubeconfig, pulledKubeconfigs };
}

function cacertsObject(cluster: Construct, meshID: string, { name, namespace, trust }: ClusterModel): ApiObject | undefined {
  const source = trust._source;
  if (source.kind !== 'operator') {
    return undefined;
  }
  const { apiVersion, kind, spec } = source.resource;
  return objectIn<ApiObjectProps>(Step.TRUST, cluster, 'Trust', {
    apiVersion, kind, metadata: { name: 'cacerts', namespace }, spec: spec({ meshID, clusterName: name, namespace }),
  });
}

/** Creates the revision tags: as objects of the installer, or else as webhooks with the same values as those of revisions. */
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

/** Namespaces of the user's own gateways, which no installer makes, and without which it installs none of them. */
function gatewayNamespaces({ namespace, controlPlane: { components } }: ClusterModel): string[] {
  const gateways = [...components?.ingressGateways ?? [], ...components?.egressGateways ?? []].filter(({ enabled }) => enabled !== false);
  const names = new Set(gateways.map(gateway => gateway.namespace ?? namespace));
  return [...names].filter(name => ![namespace, ...IN_EVERY_CLUSTER].includes(name));
}

const IN_EVERY_CLUSTER = ['default', 'kube-system'];

/** The user's Helm values, with the variables that istiod needs to read the peers. */
function valuesOf({ controlPlane, settings, environment }: ClusterModel): typeof controlPlane.values {
  return Object.keys(environment).length === 0 ? controlPlane.values : overlay(settings.values as Fields ?? {}, { pilot: { env: environment } });
}
