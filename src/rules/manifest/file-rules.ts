import { dirname } from 'path-browserify';
import { type Resource, KUSTOMIZATION, resourcesOf, Use } from './kustomizations';
import { type ClusterManifests, isOperator } from './manifests';
import { appliedDocuments, appliedObjects, groupKind, manifestOf, operatorsOf, Part } from './parts';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { isMap } from '../../util/map';
import { isNear, nearest } from '../../util/suggestions';

const KUSTOMIZE = 'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/';
const OBJECTS = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/';

/** The kustomizations of a cluster, each with the resources that it lists. */
function kustomizationsOf({ manifests }: ClusterManifests): Array<{ part: Part; file: string; resources: Resource[] }> {
  return manifests.flatMap(({ file, object }, i) => KUSTOMIZATION.test(file) && isMap(object)
    ? [{ part: new Part([i], object), file, resources: resourcesOf(file, object) }]
    : []);
}

/** Whether a file, or a directory with a kustomization, exists. */
function exists({ files, kustomizations }: ClusterManifests, target: string): boolean {
  return files.includes(target) || kustomizations.has(target);
}

function missingProblem(
  cluster: ClusterManifests, directory: string, { written, target }: Resource,
): MaybeProblem {
  if (target === undefined || exists(cluster, target)) {
    return undefined;
  }
  if (cluster.files.some(file => file.startsWith(`${target}/`))) {
    return problem(`resources contains '${written}', a directory without a kustomization.yaml, so kubectl applies `
      + 'nothing', 'add one to it, or list its files');
  }
  const siblings = siblingsOf(cluster, directory);
  const fix = isNear(written, siblings) ? nearest(written, siblings) : 'remove it, or add the file';
  return problem(`resources contains '${written}', which does not exist, so kubectl applies nothing`, fix);
}

/** Names of the files and directories in a directory, without its kustomization. */
function siblingsOf({ files }: ClusterManifests, directory: string): string[] {
  const names = files.filter(file => directory === '.' || file.startsWith(`${directory}/`))
    .map(file => (directory === '.' ? file : file.slice(directory.length + 1)).split('/')[0]);
  return [...new Set(names)].filter(name => !KUSTOMIZATION.test(name));
}

function notAnObject(document: Part): MaybeProblem {
  const required = [['apiVersion'], ['kind'], ['metadata', 'name']];
  const missing = required.find(key => !document.at(...key).isPresent);
  if (missing === undefined) {
    return undefined;
  }
  const needsNoName = isOperator(document.value) || document.at('metadata', 'generateName').isPresent;
  return missing[0] === 'metadata' && needsNoName ? undefined
    : problem(`${missing.join('.')} is missing, so this is not a Kubernetes object and is rejected`,
      'add it, or move the document to a file that is not applied');
}

/** Group, kind, namespace and name of an object. */
function identity(object: Part): string {
  const namespace = object.at('metadata', 'namespace').text ?? '';
  const name = object.at('metadata', 'name').text ?? object.path[0];
  return [groupKind(object.value), namespace, name].join('/');
}

function repeatedObjects(cluster: ClusterManifests): Violation[] {
  const first = new Map<string, Part>();
  return appliedObjects(cluster).flatMap(object => {
    const other = first.get(identity(object));
    if (!other) {
      first.set(identity(object), object);
      return [];
    }
    return object.found(problem(`an object of this kind and name is already in '${manifestOf(cluster, other).file}', `
      + 'and the one that is applied last wins', 'remove one, or rename it'));
  });
}

function repeatedResources(cluster: ClusterManifests): Violation[] {
  return kustomizationsOf(cluster).flatMap(({ part, resources }) => resources.flatMap(({ path, written }, i) => {
    const isRepeated = resources.findIndex(other => other.written === written) < i;
    return part.at(...path).found(isRepeated
      && problem(`resources contains '${written}' twice, which kustomize rejects`, 'remove one of the two'));
  }));
}

