import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { diagnosticLine } from '../../src/core/diagnostic';
import { type IstioFields, istioFields } from '../../src/core/istio-fields';

interface CrdSchema {
  readonly 'properties'?: { readonly [name: string]: CrdSchema };
  readonly 'additionalProperties'?: CrdSchema;
  readonly 'items'?: CrdSchema;
  readonly 'enum'?: readonly string[];
  readonly 'type'?: string;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const SPEC: CrdSchema =
  parse(readFileSync(join(__dirname, '..', '..', 'imports', 'install.istio.io.crd.yaml'),
    'utf-8')).spec.versions[0].schema.openAPIV3Schema.properties.spec;

/** A value with every field that a schema of the IstioOperator has, each spelled by the given function. */
function everyField(schema: CrdSchema, spelled: (name: string) => string = name => name): unknown {
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties)
      .map(([name, field]) => [spelled(name), everyField(field, spelled)]));
  }
  if (schema.additionalProperties) {
    return { 'any_Key-as/written': everyField(schema.additionalProperties, spelled) };
  }
  if (schema.items) {
    return [everyField(schema.items, spelled)];
  }
  if (schema['x-kubernetes-int-or-string']) {
    return '50%';
  }
  return schema.enum?.[0] ?? { string: 'text', boolean: true, integer: 7, number: 0.5 }[schema.type!]
    ?? { 'free_Form-of': 'anything' };
}

test.each(['values', 'meshConfig', 'components'])('every field of %s is known in Istio\'s own spelling', field => {
  const settings = everyField(SPEC.properties![field]) as object;
  expect(istioFields(field, settings)).toEqual({ fields: settings, errors: [] });
});

test.each([
  'values', 'meshConfig', 'components',
])('every field of %s comes out in Istio\'s own spelling, however its words are joined', field => {
  const schema = SPEC.properties![field];
  const joined = everyField(schema, name => name.replace(/[-_]/g, '').toLowerCase()) as object;
  expect(istioFields(field, joined)).toEqual({ fields: everyField(schema), errors: [] });
});

const lines = ({ errors }: IstioFields) => errors.map(diagnosticLine);

test('no settings are no fields', () => {
  expect(istioFields('values', undefined)).toEqual({ errors: [] });
});

test('what is not set is no field', () => {
  expect(istioFields('values', { global: { hub: undefined, tag: '1.30' }, pilot: null }))
    .toEqual({ fields: { global: { tag: '1.30' } }, errors: [] });
});

test('the mesh ID has both of Istio\'s spellings', () => {
  expect(istioFields('values', { global: { meshId: 'mesh1' } }).fields).toEqual({ global: { meshID: 'mesh1' } });
  expect(istioFields('meshConfig', { defaultConfig: { meshID: 'mesh1' } }).fields)
    .toEqual({ defaultConfig: { meshId: 'mesh1' } });
});

test('keys of a free map stay as they are written', () => {
  const env = { PILOT_TRACE_sampling: '100', pilottracesampling: '1' };
  expect(istioFields('values', { pilot: { env } })).toEqual({ fields: { pilot: { env } }, errors: [] });
});

test('a field inside a list is judged by the schema of the list', () => {
  expect(lines(istioFields('components', { ingressGateways: [{ name: 'one' }, { nane: 'two' }] })))
    .toEqual(["components.ingressGateways[1].nane: 'nane' is not a key here; did you mean 'name'? (IM001)"]);
});

test('a path may lead through a list', () => {
  expect(lines(istioFields('components.ingressGateways.k8s', { resources: { requests: { cpu: '100m' } } })))
    .toEqual([]);
  expect(lines(istioFields('components.ingressGateways.k8s', { resource: {} })))
    .toEqual(["k8s.resource: 'resource' is not a key here; did you mean 'resources'? (IM001)"]);
});

test.each<[string, object, string]>([
  ['a misspelt field', { global: { multicluser: {} } },
    "values.global.multicluser: 'multicluser' is not a key here; did you mean 'multiCluster'?"],
  ['a field that is like no other', { cni: { zzzzzzzzzzzz: 1 } },
    "values.cni.zzzzzzzzzzzz: 'zzzzzzzzzzzz' is not a key here; use one of "],
  ['a number for a string', { global: { tag: 1.3 } },
    "values.global.tag: number 1.3 is not a string; write it in quotes: '1.3'"],
  ['a boolean for a string', { global: { network: true } },
    "values.global.network: boolean true is not a string; write it in quotes: 'true'"],
  ['nothing for a string', { global: { hub: null } }, 'values.global.hub: nothing (null) is not a string'],
  ['a string for a boolean', { pilot: { enabled: 'yes' } }, "values.pilot.enabled: 'yes' is not a boolean"],
  ['a fraction for an integer', { pilot: { replicaCount: 1.5 } },
    'values.pilot.replicaCount: number 1.5 is not a whole number'],
  ['a list for a map', { global: [] }, 'values.global: a list is not a map'],
  ['a string for a map', { global: 'mesh1' }, "values.global: 'mesh1' is not a map"],
])('%s is refused', (_, settings, message) => {
  expect(lines(istioFields('values', settings))).toEqual([expect.stringContaining(message)]);
});

test('a value outside an enumeration is refused', () => {
  expect(lines(istioFields('meshConfig', { outboundTrafficPolicy: { mode: 'REGISTRY_ONLI' } })))
    .toEqual([
      "meshConfig.outboundTrafficPolicy.mode: 'REGISTRY_ONLI' is not a value here; did you mean 'REGISTRY_ONLY'? "
        + '(IM001)',
    ]);
});

test('everything that is wrong is said at once', () => {
  expect(lines(istioFields('meshConfig', { trustdomains: [], accessLogFile: 1, defaultConfig: { concurrancy: 2 } })))
    .toHaveLength(3);
});
