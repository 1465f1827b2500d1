import { istiodSettings } from './istiod-settings';
import { type ClusterManifests, isOperator } from './manifests';
import { type Part, helmValuesOf, isSubstituted, objectsOf, operatorsOf } from './parts';
import { DEFAULT_DOMAIN } from '../../istio/domains';
import { REVISION_LABEL } from '../../istio/labels';
import { ISTIO_SYSTEM } from '../../istio/names';
import { DEFAULT_REVISION } from '../../istio/revisions';
import { sailRevision } from '../../settings/installer/sail-objects';
import { SailUpdateStrategyType } from '../../settings/installer/sail-options';

/**
 * A control plane that the manifests of a cluster install.
 *
 * It is installed by istioctl, Helm or the Sail operator, or its rendered Deployment is applied.
 */
export interface ControlPlane {
  /** The IstioOperator, the Helm values, the Istio or the Deployment. */
  readonly object: Part;
  readonly namespace: string;
  /** Its revision, or `default`. */
  readonly revision: string;
  readonly clusterName: Part;
  /** Settings from the object; those of a Deployment are from its ConfigMaps, if these are among the manifests. */
  readonly settings: { readonly [name: string]: Part };
  /** The cluster name that a rendered istiod injects into proxies, which is set in another place than its own. */
  readonly injectedClusterName?: Part;
  readonly meshConfig?: Part;
  /** Domain of the cluster's services, if it is known. */
  readonly clusterDomain?: string;
  /** An environment variable of istiod. */
  environment(name: string): string | undefined;
}

/** Every control plane that the manifests of a cluster install, canaries last; read once for all rules. */
export function controlPlanesOf(cluster: ClusterManifests): readonly ControlPlane[] {
  return cluster.memo.once(readControlPlanes, cluster);
}

function readControlPlanes(cluster: ClusterManifests): ControlPlane[] {
  const deployments = objectsOf(cluster, 'Deployment.apps')
    .filter(deployment => deployment.at('metadata', 'labels', 'app').value === 'istiod');
  const istios = objectsOf(cluster, 'Istio.sailoperator.io')
    .filter(istio => !SAIL_REMOTE_PROFILES.includes(String(istio.at('spec', 'profile').value)));
  const istiodValues = helmValuesOf(cluster).filter(values => values.at('global', 'multiCluster').isPresent);
  const controlPlanes = [
    ...operatorsOf(cluster).filter(installsControlPlane).map(fromOperator),
    ...istiodValues.map(fromHelmValues),
    ...istios.map(fromIstio),
    ...deployments.map(deployment => fromDeployment(cluster, deployment)),
  ];
  return [...controlPlanes.filter(isDefault), ...controlPlanes.filter(controlPlane => !isDefault(controlPlane))];
}

function isDefault({ revision }: ControlPlane): boolean {
  return revision === DEFAULT_REVISION;
}

/** Profiles of istioctl that install no control plane. */
const REMOTE_PROFILES = ['empty', 'remote'];

/** Profiles of the Sail operator that install no control plane; its profile `empty` installs one. */
const SAIL_REMOTE_PROFILES = ['remote'];

/** Whether an IstioOperator installs a control plane. */
export function installsControlPlane(operator: Part): boolean {
  const enabled = operator.at('spec', 'components', 'pilot', 'enabled').value;
  return typeof enabled === 'boolean' ? enabled
    : !REMOTE_PROFILES.includes(String(operator.at('spec', 'profile').value));
}

/** The namespace that istioctl installs an IstioOperator into: neither `metadata.namespace` nor `spec.namespace`. */
export function operatorNamespace(operator: Part): string {
  return nonEmpty(operator.at('spec', 'values', 'global', 'istioNamespace')) ?? ISTIO_SYSTEM;
}

/** The revision of an IstioOperator, or `default`. */
export function operatorRevision(operator: Part): string {
  return nonEmpty(operator.at('spec', 'values', 'revision')) ?? nonEmpty(operator.at('spec', 'revision'))
    ?? DEFAULT_REVISION;
}

/** A string that is not empty, even if a later substitution changes it. */
function nonEmpty({ value }: Part): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fromOperator(operator: Part): ControlPlane {
  const overlay = operator.at('spec', 'components', 'pilot', 'k8s', 'env');
  return {
    object: operator,
    namespace: operatorNamespace(operator),
    revision: operatorRevision(operator),
    ...settingsIn(operator.at('spec', 'values'), operator.at('spec', 'meshConfig')),
    // istioctl applies the overlay over the values
    environment: name =>
      variable(overlay, name)?.at('value').text ?? operator.at('spec', 'values', 'pilot', 'env', name).text,
  };
}

