import { applyRule } from './apply-rule';
import { controlPlanesOf, operatorNamespace } from './control-planes';
import { type ClusterManifests, isOperator } from './manifests';
import { schemaFindings } from './operator-schema';
import { operatorsOf, Part } from './parts';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { ISTIO_SYSTEM, revisionProblem } from '../../istio/names';
import { type Fields, isMap } from '../../util/map';
import { nearest } from '../../util/suggestions';
import { CONTROL_PLANE_RULES } from '../construct/control-plane-rules';
import { GATEWAY_RULES } from '../construct/gateway-rules';

const OPERATOR = 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/';

/** Keys at the top level of an IstioOperator. */
const TOP_KEYS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function unknownTopKeys(cluster: ClusterManifests): Violation[] {
  return operatorsOf(cluster).flatMap(operator => operator.entries.filter(({ key }) => !TOP_KEYS.includes(key))
    .flatMap(entry => entry.found(problem(`'${entry.key}' is not a key here`, nearest(entry.key, TOP_KEYS)))));
}

/** Documents after the first one in files that contain an IstioOperator. */
function extraDocuments({ manifests }: ClusterManifests): Violation[] {
  const operatorFiles = new Set(manifests.filter(({ object }) => isOperator(object)).map(({ file }) => file));
  const seen = new Set<string>();
  return manifests.flatMap(({ file, object }, i) => {
    if (!operatorFiles.has(file) || !seen.has(file)) {
      seen.add(file);
      return [];
    }
    return new Part([i], object).found(problem('istioctl accepts only one IstioOperator and nothing else in a file, '
      + 'but this is a second document', 'move it to its own file'));
  });
}

function namespaceProblem(operator: Part): MaybeProblem {
  const namespace = operator.at('spec', 'namespace').text;
  const installed = operatorNamespace(operator);
  return namespace === undefined || namespace === installed ? undefined
    : problem(`namespace '${namespace}' differs from values.global.istioNamespace '${installed}', the only namespace `
      + 'that istioctl installs into', `set both to '${namespace}'`);
}

/** Gateway ports that unprivileged pods cannot open. */
function privilegedPorts(operator: Part): Violation[] {
  return ['ingress', 'egress'].flatMap(direction => {
    const runAsRoot = operator.at('spec', 'values', 'gateways', `istio-${direction}gateway`, 'runAsRoot');
    const gateways = operator.at('spec', 'components', `${direction}Gateways`).items;
    return runAsRoot.value === true ? []
      : gateways.flatMap(gateway => gateway.at('k8s', 'service', 'ports').items.flatMap(privilegedPort));
  });
}

function privilegedPort(part: Part): Violation[] {
  const { name, port, targetPort } = isMap(part.value) ? part.value : {};
  if (typeof port !== 'number' || !['number', 'undefined'].includes(typeof targetPort)) {
    return [];
  }
  const ports = [{ name: String(name), port, targetPort: targetPort as number | undefined }];
  return part.found(...applyRule(GATEWAY_RULES, 'IM043', { ports }));
}

/** Settings of a control plane that istioctl, the API server or istiod does not accept. */
function settingProblems(operator: Part): Violation[] {
  const fields = (key: string) => {
    const { value } = operator.at('spec', key);
    return isMap(value) ? value as Fields : undefined;
  };
  const subject = {
    namespace: ISTIO_SYSTEM,
    revision: '',
    hub: operator.at('spec', 'hub').text,
    tag: operator.at('spec', 'tag').text,
    compatibilityVersion: operator.at('spec', 'compatibilityVersion').text,
    values: fields('values'),
    meshConfig: fields('meshConfig'),
  };
  const codes = ['IM014', 'IM016', 'IM017', 'IM018', 'IM019', 'IM078', 'IM079'];
  return codes.flatMap(code => applyRule(CONTROL_PLANE_RULES, code, subject)).flatMap(found => {
    const part = operator.at('spec', ...found.path);
    return part.found(part.text && found);
  });
}

