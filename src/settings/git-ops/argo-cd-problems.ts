import { normalize } from 'path-browserify';
import type { ArgoCdOptions } from './argo-cd-options';
import type { DeliveredMesh } from './delivery';
import { type MaybeProblem, type Violation, problem, violations } from '../../core/rule';
import { dnsLabelProblem, isObjectName, objectNameProblem } from '../../istio/names';
import { hasLinkFiles, linkTarget } from '../remote-credentials/links';

/** Maximum length of an Application's name: Argo CD before 3.0 labels its objects with it. */
const MAX_NAME = 63;

/** Options that become part of the template of an ApplicationSet. */
const TEMPLATED = ['repoURL', 'targetRevision', 'path', 'destinationName'] as const;

/**
 * Settings that Argo CD does not support.
 *
 * @param names names of the Applications
 * @param setName name of the ApplicationSet
 */
export function argoCdProblems(
  options: ArgoCdOptions, mesh: DeliveredMesh, names: readonly string[], setName: string,
): Violation[] {
  const { repoURL, namespace = 'argocd', project, path = 'dist', applicationSet } = options;
  const at = (field: keyof ArgoCdOptions, ...problems: readonly MaybeProblem[]) =>
    violations(['gitOps', 'argoCd', field], ...problems);
  const [firstNameProblem] = (mesh.meshID === '' ? [] : [...names, ...applicationSet ? [setName] : []])
    .map(nameProblem).filter(Boolean); // one, since the fix is the same for all
  return [
    ...at('repoURL', urlProblem(repoURL)),
    ...at('path', pathProblem(path) || linksProblem(path, mesh)),
    ...at('namespace', dnsLabelProblem('namespace', namespace)),
    ...at('project', projectProblem(project, mesh.meshID)),
    ...at('destinationName', sharedProblem('destinationName', options, mesh)),
    ...at('applicationName', sharedProblem('applicationName', options, mesh), firstNameProblem),
    ...(applicationSet ? TEMPLATED : []).flatMap(field => at(field, templateProblem(field, options[field]))),
    ...mesh.clusters.filter(cluster => hasLinkFiles(cluster) && linkTarget(cluster).kind === 'sops').map(cluster => ({
      path: [...cluster.path, 'remoteCredentials'],
      ...problem(`cluster '${cluster.name}': Argo CD does not decrypt remote secrets that sops encrypts`,
        'set linked.into to sealedSecrets or peers'),
    })),
  ];
}

const WEB = /^https?:\/\/([^/?#]*)\/./;
const SSH = /^ssh:\/\/([^/?#]+)\/./;
const SCP = /^[\w.-]+@[\w.-]+:[^/\s][^\s]*$|^[\w.-]+@[\w.-]+:\/[^/\s][^\s]*$/;

/** A message must not repeat credentials. */
function urlProblem(url: string): MaybeProblem {
  const [, authority] = WEB.exec(url) ?? [];
  const [, login] = SSH.exec(url) ?? [];
  const hasPassword = login?.includes(':') && login.includes('@') && login.indexOf(':') < login.indexOf('@');
  if (authority?.includes('@') || hasPassword) {
    return problem('repoURL has credentials, which anyone who can read the repository would see',
      'remove them, and store them in a Secret with the label argocd.argoproj.io/secret-type: repository instead');
  }
  const isUrl = (authority || login || SCP.test(url)) && !/[\s\\]/.test(url);
  return isUrl ? undefined : problem(`repoURL '${url}' is not the URL of a Git repository`,
    'write e.g. \'https://git.example.com/mesh.git\' or \'git@git.example.com:mesh.git\'');
}

function pathProblem(path: string): MaybeProblem {
  if (path.includes('$(')) {
    return problem(`path '${path}' must be the same for all clusters, since their directories are below it`,
      'remove \'$(…)\'');
  }
  const isInside = path !== '' && !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\\');
  return isInside ? undefined : problem(`path '${path}' is not a relative path inside the repository`,
    'write e.g. \'dist\'');
}

function linksProblem(path: string, { clusters }: DeliveredMesh): MaybeProblem {
  const isRoot = normalize(path).replace(/\/$/, '') === '.';
  return isRoot && clusters.some(hasLinkFiles) && problem(`path '${path}' is the root of the repository, but the files `
    + 'of remote secrets are next to the output directory', 'use a subdirectory, e.g. \'dist\'');
}

function projectProblem(project: string | undefined, meshID: string): MaybeProblem {
  if (project !== undefined) {
    return objectNameProblem('project', project);
  }
  return meshID !== '' && !isObjectName(meshID)
    && problem(`meshID '${meshID}' is not a valid name of an AppProject: lower-case letters, digits, '-' and '.'`,
      'set project to an existing one');
}

/** Several clusters need different names. */
function sharedProblem(
  field: 'destinationName' | 'applicationName', { [field]: value }: ArgoCdOptions, { clusters }: DeliveredMesh,
): MaybeProblem {
  return value === undefined || clusters.length < 2 || value.includes('$(cluster)') ? undefined
    : problem(`${field} '${value}' is the same for all clusters, but must differ`, `write e.g. '${value}-$(cluster)'`);
}

function templateProblem(field: string, value: string | undefined): MaybeProblem {
  return value?.includes('{{') && problem(`${field} '${value}' contains '{{', which starts an expression in an `
    + 'ApplicationSet', 'remove it, or remove applicationSet');
}

function nameProblem(name: string): MaybeProblem {
  const fix = 'write another applicationName, e.g. \'$(cluster)\'';
  if (name.length > MAX_NAME) {
    return problem(`the name '${name}' has ${name.length} characters, but that of an Application is limited to `
      + `${MAX_NAME}`, fix);
  }
  return !isObjectName(name)
    && problem(`the name '${name}' is not a valid name of an Application: lower-case letters, digits, '-' and '.', a `
      + 'letter or digit first and last', fix);
}
