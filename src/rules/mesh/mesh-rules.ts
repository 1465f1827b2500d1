import { APP_RULES } from '../app-rules';
import { checkEachCluster, rulesOfPart } from './cluster-rule';
import { GIT_OPS_RULES } from './git-ops-rules';
import { LINK_RULES } from './link-rules';
import { NAME_RULES } from './name-rules';
import { NETWORK_RULES } from './network-rules';
import { PEM_RULES } from './pem-rules';
import { REMOTE_CREDENTIALS_RULES } from './remote-credentials-rules';
import { MESH_REVISION_TAG_RULES } from './revision-tag-rules';
import { TRUST_RULES } from './trust-rules';
import {
  type MaybeProblem, type Rules, type RuleText, problem, problemThrown, Severity, violations,
} from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Fields } from '../../util/map';
import { nearest } from '../../util/suggestions';
import { type ControlPlaneSubject, CONTROL_PLANE_RULES } from '../construct/control-plane-rules';
import { MANIFEST_RULES } from '../manifest/manifest-rules';

const DEFINITION_RULES: Rules<MeshModel> = [{
  code: 'IM061',
  severity: Severity.ERROR,
  title: 'resources match files that contain manifests',
  symptom: 'objects are missing from the generated manifests',
  fix: 'correct the glob or the file that the message names',
  see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
  check: checkEachCluster(({ resources, resourceFiles }) =>
    resources.flatMap((glob, i) => violations(['resources', i], problemThrown(() => resourceFiles.matching(glob))))),
}, {
  code: 'IM062',
  severity: Severity.ERROR,
  title: 'acknowledge lists warnings, each with a reason',
  symptom: 'a warning is silenced without a reason, or the intended warning is not silenced',
  fix: 'write the code of a warning, and the reason why the setting is correct in your mesh',
  see: 'https://istio.io/latest/docs/setup/install/multicluster/',
  check: ({ acknowledge }) => Object.entries(acknowledge).flatMap(([code, reason]) =>
    violations(['acknowledge', code], acknowledgementProblem(code, reason))),
}];

function acknowledgementProblem(code: string, reason: string): MaybeProblem {
  const rules: readonly RuleText[] = [...MESH_RULES, ...Object.values(APP_RULES), ...MANIFEST_RULES];
  const rule = rules.find(one => one.code === code);
  if (!rule) {
    const warnings = rules.filter(({ severity }) => severity === Severity.WARNING).map(one => one.code);
    return problem(`acknowledge contains '${code}', which is not the code of a rule`, nearest(code, warnings));
  }
  if (rule.severity === Severity.ERROR) {
    return problem(`acknowledge contains '${code}', which is an error, and only warnings can be acknowledged`,
      `fix the error, and remove '${code}'`);
  }
  return reason.trim() === ''
    && problem(`acknowledge has no reason for '${code}'`, 'write why the setting is correct in your mesh');
}

/** A missing version is reported by IM007 only. */
const MISSING = '';

function controlPlaneSubject(cluster: ClusterModel): ControlPlaneSubject {
  const { namespace, istioVersion = MISSING, canary, installer, controlPlane, settings, environment } = cluster;
  const { revision = '', profile, hub, tag, compatibilityVersion } = controlPlane;
  const [values, meshConfig, components] = [settings.values, settings.meshConfig, settings.components] as Fields[];
  const options = { revision, profile, hub, tag, compatibilityVersion };
  return { ...options, namespace, istioVersion, canary, installer, environment, values, meshConfig, components };
}

/** Rules for the model of a mesh, across all of its clusters. */
export const MESH_RULES: Rules<MeshModel> = [
  ...NAME_RULES,
  ...rulesOfPart(CONTROL_PLANE_RULES, controlPlaneSubject),
  ...MESH_REVISION_TAG_RULES,
  ...TRUST_RULES,
  ...PEM_RULES,
  ...LINK_RULES,
  ...REMOTE_CREDENTIALS_RULES,
  ...NETWORK_RULES,
  ...GIT_OPS_RULES,
  ...DEFINITION_RULES,
];

/** Whether the definition acknowledges a warning. */
export function isAcknowledged(rule: RuleText, acknowledge: MeshModel['acknowledge']): boolean {
  const { code, sameAs = code, severity } = rule;
  return severity === Severity.WARNING && [code, sameAs].some(one => Object.hasOwn(acknowledge, one));
}

/** Rules about what only synth reads: secrets, keys and the user's own manifests. */
const OF_OUTPUT = ['IM035', 'IM061', ...PEM_RULES.map(({ code }) => code)];

/** Whether a rule is only about the generated output, so that commands that need just the model do not evaluate it. */
export function isOfOutput({ code }: Pick<RuleText, 'code'>): boolean {
  return OF_OUTPUT.includes(code);
}
