import { type MaybeProblem, type Rules, type Violation, problem, Severity, violations } from '../../core/rule';
import { clusterDomainProblem, domainProblem, serviceHostProblem } from '../../istio/domains';
import { hubProblem, tagProblem } from '../../istio/images';
import type { Environment } from '../../istio/istiod-environment';
import { CANARY_PREFIX, dnsLabelProblem, isDnsLabel, plainTextProblem, revisionProblem } from '../../istio/names';
import { type Profiles, ISTIOCTL_PROFILES, UNSUPPORTED_PROFILES } from '../../istio/profiles';
import type { Canary } from '../../settings/control-plane-options';
import type { Installer } from '../../settings/installer/installer';
import { type Fields, fieldsAt, isMap } from '../../util/map';
import type { Path } from '../../util/path';
import { nearest } from '../../util/suggestions';

/** The settings of one control plane. */
export interface ControlPlaneSubject {
  readonly namespace: string;
  readonly revision: string;
  readonly profile?: string;
  readonly hub?: string;
  readonly tag?: string;
  readonly compatibilityVersion?: string;
  readonly canary?: Canary;
  readonly values?: Fields;
  readonly meshConfig?: Fields;
  readonly components?: Fields;
  readonly istioVersion?: string;
  /** The installer of a mesh or a construct. */
  readonly installer?: Installer;
  /** Variables that istiod needs to read its peers. */
  readonly environment?: Environment;
}

const CANARY_UPGRADES = 'https://istio.io/latest/docs/setup/upgrade/canary/';
const OPERATOR = 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/';
const MESH_CONFIG = 'https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/';

