import { istiodSettings } from './istiod-settings';
import type { ClusterManifests } from './manifests';
import { isOperator } from './manifests';
import type { Part } from './parts';
import { helmValuesOf, isSubstituted, objectsOf, operatorsOf } from './parts';
import { ISTIO_SYSTEM } from '../../istio/names';
import { DEFAULT_REVISION } from '../../istio/revisions';
import { sailRevision } from '../../settings/installer/sail-objects';
import { SailUpdateStrategyType } from '../../settings/installer/sail-options';

/** A control plane that a cluster's manifests install: by istioctl, by Helm, by the Sail operator, or as the rendered Deployment of istiod. */
export interface ControlPlane {
  /** The IstioOperator, the values of the chart, the Istio or the Deployment. */
  readonly object: Part;
  readonly namespace: string;
  /** Its revision, `default` for none. */
  readonly revision: string;
  readonly clusterName: Part;
  /** What the object says, or the ConfigMaps of a Deployment as far as they are there. */
  readonly settings: { readonly [name: string]: Part };
  /** The name that it gives the proxies of its cluster, where that is said apart from its own. */
  readonly injectedClusterName?: Part;
  readonly meshConfig?: Part;
  /** Domain of the cluster's services, where it is known. */
  readonly clusterDomain?: string;
  /** An environment variable of istiod. */
  environment(name: string): string | undefined;
}

const PLANES = new WeakMap<ClusterManifests, readonly ControlPlane[]>();

/** Every control plane that the manifests of a cluster install, canaries last; read once for all rules. */
export function controlPlanesOf(cluster: ClusterManifests): readonly ControlPlane[] {
  const planes = PLANES.get(cluster) ?? controlPlanesIn(cluster);
  PLANES.set(cluster, planes);
  return planes;
}

function controlPlanesIn(cluster: ClusterManifests): ControlPlane[] {
  const deployments = objectsOf(cluster, 'Deployment.apps').filter(deployment => deployment.at('metadata', 'labels', 'app').value === 'istiod');
  const istios = objectsOf(cluster, 'Istio.sailoperator.io').filter(istio => !SAIL_OTHERS.includes(String(istio.at('spec', 'profile').value)));
  const ofCharts = helmValuesOf(cluster).filter(values => values.at('global', 'multiCluster').isThere);
  const planes = [
    ...operatorsOf(cluster).filter(installsControlPlane).map(ofOperator),
    ...ofCharts.map(ofValues),
    ...istios.map(ofIstio),
    ...deployments.map(deployment => ofDeployment(cluster, deployment)),
  ];
  return [...planes.filter(isDefault), ...planes.filter(plane => !isDefault(plane))];
}

function isDefault({ revision }: ControlPlane): boolean {
  return revision === DEFAULT_REVISION;
}

/** Profiles without a control plane of their own. */
const OTHERS = ['empty', 'remote'];

/** Profiles of the Sail operator without a control plane of their own: its profile `empty` has one. */
const SAIL_OTHERS = ['remote'];

/** Whether an IstioOperator installs a control plane. */
export function installsControlPlane(operator: Part): boolean {
  const enabled = operator.at('spec', 'components', 'pilot', 'enabled').value;
  return typeof enabled === 'boolean' ? enabled : !OTHERS.includes(String(operator.at('spec', 'profile').value));
}

/** The namespace into which istioctl installs an IstioOperator: neither `metadata.namespace` nor `spec.namespace`. */
export function operatorNamespace(operator: Part): string {
  return written(operator.at('spec', 'values', 'global', 'istioNamespace')) ?? ISTIO_SYSTEM;
}

/** The revision of an IstioOperator, `default` for none. */
export function operatorRevision(operator: Part): string {
  return written(operator.at('spec', 'values', 'revision')) ?? written(operator.at('spec', 'revision')) ?? DEFAULT_REVISION;
}

/** Text as it is written, even where something replaces it later. */
function written({ value }: Part): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function ofOperator(operator: Part): ControlPlane {
  const global = operator.at('spec', 'values', 'global');
  const meshConfig = operator.at('spec', 'meshConfig');
  const clusterDomain = global.at('proxy', 'clusterDomain');
  return {
    object: operator,
    namespace: operatorNamespace(operator),
    revision: operatorRevision(operator),
    clusterName: global.at('multiCluster', 'clusterName'),
    settings: { meshID: global.at('meshID'), network: global.at('network'), trustDomain: meshConfig.at('trustDomain') },
    meshConfig,
    clusterDomain: clusterDomain.isThere ? clusterDomain.text : CLUSTER_DOMAIN,
    environment: name => variable(operator.at('spec', 'components', 'pilot', 'k8s', 'env'), name)?.at('value').text // which istioctl puts over the other
      ?? operator.at('spec', 'values', 'pilot', 'env', name).text,
  };
}

/** What istiod and Istio's charts take for the domain where nobody says one. */
const CLUSTER_DOMAIN = 'cluster.local';