/** Settings in the rendered mesh configuration that istiod does not accept. */
function meshConfigProblems(cluster: ClusterManifests): Violation[] {
  return controlPlanesOf(cluster).flatMap(({ object, meshConfig }) => {
    const fields = meshConfig?.value;
    if (isOperator(object.value) || !isMap(fields)) {
      return [];
    }
    const subject = { namespace: ISTIO_SYSTEM, revision: '', meshConfig: fields };
    return ['IM016', 'IM017', 'IM018'].flatMap(code => applyRule(CONTROL_PLANE_RULES, code, subject))
      .flatMap(found => meshConfig!.at(...found.path.slice(1)).found(found));
  });
}

/** Rules for IstioOperators, which istioctl reads. */
export const OPERATOR_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM114',
    severity: Severity.ERROR,
    title: 'the keys of an IstioOperator are spelled correctly',
    symptom: 'istioctl rejects the file, or ignores the setting if it is in meshConfig',
    fix: 'use the key that the message names',
    see: OPERATOR,
    check: cluster => [...unknownTopKeys(cluster), ...schemaFindings(cluster, 'misspelled')],
  },
  {
    code: 'IM115',
    severity: Severity.WARNING,
    title: 'the keys of an IstioOperator are known',
    symptom: 'istioctl rejects the file, or ignores the setting if it is in meshConfig',
    fix: 'remove the key, or acknowledge the warning if your version of istioctl knows it',
    see: OPERATOR,
    check: cluster => schemaFindings(cluster, 'unknown'),
  },
  {
    code: 'IM116',
    severity: Severity.ERROR,
    title: 'the values of an IstioOperator have the types that Istio expects',
    symptom: 'cannot unmarshal number into Go value of type string',
    fix: 'write strings that look like numbers in quotes',
    see: OPERATOR,
    check: cluster => schemaFindings(cluster, 'mistyped'),
  },
  {
    code: 'IM118',
    severity: Severity.ERROR,
    title: 'an IstioOperator is the only document in its file',
    symptom: 'contains multiple IstioOperator CRs, only one per file is supported',
    fix: 'move each document to its own file',
    see: OPERATOR,
    check: extraDocuments,
  },
  {
    code: 'IM119',
    severity: Severity.ERROR,
    title: 'the revision of an IstioOperator is a DNS label that istioctl reads as a string',
    symptom: 'invalid revision specified',
    fix: 'use dashes instead of dots, and include a letter',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/',
    check: cluster => operatorsOf(cluster)
      .flatMap(operator => [operator.at('spec', 'revision'), operator.at('spec', 'values', 'revision')])
      .flatMap(revision => revision.found(revision.text && revisionProblem('revision', revision.text))),
  },
  {
    code: 'IM121',
    severity: Severity.ERROR,
    title: 'the namespace of an IstioOperator is the same as values.global.istioNamespace',
    symptom: 'istiod runs in istio-system, and remote secrets and cacerts in the other namespace have no effect',
    fix: 'set both to the same namespace',
    see: OPERATOR,
    check: cluster => operatorsOf(cluster).flatMap(operator =>
      operator.at('spec', 'namespace').found(namespaceProblem(operator))),
  },
  {
    code: 'IM122',
    severity: Severity.ERROR,
    title: 'the target port of an installed gateway is one that unprivileged pods can open',
    symptom: 'targetPort is set to 443, which requires root',
    fix: 'set targetPort to 1024 or more',
    see: OPERATOR,
    check: cluster => operatorsOf(cluster).flatMap(privilegedPorts),
  },
  {
    code: 'IM124',
    severity: Severity.ERROR,
    title: 'istioctl, the API server and istiod accept the settings of a control plane',
    symptom: 'istioctl or the API server rejects the installation, or istiod ignores the setting',
    fix: 'correct the value that the message names',
    see: 'https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/',
    check: cluster => [...operatorsOf(cluster).flatMap(settingProblems), ...meshConfigProblems(cluster)],
  },
];
