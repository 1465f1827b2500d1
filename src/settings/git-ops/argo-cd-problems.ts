import type { ArgoCdOptions } from './argo-cd-options';
import type { DeliveredMesh } from './delivery';
import { memberName } from '../../core/family';
import { dnsLabelProblem, objectNameProblem } from '../../istio/names';
import type { Path } from '../../util/path';
import { normalize } from '../../util/posix-path';
import { hasLinks } from '../remote-credentials/links';

/** A name of an Application is a label at each of its objects, in Argo CD before 3.0. */
const MAX_NAME = 63;
const TEMPLATED = ['repoURL', 'targetRevision', 'path', 'destinationName'] as const;

/** What Argo CD cannot do with a mesh, by its place in the definition. */
export function argoCdProblems(
  options: ArgoCdOptions, mesh: DeliveredMesh, names: readonly string[], setName: string,
): Array<readonly [Path, string]> {
  const at = (field: keyof ArgoCdOptions, problem: string | undefined): Array<readonly [Path, string]> => problem ? [[['gitOps', 'argoCd', field], problem]] : [];
  const { namespace = 'argocd', project, path = 'dist', destinationName, applicationName, applicationSet } = options;
  const isAlone = mesh.clusters.length < 2;
  return [
    ...at('repoURL', urlProblem(options.repoURL)),
    ...at('path', pathProblem(path) ?? linksProblem(path, mesh)),
    ...at('namespace', dnsLabelProblem('namespace', namespace)),
    ...at('project', projectProblem(project, mesh.meshID)),
    ...at('destinationName', isAlone || destinationName === undefined ? undefined : sharedProblem('destinationName', destinationName, 'all clusters would be one')),
    ...at('applicationName', isAlone || applicationName === undefined ? undefined : sharedProblem('applicationName', applicationName, 'all Applications would have one name')),
    ...(mesh.meshID === '' ? [] : [...names, ...applicationSet ? [setName] : []]).map(nameProblem).filter(problem => problem !== undefined).slice(0, 1).flatMap(problem => at('applicationName', problem)),
    ...(applicationSet ? TEMPLATED : []).flatMap(field => at(field, options[field]?.includes('{{')
      ? `${field} '${options[field]}' has '{{', which begins an expression in an ApplicationSet; choose one without, or leave applicationSet out` : undefined)),
    ...mesh.clusters.filter(cluster => hasLinks(cluster) && memberName(cluster.remoteCredentials._linkDestination!) === 'sops')
      .map(({ path: cluster, name }) => [[...cluster, 'remoteCredentials'],
        `cluster '${name}': links that go into files by sops are encrypted, and Argo CD does not decrypt them; use sealedSecrets, or links that go to the peers`] as const),
  ];
}

const WEB = /^https?:\/\/([^/?#]*)\/./;
const SSH = /^ssh:\/\/([^/?#]+)\/./;
const SCP = /^[\w.-]+@[\w.-]+:[^/\s][^\s]*$|^[\w.-]+@[\w.-]+:\/[^/\s][^\s]*$/;

/** Credentials are not told again. */
function urlProblem(url: string): string | undefined {
  const [, authority] = WEB.exec(url) ?? [];
  const [, login] = SSH.exec(url) ?? [];
  if (authority?.includes('@') || login?.includes(':') && login.includes('@') && login.indexOf(':') < login.indexOf('@')) {
    return 'repoURL has credentials, which everybody who reads the repository would have; leave them out, and give them to Argo CD in a Secret with the label argocd.argoproj.io/secret-type: repository';
  }
  const isUrl = (authority || login || SCP.test(url)) && !/[\s\\]/.test(url);
  return isUrl ? undefined : `repoURL '${url}' is no URL of a Git repository; write e.g. 'https://git.example.com/mesh.git' or 'git@git.example.com:mesh.git'`;
}

function pathProblem(path: string): string | undefined {
  if (path.includes('$(')) {
    return `path '${path}' is that of the whole tree, and nothing stands for a cluster in it: the directory of each is below; remove '$(…)'`;
  }
  const isInside = path !== '' && !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\\');
  return isInside ? undefined : `path '${path}' is not the tree's path from the root of the repository, without '..' and no '/' first; write e.g. 'dist'`;
}

function linksProblem(path: string, { clusters }: DeliveredMesh): string | undefined {
  return normalize(path).replace(/\/$/, '') === '.' && clusters.some(hasLinks)
    ? `path '${path}' is the root of the repository, and the links, which are files here, lie beside the tree; put the tree in a directory of the repository, e.g. 'dist'` : undefined;
}

function projectProblem(project: string | undefined, meshID: string): string | undefined {
  return project !== undefined ? objectNameProblem('project', project)
    : meshID !== '' && objectNameProblem('meshID', meshID) ? `meshID '${meshID}' is no name of an AppProject: lower-case letters, digits, '-' and '.'; say the project that the Applications belong to` : undefined;
}

function sharedProblem(field: string, value: string, consequence: string): string | undefined {
  return value.includes('$(cluster)') ? undefined : `${field} '${value}' has no $(cluster), so that ${consequence}; write e.g. '${value}-$(cluster)'`;
}

/** One is enough: the fix is the same for all. */
function nameProblem(name: string): string | undefined {
  return name.length > MAX_NAME ? `the name '${name}' has ${name.length} characters, and that of an Application up to ${MAX_NAME}; choose a shorter applicationName, e.g. '$(cluster)'`
    : objectNameProblem('applicationName', name) && `the name '${name}' is none of an Application: lower-case letters, digits, '-' and '.', a letter or digit first and last; choose another applicationName, e.g. '$(cluster)'`;
}