function ofValues(values: Part): ControlPlane {
  const global = values.at('global');
  const clusterDomain = global.at('proxy', 'clusterDomain');
  return {
    object: values,
    namespace: written(global.at('istioNamespace')) ?? ISTIO_SYSTEM,
    revision: written(values.at('revision')) ?? DEFAULT_REVISION,
    clusterName: global.at('multiCluster', 'clusterName'),
    settings: { meshID: global.at('meshID'), network: global.at('network'), trustDomain: values.at('meshConfig', 'trustDomain') },
    meshConfig: values.at('meshConfig'),
    clusterDomain: clusterDomain.isThere ? clusterDomain.text : CLUSTER_DOMAIN,
    environment: name => values.at('pilot', 'env', name).text ?? values.at('env', name).text, // of which the chart takes the first
  };
}

function ofIstio(istio: Part): ControlPlane {
  const values = istio.at('spec', 'values');
  const clusterDomain = values.at('global', 'proxy', 'clusterDomain');
  return {
    object: istio,
    namespace: written(istio.at('spec', 'namespace')) ?? ISTIO_SYSTEM,
    revision: istioRevision(istio),
    clusterName: values.at('global', 'multiCluster', 'clusterName'),
    settings: { meshID: values.at('global', 'meshID'), network: values.at('global', 'network'), trustDomain: values.at('meshConfig', 'trustDomain') },
    meshConfig: values.at('meshConfig'),
    clusterDomain: clusterDomain.isThere ? clusterDomain.text : CLUSTER_DOMAIN,
    environment: name => values.at('pilot', 'env', name).text,
  };
}

/** The revision that the Sail operator makes of an Istio: its name, or with each version another one. */
function istioRevision(istio: Part): string {
  const name = written(istio.at('metadata', 'name')) ?? 'default';
  const isRevisionBased = istio.at('spec', 'updateStrategy', 'type').value === SailUpdateStrategyType.REVISION_BASED;
  return isRevisionBased ? sailRevision(name, written(istio.at('spec', 'version')) ?? '${version}') : name; // without a version, the operator's own
}

function ofDeployment(cluster: ClusterManifests, deployment: Part): ControlPlane {
  const pod = deployment.at('spec', 'template');
  const container = pod.at('spec', 'containers').items.find(item => item.at('name').value === 'discovery') ?? pod.at('spec', 'containers', 0);
  const env = container.at('env');
  const namespace = deployment.at('metadata', 'namespace').text;
  const revision = deployment.at('metadata', 'labels', 'istio.io/rev').text ?? DEFAULT_REVISION;
  const { values, meshConfig } = istiodSettings(cluster, namespace, revision);
  const global = values?.at('global');
  return {
    object: deployment,
    namespace: namespace ?? ISTIO_SYSTEM,
    revision,
    clusterName: variable(env, 'CLUSTER_ID')?.at('value') ?? env,
    settings: {
      ...global && { meshID: global.at('meshID'), network: global.at('network') },
      ...meshConfig && { trustDomain: meshConfig.at('trustDomain') },
    },
    injectedClusterName: global?.at('multiCluster', 'clusterName'),
    meshConfig,
    clusterDomain: domainArgument(container.at('args')),
    environment: name => variable(env, name)?.at('value').text,
  };
}

/** Domain of the cluster's services among the arguments of istiod, where they are there. */
function domainArgument(args: Part): string | undefined {
  const words = args.items.map(({ value }) => String(value));
  const at = words.indexOf('--domain');
  const domain = at >= 0 ? words[at + 1] : words.find(word => word.startsWith('--domain='))?.slice('--domain='.length);
  return words.length > 0 ? domain ?? CLUSTER_DOMAIN : undefined;
}

/** A variable of a container's `env`. */
export function variable(env: Part, name: string): Part | undefined {
  return env.items.find(item => item.at('name').value === name);
}

/** The namespaces in which istiod runs; none when no manifest tells. */
export function systemNamespaces(cluster: ClusterManifests): string[] {
  return [...new Set(controlPlanesOf(cluster).map(({ namespace }) => namespace))];
}

/** The revisions that a cluster's manifests install, and the tags that lead to them; none when nobody can tell yet. */
export function revisionsOf(cluster: ClusterManifests): string[] {
  const planes = controlPlanesOf(cluster);
  const tags = planes.filter(({ object }) => isOperator(object.value)).flatMap(({ object }) => object.at('spec', 'values', 'revisionTags').items.map(({ text }) => text));
  const webhooks = objectsOf(cluster, 'MutatingWebhookConfiguration.admissionregistration.k8s.io').map(webhook => webhook.at('metadata', 'labels', 'istio.io/tag').text);
  const sailTags = objectsOf(cluster, 'IstioRevisionTag.sailoperator.io').map(tag => tag.at('metadata', 'name').text);
  const revisions = planes.map(({ revision }) => revision);
  return revisions.some(isSubstituted) ? [] : [...new Set([...revisions, ...tags, ...sailTags, ...webhooks].filter(name => name !== undefined))];
}