function settingsIn(
  values: Part, meshConfig = values.at('meshConfig'),
): Pick<ControlPlane, 'clusterName' | 'settings' | 'meshConfig' | 'clusterDomain'> {
  const global = values.at('global');
  const clusterDomain = global.at('proxy', 'clusterDomain');
  return {
    clusterName: global.at('multiCluster', 'clusterName'),
    settings: {
      meshID: global.at('meshID'),
      network: global.at('network'),
      trustDomain: meshConfig.at('trustDomain'),
    },
    meshConfig,
    clusterDomain: clusterDomain.isPresent ? clusterDomain.text : DEFAULT_DOMAIN,
  };
}

function fromHelmValues(values: Part): ControlPlane {
  return {
    object: values,
    namespace: nonEmpty(values.at('global', 'istioNamespace')) ?? ISTIO_SYSTEM,
    revision: nonEmpty(values.at('revision')) ?? DEFAULT_REVISION,
    ...settingsIn(values),
    // the chart prefers pilot.env
    environment: name => values.at('pilot', 'env', name).text ?? values.at('env', name).text,
  };
}

function fromIstio(istio: Part): ControlPlane {
  const values = istio.at('spec', 'values');
  return {
    object: istio,
    namespace: nonEmpty(istio.at('spec', 'namespace')) ?? ISTIO_SYSTEM,
    revision: istioRevision(istio),
    ...settingsIn(values),
    environment: name => values.at('pilot', 'env', name).text,
  };
}

/** The revision that the Sail operator derives from an Istio: its name, with the version for revision-based updates. */
function istioRevision(istio: Part): string {
  const name = nonEmpty(istio.at('metadata', 'name')) ?? 'default';
  const strategy = istio.at('spec', 'updateStrategy', 'type').value;
  const version = nonEmpty(istio.at('spec', 'version')) ?? '${version}'; // the default depends on the operator
  return strategy === SailUpdateStrategyType.REVISION_BASED ? sailRevision(name, version) : name;
}

function fromDeployment(cluster: ClusterManifests, deployment: Part): ControlPlane {
  const containers = deployment.at('spec', 'template', 'spec', 'containers');
  const container = containers.items.find(item => item.at('name').value === 'discovery') ?? containers.at(0);
  const env = container.at('env');
  const namespace = deployment.at('metadata', 'namespace').text;
  const revision = deployment.at('metadata', 'labels', REVISION_LABEL).text ?? DEFAULT_REVISION;
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

/** Domain of the cluster's services from the arguments of istiod; undefined for a container without arguments. */
function domainArgument(args: Part): string | undefined {
  const words = args.items.map(({ value }) => String(value));
  const index = words.indexOf('--domain');
  const domain = index >= 0 ? words[index + 1]
    : words.find(word => word.startsWith('--domain='))?.slice('--domain='.length);
  return words.length > 0 ? domain ?? DEFAULT_DOMAIN : undefined;
}

/** A variable in the `env` of a container. */
export function variable(env: Part, name: string): Part | undefined {
  return env.items.find(item => item.at('name').value === name);
}

/** The domain of a cluster's services, if a control plane sets it. */
export function clusterDomainOf(cluster: ClusterManifests): string | undefined {
  return controlPlanesOf(cluster).find(({ clusterDomain }) => clusterDomain !== undefined)?.clusterDomain;
}

/** The namespaces in which istiod runs; empty if no manifest installs it. */
export function systemNamespaces(cluster: ClusterManifests): string[] {
  return [...new Set(controlPlanesOf(cluster).map(({ namespace }) => namespace))];
}

/** The revisions that the manifests of a cluster install, and their tags; empty if a revision is substituted later. */
export function revisionsOf(cluster: ClusterManifests): string[] {
  const controlPlanes = controlPlanesOf(cluster);
  const revisions = controlPlanes.map(({ revision }) => revision);
  if (revisions.some(isSubstituted)) {
    return [];
  }
  const operatorTags = controlPlanes.filter(({ object }) => isOperator(object.value))
    .flatMap(({ object }) => object.at('spec', 'values', 'revisionTags').items.map(({ text }) => text));
  const webhookTags = objectsOf(cluster, 'MutatingWebhookConfiguration.admissionregistration.k8s.io')
    .map(webhook => webhook.at('metadata', 'labels', 'istio.io/tag').text);
  const sailTags = objectsOf(cluster, 'IstioRevisionTag.sailoperator.io').map(tag => tag.at('metadata', 'name').text);
  const names = [...revisions, ...operatorTags, ...sailTags, ...webhookTags].filter(name => name !== undefined);
  return [...new Set(names)];
}
