import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import { hubProblem, tagProblem } from '../../istio/images';
import type { Environment } from '../../istio/istiod-environment';
import { CANARY_PREFIX, dnsLabelProblem, plainTextProblem, revisionProblem } from '../../istio/names';
import type { Profiles } from '../../istio/profiles';
import { ISTIOCTL_PROFILES, OTHER_PROFILES } from '../../istio/profiles';
import type { Canary } from '../../settings/control-plane-options';
import type { Installer } from '../../settings/installer/installer';
import type { Fields } from '../../util/map';
import { fieldsAt, isMap } from '../../util/map';
import type { Path } from '../../util/path';
import { nearest } from '../../util/suggestions';

/** What is said of one control plane. */
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
  /** Who installs it, where a mesh or a construct says so. */
  readonly installer?: Installer;
  /** Variables that istiod must have to read its peers. */
  readonly environment?: Environment;
}

const DOMAIN_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/i;
const CANARY_UPGRADES = 'https://istio.io/latest/docs/setup/upgrade/canary/';
const OPERATOR = 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/';
const MESH_CONFIG = 'https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/';

/** Settings of one control plane, in a mesh or in an IstioPrimary alone. */
export const CONTROL_PLANE_RULES: ReadonlyArray<Rule<ControlPlaneSubject>> = [
  {
    code: 'IM010',
    severity: Severity.ERROR,
    title: 'a revision is a DNS label that istioctl reads as text',
    symptom: 'istioctl refuses it, or the API server the names that are made of it',
    fix: 'write dashes for dots, and a letter among the digits',
    see: CANARY_UPGRADES,
    check: ({ revision, canary }) => [
      found(['revision'], revision === '' ? undefined : revisionProblem('revision', revision)),
      found(['canary', 'revision'], canary && revisionProblem('canary.revision', canary.revision, CANARY_PREFIX)), // its IstioOperator's name is a label value
    ],
  },
  {
    code: 'IM011',
    severity: Severity.ERROR,
    title: 'a canary has another revision than the first control plane',
    symptom: 'the canary replaces the control plane that it should stand beside',
    fix: 'give the canary a revision of its own',
    see: CANARY_UPGRADES,
    check: ({ revision, canary }) => [found(['canary', 'revision'], canary && canary.revision === (revision || 'default')
      ? `canary.revision '${canary.revision}' is the revision of the first control plane, which it would replace; give it one of its own` : undefined)],
  },
  {
    code: 'IM012',
    severity: Severity.ERROR,
    title: 'a namespace is a DNS label',
    symptom: 'the API server refuses it',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: OPERATOR,
    check: ({ namespace }) => [found(['namespace'], dnsLabelProblem('namespace', namespace))],
  },
  {
    code: 'IM013',
    severity: Severity.ERROR,
    title: 'a profile is one that the installer has and that makes a primary in sidecar mode',
    symptom: 'the installer finds no profile, or installs no control plane that others could be linked with',
    fix: `use one of ${ISTIOCTL_PROFILES.names.join(', ')}, or with istioctl the path of a file`,
    see: 'https://istio.io/latest/docs/setup/additional-setup/config-profiles/',
    check: ({ profile, installer }) => [found(['profile'], profileProblem(profile, installer?._checks.profiles ?? ISTIOCTL_PROFILES))],
  },
  {
    code: 'IM014',
    severity: Severity.ERROR,
    title: 'a compatibility version is an Istio version without its patch',
    symptom: 'istioctl refuses it',
    fix: 'write it as x.y, in quotes',
    see: 'https://istio.io/latest/docs/setup/additional-setup/compatibility-versions/',
    check: ({ compatibilityVersion: version }) => [found(['compatibilityVersion'], version === undefined || /^\d+\.\d+$/.test(version) ? undefined
      : `compatibilityVersion '${version}' is no Istio version without its patch; write it as x.y, e.g. '1.30'`)],
  },
  {
    code: 'IM015',
    severity: Severity.ERROR,
    title: 'what has a property of its own is not said in Istio\'s settings again',
    symptom: 'two places differ, e.g. the network of the pods and that of the gateway, and traffic silently stays local',
    fix: 'say it at the property that the message names',
    see: 'https://github.com/istio/istio/issues/46772',
    check: ownKeys,
  },
  {
    code: 'IM016',
    severity: Severity.ERROR,
    title: 'a trust domain is a domain name',
    symptom: 'istioctl refuses it, or proxies have identities that nobody can name in a policy',
    fix: 'write labels of letters, digits and - with dots between them',
    see: `${MESH_CONFIG}#MeshConfig-trust_domain`,
    check: ({ meshConfig }) => [
      found(['meshConfig', 'trustDomain'], domainProblem('meshConfig.trustDomain', meshConfig?.trustDomain)),
      ...(listAt(meshConfig, 'trustDomainAliases')).map((alias, i) =>
        found(['meshConfig', 'trustDomainAliases', i], domainProblem('meshConfig.trustDomainAliases', alias))),
    ],
  },
  {
    code: 'IM019',
    severity: Severity.ERROR,
    title: 'a cluster domain is a domain name in lower case, text without quotes too',
    symptom: 'no host covers a service of it, so that nothing would be exposed, or the API server refuses what istioctl makes of it',
    fix: 'write labels of lower-case letters, digits and - with dots between them',
    see: OPERATOR,
    check: ({ values }) => {
      const domain = fieldsAt(values, 'global', 'proxy').clusterDomain;
      return [found(['values', 'global', 'proxy', 'clusterDomain'], domain === undefined ? undefined : clusterDomainProblem(domain))];
    },
  },
  {
    code: 'IM017',
    severity: Severity.ERROR,
    title: 'hosts in serviceSettings are host names, with * for the first label at most',
    symptom: 'istiod ignores the setting, and what should stay in its cluster is called across clusters',
    fix: 'write a full name, *.NAMESPACE.svc.DOMAIN, or *',
    see: `${MESH_CONFIG}#MeshConfig-ServiceSettings`,
    check: ({ meshConfig }) => listAt(meshConfig, 'serviceSettings').flatMap((settings, i) => listAt(settings, 'hosts').map((host, j) =>
      found(['meshConfig', 'serviceSettings', i, 'hosts', j], isHost(host) ? undefined
        : `serviceSettings has the host '${host}', which is no host name that istiod takes; write e.g. '*.monitoring.svc.cluster.local'`))),
  },
  {
    code: 'IM018',
    severity: Severity.ERROR,
    title: 'default visibility is ".", "*" or a namespace',
    symptom: 'no proxy sees the services, routes or rules that it is for',
    fix: 'write ".", "*" or the name of a namespace',
    see: `${MESH_CONFIG}#MeshConfig-default_service_export_to`,
    check: ({ meshConfig }) => ['defaultServiceExportTo', 'defaultVirtualServiceExportTo', 'defaultDestinationRuleExportTo'].flatMap(key =>
      listAt(meshConfig, key).map((value, i) => found(['meshConfig', key, i],
        ['.', '*', ...key === 'defaultServiceExportTo' ? ['~'] : []].includes(String(value)) || dnsLabelProblem(key, String(value)) === undefined ? undefined
          : `${key} has '${value}', which is neither '.' nor '*' nor a namespace, so that nobody would see what it is for; write one of them`))),
  },
  {
    code: 'IM078',
    severity: Severity.ERROR,
    title: 'hub and tag are the repository and the tag of images',
    symptom: 'istioctl refuses them, or panics, or no pod gets its image: InvalidImageName',
    fix: 'write the repository with its host, and a tag without blanks',
    see: OPERATOR,
    check: ({ hub, tag, canary }) => [
      found(['hub'], hub ? hubProblem('hub', hub) : undefined),
      found(['tag'], tag ? tagProblem('tag', tag) : undefined),
      found(['canary', 'tag'], canary?.tag ? tagProblem('canary.tag', canary.tag) : undefined),
    ],
  },
  {
    code: 'IM079',
    severity: Severity.ERROR,
    title: 'pull secrets and revision tags have names that are text without quotes too',
    symptom: 'the API server refuses what istioctl makes of them: cannot unmarshal number into Go value of type string',
    fix: 'write a word before a number, and no word that YAML takes for a bool or null',
    see: OPERATOR,
    check: ({ values }) => [
      ...plainTextFindings(['values', 'global', 'imagePullSecrets'], 'secret-', fieldsAt(values, 'global')),
      ...plainTextFindings(['values', 'revisionTags'], 'tag-', values), // in any tree: a mesh has revisionTags of its own
    ],
  },
  {
    code: 'IM090',
    severity: Severity.ERROR,
    title: 'an installer can do what is asked of it',
    symptom: 'a setting has no effect, or the installation fails half-way',
    fix: 'say it as the message tells, or choose another installer',
    see: 'https://istio.io/latest/docs/setup/install/',
    check: ({ installer, ...plane }) => (installer?._checks.controlPlane(plane) ?? []).map(problem => found(['installer'], problem)),
  },
  {
    code: 'IM093',
    severity: Severity.ERROR,
    title: 'settings are ones that the API of the installer has',
    symptom: 'the API server drops them without a word, and the control plane runs without',
    fix: 'use the key that the message names',
    see: 'https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md',
    check: ({ installer, ...plane }) => installer?._checks.unknownSettings(plane) ?? [],
  },
];

