import type { Problem } from '../../core/problems';
import { thrown } from '../../core/problems';
import type { Path } from '../../util/path';
import { pathText } from '../../util/path';
import { APP_RULES } from '../app-rules';
import { lifted, ofEachCluster } from './cluster-rule';
import { GIT_OPS_RULES } from './git-ops-rules';
import { LINK_RULES } from './link-rules';
import { NAME_RULES } from './name-rules';
import { NETWORK_RULES } from './network-rules';
import { PEM_RULES } from './pem-rules';
import { REMOTE_CREDENTIALS_RULES } from './remote-credentials-rules';
import { MESH_REVISION_TAG_RULES } from './revision-tag-rules';
import { TRUST_RULES } from './trust-rules';
import type { Rule, RuleText } from '../../core/rule';
import { coded, found, judged, Severity } from '../../core/rule';
import type { Definition } from '../../definition/definition';
import type { MeshModel } from '../../definition/mesh-model';
import type { Fields } from '../../util/map';
import { nearest } from '../../util/suggestions';
import { CONTROL_PLANE_RULES } from '../construct/control-plane-rules';
import { MANIFEST_RULES } from '../manifest/manifest-rules';

const DEFINITION_RULES: ReadonlyArray<Rule<MeshModel>> = [{
  code: 'IM061',
  severity: Severity.ERROR,
  title: 'resources name files with manifests',
  symptom: 'objects that somebody counts on are not in the tree',
  fix: 'correct the glob or the file that the message names',
  see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/',
  check: ofEachCluster(({ resources, resourceFiles }) => resources.map((glob, i) => found(['resources', i], thrown(() => resourceFiles.matching(glob))))),
}, {
  code: 'IM062',
  severity: Severity.ERROR,
  title: 'an acknowledgement names a warning and says why',
  symptom: 'a warning is silenced that nobody thought about, or one is not that somebody did',
  fix: 'write the code of a warning, and the reason why it is right here',
  see: 'https://istio.io/latest/docs/setup/install/multicluster/',
  check: ({ acknowledge }) => Object.entries(acknowledge).map(([code, reason]) => found(['acknowledge', code], acknowledgementProblem(code, reason))),
}];

function acknowledgementProblem(code: string, reason: string): string | undefined {
  const rules: readonly RuleText[] = [...MESH_RULES, ...Object.values(APP_RULES), ...MANIFEST_RULES];
  const rule = rules.find(one => one.code === code);
  if (!rule) {
    return `acknowledge has '${code}', which is the code of no rule; ${nearest(code, rules.filter(({ severity }) => severity === Severity.WARNING).map(one => one.code))}`;
  }
  if (rule.severity === Severity.ERROR) {
    return `acknowledge has '${code}', which is an error, and only a warning can be acknowledged; correct what it finds, and remove it here`;
  }
  return reason.trim() === '' ? `acknowledge gives no reason for '${code}'; write why it is right here` : undefined;
}

/** A version that is missing, which IM007 tells of. */
const MISSING = '';

/** What must hold in a mesh as it was decided, over all of its clusters. */
export const MESH_RULES: ReadonlyArray<Rule<MeshModel>> = [
  ...NAME_RULES,
  ...lifted(CONTROL_PLANE_RULES, ({ namespace, istioVersion = MISSING, canary, installer, controlPlane, settings, environment }) => {
    const { revision = '', profile, hub, tag, compatibilityVersion } = controlPlane;
    const [values, meshConfig, components] = [settings.values, settings.meshConfig, settings.components] as Fields[];
    const plane = { namespace, istioVersion, revision, profile, hub, tag, compatibilityVersion, values, meshConfig, components };
    return { ...plane, canary, installer, environment };
  }),
  ...MESH_REVISION_TAG_RULES,
  ...TRUST_RULES,
  ...PEM_RULES,
  ...LINK_RULES,
  ...REMOTE_CREDENTIALS_RULES,
  ...NETWORK_RULES,
  ...GIT_OPS_RULES,
  ...DEFINITION_RULES,
];

/** Everything that is wrong with a mesh, without the warnings that are acknowledged: what the schema found, and then what the rules do. */
export function meshProblems(mesh: MeshModel, ofSchema: readonly Problem[]): Problem[] {
  const ofRules = judged(MESH_RULES, mesh).map(([rule, [path, message]]) => ({ path, message, rule }));
  return [...ofSchema, ...unsaid(ofSchema, ofRules).filter(({ rule }) => !isAcknowledged(rule, mesh.acknowledge))];
}

/** Whether a warning is not to be told. */
export function isAcknowledged({ code, sameAs = code, severity }: RuleText, acknowledge: MeshModel['acknowledge']): boolean {
  return severity === Severity.WARNING && [code, sameAs].some(one => Object.hasOwn(acknowledge, one));
}

/** A problem as a sentence, place first. */
export function located({ path, message, rule }: Problem, definition: Definition): string {
  return [definition.place(path), coded(message, rule)].filter(Boolean).join(': ');
}

/** What the schema refused already is not said twice by a rule that misses it. */
function unsaid(ofSchema: readonly Problem[], ofRules: readonly Problem[]): Problem[] {
  const said = ofSchema.map(({ path, about = path }) => `${pathText(settingPath(about))}.`);
  const isSaid = ({ path }: Problem) => said.some(place => place.startsWith(`${pathText(settingPath(path))}.`) || place.startsWith(`${pathText(path)}[`));
  return ofRules.filter(problem => !isSaid(problem));
}

/** A path without the cluster it may start with: what is wrong at the mesh is missed at each cluster. */
function settingPath(path: Path): Path {
  return path[0] === 'clusters' && path.length > 2 ? path.slice(2) : path[0] === 'defaults' ? path.slice(1) : path;
}
