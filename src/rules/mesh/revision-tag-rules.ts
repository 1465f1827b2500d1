import { lifted, ofEachCluster } from './cluster-rule';
import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { revisionProblem, TAG_SERVICE_PREFIX } from '../../istio/names';
import { DEFAULT_REVISION, installedRevisions, revisionLabel } from '../../istio/revisions';
import type { Fields } from '../../util/map';
import { isMap } from '../../util/map';
import { nearest } from '../../util/suggestions';

const TAGS = 'https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels';

/** Tags alone, in a mesh or as a RevisionTag. */
export const REVISION_TAG_RULES: ReadonlyArray<Rule<Pick<ClusterModel, 'revisionTags'>>> = [{
  code: 'IM086',
  severity: Severity.ERROR,
  title: 'a revision tag is a DNS label, text without quotes too, and short enough for the names made of it',
  symptom: 'the API server refuses the Service of the tag, or istioctl the gateway that follows it',
  fix: 'write dashes for dots and a letter among the digits, or shorten it',
  see: TAGS,
  check: ({ revisionTags }) => Object.keys(revisionTags).map(tag => found(['revisionTags', tag], revisionProblem('revision tag', tag, TAG_SERVICE_PREFIX))),
}];

/** Tags and what is installed in their cluster. */
export const MESH_REVISION_TAG_RULES: ReadonlyArray<Rule<MeshModel>> = [
  ...lifted(REVISION_TAG_RULES, cluster => cluster),
  {
    code: 'IM087',
    severity: Severity.ERROR,
    title: 'a revision tag stands for a revision that is installed in its cluster',
    symptom: 'no pod starts in a namespace of the tag: its webhook calls an istiod that is not there',
    fix: 'write the revision of the cluster or of its canary, or default where the cluster has no revision',
    see: TAGS,
    check: ofEachCluster(cluster => Object.entries(cluster.revisionTags).map(([tag, revision]) => found(['revisionTags', tag], targetProblem(cluster, tag, revision)))),
  },
  {
    code: 'IM088',
    severity: Severity.ERROR,
    title: 'a revision tag is no revision that is installed in its cluster',
    symptom: 'two webhooks inject each pod, and istioctl refuses the next installation: creating default tag would conflict',
    fix: 'name the tag differently; the tag default needs a cluster whose control plane has a revision',
    see: TAGS,
    check: ofEachCluster(cluster => Object.keys(cluster.revisionTags).map(tag => found(['revisionTags', tag], !installedRevisions(cluster).includes(tag) ? undefined
      : `revision tag '${tag}' is a revision that is installed here, so that two webhooks would inject each pod; ${tag === DEFAULT_REVISION
        ? 'give the control plane a revision first, as the canary of an upgrade, or choose another name' : 'choose another name, e.g. \'prod\''}`))),
  },
  {
    code: 'IM089',
    severity: Severity.ERROR,
    title: 'where there are revision tags, the webhooks are in the cluster and call its own istiod',
    symptom: 'the webhooks of a tag and of its revision differ, and one of them calls an istiod that does not answer',
    fix: 'remove the value that the message names, or the tags',
    see: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
    check: ofEachCluster(({ settings, revisionTags }) => Object.keys(revisionTags).length === 0 ? []
      : FOREIGN_WEBHOOKS.map(path => foreignWebhooks(path, settings))),
  },
];

function targetProblem({ revision, canary }: ClusterModel, tag: string, target: string): string | undefined {
  const installed = installedRevisions({ revision, canary });
  if (!installed.includes(revisionLabel(target))) {
    return `revision tag '${tag}' stands for '${target}', which is not installed here, so that no pod of the tag would start; ${nearest(target, installed)}`;
  }
  return revision === DEFAULT_REVISION && revisionLabel(target) === DEFAULT_REVISION
    ? `revision tag '${tag}' stands for 'default', which Istio takes for the control plane without a revision, and the one here has that name for its revision; leave revision out, or choose another` : undefined;
}

/** Values by which somebody else makes the webhooks, or they call somebody else. */
const FOREIGN_WEBHOOKS = [['values', 'global', 'operatorManageWebhooks'], ['values', 'istiodRemote', 'injectionURL']];

function foreignWebhooks(path: readonly string[], settings: Fields): Finding | undefined {
  const value = path.reduce<unknown>((at, key) => isMap(at) ? at[key] : undefined, settings);
  return found(path, value ? `${path.join('.')} '${value}' leaves the webhooks of the revisions to somebody else, and those of revisionTags call the cluster's own istiod; `
    + 'remove one of them' : undefined);
}