/** Rules for the settings of one control plane, of a cluster or of an IstioPrimary. */
export const CONTROL_PLANE_RULES: Rules<ControlPlaneSubject> = [
  {
    code: 'IM010',
    severity: Severity.ERROR,
    title: 'a revision is a DNS label that istioctl reads as a string',
    symptom: 'istioctl rejects it, or the API server rejects names that contain it',
    fix: 'use dashes instead of dots, and include a letter',
    see: CANARY_UPGRADES,
    check: ({ revision, canary }) => [
      ...violations(['revision'], revision !== '' && revisionProblem('revision', revision)),
      // the name of its IstioOperator is a label value
      ...violations(['canary', 'revision'],
        canary && revisionProblem('canary.revision', canary.revision, CANARY_PREFIX)),
    ],
  },
  {
    code: 'IM011',
    severity: Severity.ERROR,
    title: 'a canary has a different revision than the first control plane',
    symptom: 'the canary replaces the first control plane instead of running next to it',
    fix: 'give the canary its own revision',
    see: CANARY_UPGRADES,
    check: ({ revision, canary }) => violations(['canary', 'revision'],
      canary && canary.revision === (revision || 'default')
        && problem(`canary.revision '${canary.revision}' is also the revision of the first control plane, which the `
          + 'canary would replace', 'choose another revision')),
  },
  {
    code: 'IM012',
    severity: Severity.ERROR,
    title: 'a namespace is a DNS label',
    symptom: 'the API server rejects it',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: OPERATOR,
    check: ({ namespace }) => violations(['namespace'], dnsLabelProblem('namespace', namespace)),
  },
  {
    code: 'IM013',
    severity: Severity.ERROR,
    title: 'the installer has the profile, and can install a primary in sidecar mode with it',
    symptom: 'the installer does not find the profile, or installs no control plane that other clusters can be linked '
      + 'with',
    fix: `use one of ${ISTIOCTL_PROFILES.names.join(', ')}; with istioctl, the path of a file works as well`,
    see: 'https://istio.io/latest/docs/setup/additional-setup/config-profiles/',
    check: ({ profile, installer }) =>
      violations(['profile'], profileProblem(profile, installer?._checks.profiles ?? ISTIOCTL_PROFILES)),
  },
  {
    code: 'IM014',
    severity: Severity.ERROR,
    title: 'compatibilityVersion is an Istio version without a patch number',
    symptom: 'istioctl rejects it',
    fix: 'write it as x.y, in quotes',
    see: 'https://istio.io/latest/docs/setup/additional-setup/compatibility-versions/',
    check: ({ compatibilityVersion: version }) => violations(['compatibilityVersion'],
      version !== undefined && !/^\d+\.\d+$/.test(version)
        && problem(`compatibilityVersion '${version}' is not an Istio version without a patch number`,
          'write it as x.y, e.g. \'1.30\'')),
  },
  {
    code: 'IM015',
    severity: Severity.ERROR,
    title: 'Istio\'s settings contain no setting for which this library has a property',
    symptom: 'two settings contradict each other, e.g. the network of the pods and that of the gateway, and traffic '
      + 'silently stays local',
    fix: 'set the property that the message names',
    see: 'https://github.com/istio/istio/issues/46772',
    check: ownKeys,
  },
  {
    code: 'IM016',
    severity: Severity.ERROR,
    title: 'a trust domain is a domain name',
    symptom: 'istioctl rejects it, or proxies have identities that no policy can name',
    fix: 'write labels of letters, digits and -, separated by dots',
    see: `${MESH_CONFIG}#MeshConfig-trust_domain`,
    check: ({ meshConfig }) => [
      ...violations(['meshConfig', 'trustDomain'], domainProblem('meshConfig.trustDomain', meshConfig?.trustDomain)),
      ...(listAt(meshConfig, 'trustDomainAliases')).flatMap((alias, i) =>
        violations(['meshConfig', 'trustDomainAliases', i], domainProblem('meshConfig.trustDomainAliases', alias))),
    ],
  },
  {
    code: 'IM019',
    severity: Severity.ERROR,
    title: 'a cluster domain is a lower-case domain name that is read as a string without quotes',
    symptom: 'no host matches a service of the cluster, so nothing is exposed, or the API server rejects the objects '
      + 'that istioctl generates',
    fix: 'write labels of lower-case letters, digits and -, separated by dots',
    see: OPERATOR,
    check: ({ values }) => {
      const domain = fieldsAt(values, 'global', 'proxy').clusterDomain;
      return violations(['values', 'global', 'proxy', 'clusterDomain'],
        domain !== undefined && clusterDomainProblem(domain));
    },
  },
  {
    code: 'IM017',
    severity: Severity.ERROR,
    title: 'hosts in serviceSettings are host names, in which only the first label can be *',
    symptom: 'istiod ignores the setting, and calls that should stay in the cluster go to other clusters',
    fix: 'write a full name, *.NAMESPACE.svc.DOMAIN, or *',
    see: `${MESH_CONFIG}#MeshConfig-ServiceSettings`,
    check: ({ meshConfig }) => listAt(meshConfig, 'serviceSettings').flatMap((settings, i) =>
      listAt(settings, 'hosts').flatMap((host, j) =>
        violations(['meshConfig', 'serviceSettings', i, 'hosts', j], serviceHostProblem(host)))),
  },
  {
    code: 'IM018',
    severity: Severity.ERROR,
    title: 'default visibility is ".", "*" or a namespace',
    symptom: 'no proxy sees the services, routes or rules',
    fix: 'write ".", "*" or the name of a namespace',
    see: `${MESH_CONFIG}#MeshConfig-default_service_export_to`,
    check: ({ meshConfig }) => VISIBILITY_KEYS.flatMap(key => listAt(meshConfig, key).flatMap((value, i) =>
      violations(['meshConfig', key, i], visibilityProblem(key, String(value))))),
  },
  {
    code: 'IM078',
    severity: Severity.ERROR,
    title: 'hub is an image repository, and tag is an image tag',
    symptom: 'istioctl rejects them or panics, or no pod gets its image: InvalidImageName',
    fix: 'write the repository with its host, and a tag without spaces',
    see: OPERATOR,
    check: ({ hub, tag, canary }) => [
      ...violations(['hub'], hub && hubProblem('hub', hub)),
      ...violations(['tag'], tag && tagProblem('tag', tag)),
      ...violations(['canary', 'tag'], canary?.tag && tagProblem('canary.tag', canary.tag)),
    ],
  },
  {
    code: 'IM079',
    severity: Severity.ERROR,
    title: 'names of pull secrets and revision tags are read as strings without quotes',
    symptom: 'the API server rejects the objects that istioctl generates: cannot unmarshal number into Go value of '
      + 'type string',
    fix: 'put a word before a number, and avoid words that YAML reads as a boolean or null',
    see: OPERATOR,
    check: ({ values }) => [
      ...plainTextFindings(['values', 'global', 'imagePullSecrets'], 'secret-', fieldsAt(values, 'global')),
      ...plainTextFindings(['values', 'revisionTags'], 'tag-', values), // only in an IstioOperator: see OWN_KEYS
    ],
  },
  {
    code: 'IM090',
    severity: Severity.ERROR,
    title: 'the installer supports the settings of the control plane',
    symptom: 'a setting has no effect, or the installation fails halfway',
    fix: 'change the setting as the message describes, or choose another installer',
    see: 'https://istio.io/latest/docs/setup/install/',
    check: ({ installer, ...settings }) =>
      violations(['installer'], ...installer?._checks.controlPlane(settings) ?? []),
  },
  {
    code: 'IM093',
    severity: Severity.ERROR,
    title: 'the API of the installer supports every setting',
    symptom: 'the API server silently drops them, and the control plane runs without them',
    fix: 'use the key that the message names',
    see: 'https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md',
    check: ({ installer, ...settings }) => installer?._checks.unknownSettings(settings) ?? [],
  },
];

