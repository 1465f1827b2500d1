import { closest } from 'fastest-levenshtein';
import type { Resource } from './kustomizations';
import { KUSTOMIZATION, resourcesOf, Use } from './kustomizations';
import type { ClusterManifests } from './manifests';
import { isOperator } from './manifests';
import { appliedDocuments, appliedObjects, groupKind, manifestOf, operatorsOf, Part } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { isMap } from '../../util/map';
import { dirname } from '../../util/posix-path';
import { isNear } from '../../util/suggestions';

const KUSTOMIZE = 'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/';

/** The kustomizations of a cluster, each with what it applies. */
function kustomizationsOf({ manifests }: ClusterManifests): Array<{ part: Part; file: string; resources: Resource[] }> {
  return manifests.flatMap(({ file, object }, i) => KUSTOMIZATION.test(file) && isMap(object)
    ? [{ part: new Part([i], object), file, resources: resourcesOf(file, object) }]
    : []);
}

/** Whether something is there for a kustomization to apply. */
function isThere({ files, kustomizations }: ClusterManifests, target: string): boolean {
  return files.includes(target) || kustomizations.has(target);
}

function missingProblem(cluster: ClusterManifests, directory: string, { written, target }: Resource): string | undefined {
  if (target === undefined || isThere(cluster, target)) {
    return undefined;
  }
  if (cluster.files.some(file => file.startsWith(`${target}/`))) {
    return `resources names '${written}', a directory without a kustomization.yaml, so that kubectl applies nothing; add one to it, or name its files`;
  }
  const siblings = [...new Set(cluster.files.filter(file => directory === '.' || file.startsWith(`${directory}/`))
    .map(file => (directory === '.' ? file : file.slice(directory.length + 1)).split('/')[0]))].filter(name => !KUSTOMIZATION.test(name));
  const fix = isNear(written, siblings) ? `did you mean '${closest(written, siblings)}'?` : 'remove it, or add the file';
  return `resources names '${written}', which is not there, so that kubectl applies nothing; ${fix}`;
}

/** Group, kind, namespace and name of an object. */
function identity(object: Part): string {
  return [groupKind(object.value), object.at('metadata', 'namespace').text ?? '', object.at('metadata', 'name').text ?? object.path[0]].join('/');
}

function secondTimes(cluster: ClusterManifests): Finding[] {
  const first = new Map<string, Part>();
  return appliedObjects(cluster).flatMap(object => {
    const other = first.get(identity(object));
    if (!other) {
      first.set(identity(object), object);
      return [];
    }
    return object.found(`an object of this kind and name stands in '${manifestOf(cluster, other).file}' already, and of the two the one that is applied last wins; remove one, or name it differently`);
  });
}

function unusedFiles(cluster: ClusterManifests): Finding[] {
  const { manifests, kustomizations } = cluster;
  const unused = manifests.flatMap(({ file, use }, i) => use === Use.UNUSED && manifests.findIndex(other => other.file === file) === i
    ? new Part([i], undefined).found(`no kustomization names '${file}', so that 'kubectl apply -k' leaves it out; add it to the resources of the kustomization beside it, or remove it`)
    : []);
  const unreached = kustomizationsOf(cluster).filter(({ file }) => {
    const directory = dirname(file);
    return directory !== '.' && kustomizations.lister(file) === undefined && kustomizations.has(dirname(directory));
  });
  return [...unused, ...unreached.flatMap(({ part, file }) => part.found(
    `no kustomization names the directory '${dirname(file)}', so that 'kubectl apply -k' of the one above leaves it out; add it to the resources there, or remove it`))];
}

export const FILE_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM101',
    severity: Severity.ERROR,
    title: 'every file of a cluster can be read',
    symptom: 'kubectl, kustomize and GitOps tools stop at the file, and nothing after it is applied',
    fix: 'correct the YAML or JSON at the place that the message names',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
    check: ({ manifests }) => manifests.flatMap(({ mistake }, i) => new Part([i], undefined).found(mistake)),
  },
  {
    code: 'IM102',
    severity: Severity.ERROR,
    title: 'everything that is applied is a Kubernetes object',
    symptom: 'kubectl and GitOps tools refuse the whole directory because of one file',
    fix: 'give the document apiVersion, kind and metadata.name, or move it out of the directory',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
    check: cluster => appliedDocuments(cluster).flatMap(document => {
      const missing = [['apiVersion'], ['kind'], ['metadata', 'name']].find(key => !document.at(...key).isThere);
      const isGenerated = document.at('metadata', 'generateName').isThere;
      return document.found(missing === undefined || (missing.length > 1 && (isGenerated || isOperator(document.value))) ? undefined
        : `${missing.join('.')} is missing, without which this is no Kubernetes object and is refused; add it, or move the document out of what is applied`);
    }),
  },
  {
    code: 'IM103',
    severity: Severity.ERROR,
    title: 'a kustomization names what is there',
    symptom: '\'kubectl apply -k\' ends with "no such file or directory", and nothing is applied',
    fix: 'correct the name in the kustomization, or add the file',
    see: `${KUSTOMIZE}resource/`,
    check: cluster => kustomizationsOf(cluster).flatMap(({ part, file, resources }) => resources.flatMap(resource => part.at(...resource.path)
      .found(missingProblem(cluster, dirname(file), resource)))),
  },
  {
    code: 'IM104',
    severity: Severity.WARNING,
    title: 'every file beside a kustomization is applied by one',
    symptom: 'the object in the file is in no cluster, and everything is green',
    fix: 'name the file in the kustomization beside it',
    see: `${KUSTOMIZE}resource/`,
    check: unusedFiles,
  },
  {
    code: 'IM105',
    severity: Severity.ERROR,
    title: 'an object is applied once',
    symptom: 'kustomize refuses the directory, or the object changes with every apply',
    fix: 'remove one of the two, or name it differently',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    check: cluster => [
      ...secondTimes(cluster),
      ...kustomizationsOf(cluster).flatMap(({ part, resources }) => resources.flatMap(({ path, written }, i) => part.at(...path)
        .found(resources.findIndex(other => other.written === written) < i ? `resources names '${written}' twice, which kustomize refuses; remove one of the two` : undefined))),
    ],
  },
  {
    code: 'IM106',
    severity: Severity.ERROR,
    title: 'no IstioOperator is applied',
    symptom: 'no matches for kind "IstioOperator" in version "install.istio.io/v1alpha1"',
    fix: 'keep IstioOperators in the directory istioctl/, and give them to istioctl',
    see: 'https://istio.io/latest/blog/2024/in-cluster-operator-deprecation-announcement/',
    check: cluster => operatorsOf(cluster).flatMap(operator => operator.found(manifestOf(cluster, operator).use === Use.APPLIED
      ? 'the IstioOperator is applied with the rest of its directory, and no cluster takes that kind since Istio 1.24; move its file to the directory istioctl/, and give it to istioctl'
      : undefined)),
  },
];