function profileProblem(profile: string | undefined, { owner, names, takesFiles }: Profiles): string | undefined {
  if (profile === undefined || names.includes(profile)) {
    return undefined;
  }
  if (/[/\\]|\.ya?ml$/.test(profile)) {
    return takesFiles ? undefined : `profile '${profile}' is a file, which ${owner} takes not; say its settings in values, and use one of ${names.join(', ')}`;
  }
  return OTHER_PROFILES.includes(profile)
    ? `profile '${profile}' installs no primary in sidecar mode, the only kind that this library makes; use one of ${names.join(', ')}`
    : `profile '${profile}' is none that ${owner} has; ${nearest(profile, names)}`;
}

/** Keys of Istio's settings that a property of their own says, so that no two places can differ. */
export const OWN_KEYS: ReadonlyArray<readonly [key: Path, place: string]> = [
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

function ownKeys({ values, meshConfig }: ControlPlaneSubject): Finding[] {
  return OWN_KEYS.flatMap(([key, place]) => {
    const value = key.reduce<unknown>((at, name) => isMap(at) ? at[name] : undefined, { values, meshConfig });
    const got = typeof value === 'string' ? `'${value}' ` : '';
    return value === undefined ? [] : [{ path: key, message: `${key.join('.')} ${got}is set by this library, from ${place}; say it there, and remove it here` }];
  });
}

function plainTextFindings(path: Path, prefix: string, fields: Fields | undefined): Array<Finding | undefined> {
  const key = String(path[path.length - 1]);
  return listAt(fields, key).map((name, i) => found([...path, i], plainTextProblem(key, String(name), prefix + name)));
}

function listAt(fields: unknown, key: string): readonly unknown[] {
  const list = isMap(fields) ? fields[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function domainProblem(field: string, domain: unknown): string | undefined {
  return domain === undefined || isDomain(domain) ? undefined
    : `${field} '${domain}' is no domain name: labels of letters, digits and '-' with dots between them; write e.g. 'example.org'`;
}

function clusterDomainProblem(domain: unknown): string | undefined {
  const example = 'cluster.local';
  return !isDomain(domain) || domain !== domain.toLowerCase()
    ? `clusterDomain '${domain}' is no domain name: lower-case letters, digits and '-' with dots between them; write e.g. '${example}'`
    : plainTextProblem('clusterDomain', domain, example);
}

function isDomain(domain: unknown): domain is string {
  return typeof domain === 'string' && domain.length <= 253 && domain.split('.').every(label => DOMAIN_LABEL.test(label) && label.length <= 63);
}

function isHost(host: unknown): boolean {
  return host === '*' || isDomain(typeof host === 'string' ? host.replace(/^\*\./, '') : host);
}
