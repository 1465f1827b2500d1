import { controlPlanesOf, operatorNamespace } from './control-planes';
import type { ClusterManifests } from './manifests';
import { isOperator } from './manifests';
import { schemaFindings } from './operator-schema';
import { operatorsOf, Part } from './parts';
import { shared } from './shared-rules';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { ISTIO_SYSTEM, revisionProblem } from '../../istio/names';
import type { Fields } from '../../util/map';
import { isMap } from '../../util/map';
import { nearest } from '../../util/suggestions';
import { CONTROL_PLANE_RULES } from '../construct/control-plane-rules';
import { GATEWAY_RULES } from '../construct/gateway-rules';

const OPERATOR = 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/';

/** Keys at the top of an IstioOperator. */
const TOP_KEYS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function misspeltTopKeys(cluster: ClusterManifests): Finding[] {
  return operatorsOf(cluster).flatMap(operator => operator.entries.filter(({ key }) => !TOP_KEYS.includes(key))
    .flatMap(entry => entry.found(`'${entry.key}' is not a key here; ${nearest(entry.key, TOP_KEYS)}`)));
}

function companyProblems({ manifests }: ClusterManifests): Finding[] {
  const withOperators = new Set(manifests.filter(({ object }) => isOperator(object)).map(({ file }) => file));
  const first = new Set<string>();
  return manifests.flatMap(({ file, object }, i) => {
    if (!withOperators.has(file) || !first.has(file)) {
      first.add(file);
      return [];
    }
    return new Part([i], object).found('istioctl takes one IstioOperator in a file and nothing else, and this is a second document; move it to a file of its own');
  });
}

function namespaceProblem(operator: Part): string | undefined {
  const namespace = operator.at('spec', 'namespace').text;
  const installed = operatorNamespace(operator);
  return namespace === undefined || namespace === installed ? undefined
    : `namespace '${namespace}' is not values.global.istioNamespace, '${installed}', into which alone istioctl installs; write '${namespace}' there too`;
}

/** A port of a gateway that no pod without privileges can open. */
function privilegedPorts(operator: Part): Finding[] {
  return ['ingress', 'egress'].flatMap(way => operator.at('spec', 'values', 'gateways', `istio-${way}gateway`, 'runAsRoot').value === true ? []
    : operator.at('spec', 'components', `${way}Gateways`).items.flatMap(gateway => gateway.at('k8s', 'service', 'ports').items.flatMap(part => {
      const { name, port, targetPort } = isMap(part.value) ? part.value : {};
      return typeof port === 'number' && ['number', 'undefined'].includes(typeof targetPort)
        ? shared(GATEWAY_RULES, 'IM043', { ports: [{ name: String(name), port, targetPort: targetPort as number | undefined }] }).flatMap(({ message }) => part.found(message)) : [];
    })));
}

/** What istioctl or istiod have against the settings of a control plane. */
function settingProblems(operator: Part): Finding[] {
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
  return ['IM014', 'IM016', 'IM017', 'IM018', 'IM019', 'IM078', 'IM079'].flatMap(code => shared(CONTROL_PLANE_RULES, code, subject))
    .flatMap(({ path, message }) => operator.at('spec', ...path).text === undefined ? [] : operator.at('spec', ...path).found(message));
}

/** What istiod has against its own mesh configuration, where that is rendered. */
function meshConfigProblems(cluster: ClusterManifests): Finding[] {
  return controlPlanesOf(cluster).flatMap(({ object, meshConfig }) => {
    const fields = meshConfig?.value;
    return isOperator(object.value) || !isMap(fields) ? [] : ['IM016', 'IM017', 'IM018'].flatMap(code => shared(CONTROL_PLANE_RULES, code, { namespace: ISTIO_SYSTEM, revision: '', meshConfig: fields }))
      .flatMap(({ path: [, ...path], message }) => meshConfig!.at(...path).found(message));
  });
}

/** What an IstioOperator says, as istioctl reads it. */
export const OPERATOR_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM114',
    severity: Severity.ERROR,
    title: 'the keys of an IstioOperator are spelt as Istio does',
    symptom: 'istioctl refuses the file, or ignores the setting where it is in meshConfig',
    fix: 'write the key that the message names',
    see: OPERATOR,
    check: cluster => [...misspeltTopKeys(cluster), ...schemaFindings(cluster, 'misspelt')],
  },
  {
    code: 'IM115',
    severity: Severity.WARNING,
    title: 'the keys of an IstioOperator are known',
    symptom: 'istioctl refuses the file, or ignores the setting where it is in meshConfig',
    fix: 'remove the key, or acknowledge this where your version of istioctl knows it',
    see: OPERATOR,
    check: cluster => schemaFindings(cluster, 'unknown'),
  },
  {
    code: 'IM116',
    severity: Severity.ERROR,
    title: 'the values of an IstioOperator are of Istio\'s types',
    symptom: 'cannot unmarshal number into Go value of type string',
    fix: 'write text that looks like a number in quotes',
    see: OPERATOR,
    check: cluster => schemaFindings(cluster, 'mistyped'),
  },
  {
    code: 'IM118',
    severity: Severity.ERROR,
    title: 'an IstioOperator is alone in its file',
    symptom: 'contains multiple IstioOperator CRs, only one per file is supported',
    fix: 'give each document a file of its own',
    see: OPERATOR,
    check: companyProblems,
  },
  {
    code: 'IM119',
    severity: Severity.ERROR,
    title: 'a revision of an IstioOperator is a DNS label that istioctl reads as text',
    symptom: 'invalid revision specified',
    fix: 'write dashes for dots, and a letter among the digits',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/',
    check: cluster => operatorsOf(cluster).flatMap(operator => [operator.at('spec', 'revision'), operator.at('spec', 'values', 'revision')]
      .flatMap(revision => revision.found(revision.text && revisionProblem('revision', revision.text)))),
  },
  {
    code: 'IM121',
    severity: Severity.ERROR,
    title: 'the namespace of an IstioOperator is values.global.istioNamespace',
    symptom: 'istiod runs in istio-system, and remote Secrets and cacerts in the other namespace have no effect',
    fix: 'write both',
    see: OPERATOR,
    check: cluster => operatorsOf(cluster).flatMap(operator => operator.at('spec', 'namespace').found(namespaceProblem(operator))),
  },
  {
    code: 'IM122',
    severity: Severity.ERROR,
    title: 'the target port of an installed gateway is one that pods without privileges can open',
    symptom: 'targetPort is set to 443, which requires root',
    fix: 'set targetPort to 1024 or more',
    see: OPERATOR,
    check: cluster => operatorsOf(cluster).flatMap(privilegedPorts),
  },
  {
    code: 'IM124',
    severity: Severity.ERROR,
    title: 'settings of a control plane are what istioctl, the API server and istiod take',
    symptom: 'one of the first two refuses the installation, or istiod ignores the setting',
    fix: 'correct the value that the message names',
    see: 'https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/',
    check: cluster => [...operatorsOf(cluster).flatMap(settingProblems), ...meshConfigProblems(cluster)],
  },
];