function profileProblem(profile: string | undefined, profiles: Profiles): MaybeProblem {
  const { owner, names, allowsFiles } = profiles;
  if (profile === undefined || names.includes(profile)) {
    return undefined;
  }
  const choice = `use one of ${names.join(', ')}`;
  if (/[/\\]|\.ya?ml$/.test(profile)) {
    return allowsFiles ? undefined
      : problem(`profile '${profile}' is a file, which ${owner} does not support`,
        `move its settings to values, and ${choice}`);
  }
  return UNSUPPORTED_PROFILES.includes(profile)
    ? problem(`profile '${profile}' does not install a primary in sidecar mode, the only kind that this library `
      + 'supports', choice)
    : problem(`profile '${profile}' is not a profile of ${owner}`, nearest(profile, names));
}

/** Keys of Istio's settings that this library sets, each with the property that it derives the value from. */
export const OWN_KEYS: ReadonlyArray<readonly [key: Path, property: string]> = [
  [['values', 'global', 'meshID'], 'meshID'],
  [['values', 'global', 'network'], 'network'],
  [['values', 'global', 'multiCluster', 'clusterName'], 'the cluster\'s name'],
  [['values', 'global', 'istioNamespace'], 'namespace'],
  [['values', 'global', 'hub'], 'hub'],
  [['values', 'global', 'tag'], 'tag'],
  [['values', 'global', 'revision'], 'revision'],
  [['values', 'revision'], 'revision'],
  [['values', 'revisionTags'], 'revisionTags'],
  [['values', 'defaultRevision'], 'revisionTags.default'],
  [['values', 'profile'], 'profile'],
  [['values', 'compatibilityVersion'], 'compatibilityVersion'],
  [['values', 'meshConfig'], 'meshConfig'],
  [['meshConfig', 'defaultConfig', 'meshId'], 'meshID'],
];

function ownKeys({ values, meshConfig }: ControlPlaneSubject): Violation[] {
  return OWN_KEYS.flatMap(([key, property]) => {
    const value = key.reduce<unknown>((parent, name) => isMap(parent) ? parent[name] : undefined,
      { values, meshConfig });
    const shown = typeof value === 'string' ? `'${value}' ` : '';
    return value === undefined ? [] : [{
      path: key,
      ...problem(`${key.join('.')} ${shown}is set by this library from ${property}`,
        `set ${property} instead, and remove this key`),
    }];
  });
}

const VISIBILITY_KEYS = ['defaultServiceExportTo', 'defaultVirtualServiceExportTo', 'defaultDestinationRuleExportTo'];

function visibilityProblem(key: string, value: string): MaybeProblem {
  const words = ['.', '*', ...key === 'defaultServiceExportTo' ? ['~'] : []];
  return words.includes(value) || isDnsLabel(value) ? undefined
    : problem(`${key} contains '${value}', which is not '.', '*' or a namespace, so no proxy would see the objects`,
      'write one of these');
}

function plainTextFindings(path: Path, prefix: string, fields: Fields | undefined): Violation[] {
  const key = String(path[path.length - 1]);
  return listAt(fields, key).flatMap((name, i) =>
    violations([...path, i], plainTextProblem(key, String(name), prefix + name)));
}

function listAt(fields: unknown, key: string): readonly unknown[] {
  const list = isMap(fields) ? fields[key] : undefined;
  return Array.isArray(list) ? list : [];
}