function unusedFiles(cluster: ClusterManifests): Violation[] {
  const { manifests, kustomizations } = cluster;
  const isFirstOfFile = (file: string, i: number) => manifests.findIndex(other => other.file === file) === i;
  const unusedFindings = manifests.flatMap(({ file, use }, i) => use === Use.UNUSED && isFirstOfFile(file, i)
    ? new Part([i], undefined).found(problem(`no kustomization lists '${file}', so 'kubectl apply -k' does not apply `
      + 'it', 'add it to the resources of the kustomization next to it, or remove it'))
    : []);
  const unlisted = kustomizationsOf(cluster).filter(({ file }) => {
    const directory = dirname(file);
    return directory !== '.' && kustomizations.listedBy(file) === undefined
      && kustomizations.has(dirname(directory));
  });
  return [...unusedFindings, ...unlisted.flatMap(({ part, file }) => part.found(
    problem(`no kustomization lists the directory '${dirname(file)}', so 'kubectl apply -k' of its parent directory `
      + 'does not apply it', 'add it to the resources there, or remove it')))];
}

/** Rules for the files of a cluster, and for its kustomizations. */
export const FILE_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM101',
    severity: Severity.ERROR,
    title: 'every file of a cluster can be read',
    symptom: 'kubectl, kustomize and GitOps tools stop at the file, and nothing after it is applied',
    fix: 'correct the YAML or JSON at the place in the message',
    see: OBJECTS,
    check: ({ manifests }) => manifests.flatMap(({ mistake }, i) => new Part([i], undefined).found(mistake)),
  },
  {
    code: 'IM102',
    severity: Severity.ERROR,
    title: 'every applied document is a Kubernetes object',
    symptom: 'kubectl and GitOps tools reject the whole directory because of one file',
    fix: 'add apiVersion, kind and metadata.name, or move the document out of the directory',
    see: OBJECTS,
    check: cluster => appliedDocuments(cluster).flatMap(document => document.found(notAnObject(document))),
  },
  {
    code: 'IM103',
    severity: Severity.ERROR,
    title: 'a kustomization lists only existing files and directories',
    symptom: '\'kubectl apply -k\' fails with "no such file or directory", and nothing is applied',
    fix: 'correct the name in the kustomization, or add the file',
    see: `${KUSTOMIZE}resource/`,
    check: cluster => kustomizationsOf(cluster).flatMap(({ part, file, resources }) => resources.flatMap(resource =>
      part.at(...resource.path).found(missingProblem(cluster, dirname(file), resource)))),
  },
  {
    code: 'IM104',
    severity: Severity.WARNING,
    title: 'every file next to a kustomization is listed in one',
    symptom: 'the object in the file is not in the cluster, although no tool reports an error',
    fix: 'list the file in the kustomization next to it',
    see: `${KUSTOMIZE}resource/`,
    check: unusedFiles,
  },
  {
    code: 'IM105',
    severity: Severity.ERROR,
    title: 'an object is applied only once',
    symptom: 'kustomize rejects the directory, or the object changes with every apply',
    fix: 'remove one of the two, or rename it',
    see: `${OBJECTS}names/`,
    check: cluster => [...repeatedObjects(cluster), ...repeatedResources(cluster)],
  },
  {
    code: 'IM106',
    severity: Severity.ERROR,
    title: 'no IstioOperator is applied to a cluster',
    symptom: 'no matches for kind "IstioOperator" in version "install.istio.io/v1alpha1"',
    fix: 'keep IstioOperators in the directory istioctl/, and pass them to istioctl',
    see: 'https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/',
    check: cluster => operatorsOf(cluster).filter(operator => manifestOf(cluster, operator).use === Use.APPLIED)
      .flatMap(operator => operator.found(problem(
        'the IstioOperator is applied with the rest of its directory, but clusters do not accept this kind since Istio '
          + '1.24',
        'move its file to the directory istioctl/, and pass it to istioctl',
      ))),
  },
];
