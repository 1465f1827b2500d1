import { checkEachCluster, rulesOfPart } from './cluster-rule';
import { type MaybeProblem, type Rules, type Violation, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { revisionProblem, TAG_SERVICE_PREFIX } from '../../istio/names';
import { DEFAULT_REVISION, installedRevisions, revisionLabel } from '../../istio/revisions';
import { isMap } from '../../util/map';
import { nearest } from '../../util/suggestions';

const TAGS = 'https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels';

/** Rules for the names of revision tags, of a cluster or of a RevisionTag. */
export const REVISION_TAG_RULES: Rules<Pick<ClusterModel, 'revisionTags'>> = [{
  code: 'IM086',
  severity: Severity.ERROR,
  title: 'a revision tag is a DNS label that is read as a string without quotes, and short enough for generated names',
  symptom: 'the API server rejects the Service of the tag, or istioctl rejects the gateway that uses it',
  fix: 'use dashes instead of dots, include a letter, or shorten it',
  see: TAGS,
  check: ({ revisionTags }) => Object.keys(revisionTags).flatMap(tag =>
    violations(['revisionTags', tag], revisionProblem('revision tag', tag, TAG_SERVICE_PREFIX))),
}];

/** Rules for the revision tags of a cluster, and for the revisions that are installed there. */
export const MESH_REVISION_TAG_RULES: Rules<MeshModel> = [
  ...rulesOfPart(REVISION_TAG_RULES, cluster => cluster),
  {
    code: 'IM087',
    severity: Severity.ERROR,
    title: 'a revision tag points to a revision that is installed in its cluster',
    symptom: 'no pod starts in a namespace with the tag, because its webhook calls an istiod that does not exist',
    fix: 'use the revision of the cluster or of its canary, or default if the cluster has no revision',
    see: TAGS,
    check: checkEachCluster(cluster => Object.entries(cluster.revisionTags).flatMap(([tag, revision]) =>
      violations(['revisionTags', tag], targetProblem(cluster, tag, revision)))),
  },
  {
    code: 'IM088',
    severity: Severity.ERROR,
    title: 'a revision tag does not have the name of a revision that is installed in its cluster',
    symptom: 'two webhooks inject each pod, and istioctl rejects the next installation: creating default tag would '
      + 'conflict',
    fix: 'rename the tag; the tag default requires a control plane with a revision',
    see: TAGS,
    check: checkEachCluster(cluster => Object.keys(cluster.revisionTags).flatMap(tag =>
      violations(['revisionTags', tag], installedRevisions(cluster).includes(tag) && nameConflict(tag)))),
  },
  {
    code: 'IM089',
    severity: Severity.ERROR,
    title: 'in a cluster with revision tags, the webhooks are Istio\'s own and call the istiod of the cluster',
    symptom: 'the webhooks of a tag and of its revision differ, and one of them calls an istiod that does not answer',
    fix: 'remove the value that the message names, or the tags',
    see: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
    check: checkEachCluster(cluster => Object.keys(cluster.revisionTags).length > 0 ? webhookConflicts(cluster) : []),
  },
];

function targetProblem({ revision, canary }: ClusterModel, tag: string, target: string): MaybeProblem {
  const installed = installedRevisions({ revision, canary });
  if (!installed.includes(revisionLabel(target))) {
    return problem(`revision tag '${tag}' points to '${target}', which is not installed in this cluster, so no pod `
      + 'with the tag would start', nearest(target, installed));
  }
  return revision === DEFAULT_REVISION && revisionLabel(target) === DEFAULT_REVISION
    && problem(
      `revision tag '${tag}' points to 'default', which in Istio means a control plane without a revision, but the `
        + 'control plane of this cluster has the revision \'default\'',
      'remove revision, or choose another one',
    );
}

function nameConflict(tag: string): MaybeProblem {
  const fix = tag === DEFAULT_REVISION
    ? 'give the control plane a revision first, as in a canary upgrade, or choose another name'
    : 'choose another name, e.g. \'prod\'';
  return problem(`revision tag '${tag}' has the name of a revision that is installed in this cluster, so two webhooks `
    + 'would inject each pod', fix);
}

/** Settings with which Istio does not create the webhooks of revisions, or they do not call the cluster's istiod. */
const WEBHOOK_SETTINGS = [
  { path: ['values', 'global', 'operatorManageWebhooks'], effect: 'leaves the webhooks of revisions to an operator' },
  { path: ['values', 'istiodRemote', 'injectionURL'], effect: 'makes the webhooks of revisions call another istiod' },
];

function webhookConflicts({ settings }: ClusterModel): Violation[] {
  return WEBHOOK_SETTINGS.flatMap(({ path, effect }) => {
    const value = path.reduce<unknown>((parent, key) => isMap(parent) ? parent[key] : undefined, settings);
    return violations(path, Boolean(value) && problem(`${path.join('.')} '${value}' ${effect}, but those of `
      + 'revisionTags call the istiod of this cluster', 'remove one of the two'));
  });
}
