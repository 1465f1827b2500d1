import * as cacertsRules from './cases/cacerts-rules';
import * as credentialRules from './cases/credential-rules';
import * as exposureRules from './cases/exposure-rules';
import * as fileRules from './cases/file-rules';
import * as gatewayNetworkRules from './cases/gateway-network-rules';
import * as gatewayServiceRules from './cases/gateway-service-rules';
import * as installationRules from './cases/installation-rules';
import * as kubeconfigRules from './cases/kubeconfig-rules';
import * as namespaceRules from './cases/namespace-rules';
import * as objectRules from './cases/object-rules';
import * as operatorRules from './cases/operator-rules';
import * as remoteSecretRules from './cases/remote-secret-rules';
import * as trafficRules from './cases/traffic-rules';
import { MANIFEST_RULES } from '../../../src/rules/manifest/manifest-rules';
import { GeneratedManifests } from '../../support/generated-manifests';
import { type AcceptedCases, type ViolationCases, CACERTS, IN_KUBECONFIG, token } from '../../support/manifest-edits';

/** The cases of the rules in one file of `src/rules/manifest`. */
interface Cases {
  readonly VIOLATIONS: ViolationCases;
  readonly ACCEPTED?: AcceptedCases;
}

const ALL_CASES: readonly Cases[] = [
  fileRules, objectRules, installationRules, operatorRules, remoteSecretRules, kubeconfigRules, credentialRules,
  gatewayNetworkRules, gatewayServiceRules, exposureRules, namespaceRules, cacertsRules, trafficRules,
];
const VIOLATIONS = ALL_CASES.flatMap(cases => cases.VIOLATIONS);
const ACCEPTED = ALL_CASES.flatMap(cases => cases.ACCEPTED ?? []);

let generated: GeneratedManifests;

beforeAll(async () => {
  generated = await GeneratedManifests.create();
});

/** Whether a message is about a secret in plain text, which the generated manifests of this test contain. */
function isAboutPlainText(message: string): boolean {
  return message.startsWith('IM145 ');
}

test.each(VIOLATIONS)('%s reports %s', (code, _, edit, messages) => {
  const known = code === 'IM145' ? generated.messages() : [];
  const reported = generated.messages(edit)
    .filter(message => code === 'IM145' ? !known.includes(message) : !isAboutPlainText(message));
  expect(reported).toEqual(messages);
  expect(reported.join('\n')).toContain(`${code} `);
});

test('nothing is reported about valid manifests, except the secrets that the definition has in plain text', () => {
  const fix = 'is in plain text here, visible to anyone with access to the manifests; keep it out of version control, '
    + 'e.g. encrypt it, or create the Secret in the cluster';
  expect(generated.messages()).toEqual([
    `IM145 ${IN_KUBECONFIG}: a credential of an API server ${fix}`,
    `IM145 ${CACERTS}:10:3: Secret 'cacerts': stringData['ca-key.pem']: a private key ${fix}`,
  ]);
});

test.each(ACCEPTED)('nothing is reported about %s', (_, edit) => {
  expect(generated.messages(edit).filter(message => !isAboutPlainText(message))).toEqual([]);
});

test('no message contains a secret', () => {
  const keys = Object.values(generated.authority).map(({ key }) => key.split('\n')[2]);
  const shown = VIOLATIONS.flatMap(([, , edit]) => generated.messages(edit)).join('\n');
  ['t0ken', 'dDBrZW4', token('2020-01-01'), ...keys].forEach(secret => expect(shown).not.toContain(secret));
});

test('every rule has a case, a unique code and all of its texts', () => {
  const codes = MANIFEST_RULES.map(({ code }) => code);
  expect([...new Set(VIOLATIONS.map(([code]) => code))].sort()).toEqual(codes);
  expect([...new Set(codes)]).toEqual(codes);
  for (const { code, title, symptom, fix, see } of MANIFEST_RULES) {
    expect(code).toMatch(/^IM1\d\d$/);
    expect([title, symptom, fix].filter(text => text === '' || text.includes('\n'))).toEqual([]);
    expect(see).toMatch(/^https:\/\//);
  }
});
