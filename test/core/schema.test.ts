import { readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { parse } from 'yaml';
import { type Schema, meshSchema, resolved } from '../../src/core/schema';

const SOURCE = join(__dirname, '..', '..', 'src');
const DEFINITIONS = (meshSchema() as { $defs: { [name: string]: Schema } }).$defs;

const program = ts.createProgram([join(SOURCE, 'index.ts'), join(SOURCE, 'mesh-props.ts')], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(SOURCE, '../node_modules/@types')],
});
const checker = program.getTypeChecker();
const exported =
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(join(SOURCE, 'index.ts'))!)!);

function typeNamed(name: string): ts.Type {
  return checker.getDeclaredTypeOfSymbol(resolvedSymbol(exported.find(symbol => symbol.name === name)!));
}

function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0; // eslint-disable-line no-bitwise
}

function resolvedSymbol(symbol: ts.Symbol): ts.Symbol {
  return hasFlag(symbol.flags, ts.SymbolFlags.Alias) ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What a type of TypeScript is in the schema: a word, or the name of one of the library's own types. */
function shapeOfType(type: ts.Type): string {
  const some = checker.getNonNullableType(type);
  if (checker.isArrayType(some)) {
    return `list of ${shapeOfType(checker.getTypeArguments(some as ts.TypeReference)[0])}`;
  }
  const value = hasFlag(some.flags, ts.TypeFlags.Object) ? checker.getIndexTypeOfType(some, ts.IndexKind.String)
    : undefined;
  if (value) {
    return `map of ${shapeOfType(value)}`;
  }
  const name = (some.aliasSymbol ?? some.symbol)?.name ?? checker.typeToString(some);
  return name.startsWith('IstioOperatorSpec') ? 'Istio\'s map' : name;
}

function shapeOfSchema(schema: Schema): string {
  const own = schema.$ref?.replace('#/$defs/', '');
  if (own && exported.some(symbol => symbol.name === own)) {
    return own;
  }
  const { type, items, additionalProperties, properties } = resolved(schema);
  if (type === 'array') {
    return `list of ${shapeOfSchema(items!)}`;
  }
  return additionalProperties ? `map of ${shapeOfSchema(additionalProperties)}` : properties ? 'Istio\'s map'
    : String(type);
}

interface Shape { readonly [key: string]: string }

function shapeOfInterface(type: ts.Type): Shape {
  return Object.fromEntries(type.getProperties().map(property => {
    const optional = hasFlag(property.flags, ts.SymbolFlags.Optional) ? '?' : '';
    return [property.name + optional, shapeOfType(checker.getTypeOfSymbol(property))];
  }));
}

function shapeOfStruct({ properties = {}, required = [] }: Schema): Shape {
  return Object.fromEntries(Object.entries(properties)
    .map(([key, schema]) => [required.includes(key) ? key : `${key}?`, shapeOfSchema(schema)]));
}

test('the schema has every key of MeshProps but the defaults, which code alone can say', () => {
  const { 'defaults?': defaults, ...keys } = shapeOfInterface(typeNamed('MeshProps'));
  expect(defaults).toBe('ClusterSettings');
  expect(shapeOfStruct(meshSchema())).toEqual(keys);
});

const OWN_TYPES = exported.map(symbol => symbol.name).filter(name => name in DEFINITIONS);

test('every type that a mesh is made of is in the schema', () => {
  const reached = new Set<string>();
  const reach = (shape: Shape) => Object.values(shape).forEach(text => {
    const name = text.replace(/^((list|map) of )*/, '');
    if (exported.some(symbol => symbol.name === name) && !reached.has(name)) {
      reached.add(name);
      reach(shapeOfInterface(typeNamed(name)));
    }
  });
  reach(shapeOfInterface(typeNamed('MeshProps')));
  expect(reached.size).toBeGreaterThan(12);
  expect([...reached].filter(name => !OWN_TYPES.includes(name))).toEqual([]);
});

test.each(OWN_TYPES.filter(name => DEFINITIONS[name].properties))('%s has the keys of its interface, each of its type',
  name => {
    expect(shapeOfStruct(DEFINITIONS[name])).toEqual(shapeOfInterface(typeNamed(name)));
  });

test.each(OWN_TYPES.filter(name => DEFINITIONS[name].enum))('%s has the values of its enum', name => {
  const { exports: members } = resolvedSymbol(exported.find(symbol => symbol.name === name)!);
  expect(DEFINITIONS[name].enum)
    .toEqual([...members!.values()].map(member => checker.getConstantValue(member.valueDeclaration as ts.EnumMember)));
});

test.each(OWN_TYPES.filter(name => DEFINITIONS[name]['x-provider']))('%s has a kind for each of its factories',
  name => {
    const factories = [...resolvedSymbol(exported.find(symbol => symbol.name === name)!).exports!.values()]
      .filter(member => hasFlag(member.flags, ts.SymbolFlags.Method)).map(member => member.name);
    expect([...new Set(DEFINITIONS[name].anyOf!.flatMap(form => form.const ?? form.required!))]).toEqual(factories);
  });

test('the keys of the design are there', () => {
  expect(Object.keys(meshSchema().properties!)).toEqual(expect.arrayContaining([
    'meshID', 'clusters', 'istioVersion', 'network', 'apiServer', 'caData', 'tlsServerName', 'proxyUrl', 'context',
    'peers', 'namespace', 'revision', 'canary',
    'installer', 'profile', 'hub', 'tag', 'values', 'meshConfig', 'components', 'remoteCredentials', 'reader',
    'eastWestGateway', 'exposedServices', 'resources',
  ]));
  expect(Object.keys(DEFINITIONS.EastWestGatewaySettings.properties!)).toEqual(expect.arrayContaining([
    'install', 'network', 'name', 'revision', 'ports', 'service', 'autoscaling', 'podDisruptionBudget', 'resources',
    'nodeSelector', 'tolerations', 'affinity', 'loadBalancer', 'networkPolicy',
  ]));
});

test('a cluster takes every setting of the mesh, and its name', () => {
  const { meshID, clusters, acknowledge, gitOps, ...settings } = meshSchema().properties!;
  expect(Object.keys(DEFINITIONS.ClusterProps.properties!).sort()).toEqual(['name', ...Object.keys(settings)].sort());
});

/** A schema of the CRD, or of ours, as the keys below it. */
type Keys = { [key: string]: Keys } | string;

function keysOf(schema: any): Keys {
  const at: any = resolved(schema);
  if (at.properties) {
    return Object.fromEntries(Object.keys(at.properties).sort().map(key => [key, keysOf(at.properties[key])]));
  }
  return at.items ? { '[]': keysOf(at.items) } : typeof at.additionalProperties === 'object'
    ? { '*': keysOf(at.additionalProperties) } : 'value';
}

test('the schema has every key of Istio\'s own types, in Istio\'s own spelling', () => {
  const crd = parse(readFileSync(join(__dirname, '..', '..', 'imports', 'install.istio.io.crd.yaml'), 'utf-8'));
  const spec = crd.spec.versions[0].schema.openAPIV3Schema.properties.spec;
  expect(keysOf(DEFINITIONS.IstioOperatorSpec)).toEqual(keysOf(spec));
  for (const key of ['values', 'meshConfig', 'components']) {
    expect(keysOf(meshSchema().properties![key])).toEqual(keysOf(spec.properties[key]));
  }
});
