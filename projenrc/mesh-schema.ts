/**
 * Writes src/mesh.schema.json: the JSON Schema of a mesh definition.
 *
 * The library's own keys come from the compiled properties of Mesh (.jsii), Istio's from the IstioOperator CRD, so
 * neither can drift
 * from what the code takes.
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { assembly, inOrder, ROOT, structProperties } from './assembly';
import { type Json, ofCrd } from './crd-schema';

const ASSEMBLY = 'cdk8s-istio-mesh';
const DEFINITION = `${ASSEMBLY}.MeshProps`;
/**
 * Properties that exist only in code: settings below those of a file come from its reader, and a file contains no
 * charts.
 */
const CODE_ONLY = ['defaults', 'operatorChart'];

const { types } = assembly;
const library: Json = require(join(ROOT, 'lib', 'src')); // eslint-disable-line @typescript-eslint/no-require-imports
const crd = parse(readFileSync(join(ROOT, 'imports', 'install.istio.io.crd.yaml'), 'utf-8'));
const spec: Json = crd.spec.versions[0].schema.openAPIV3Schema.properties.spec;

const definitions: Json = {};

/** Shares equal subtrees of Istio's schema, in which Kubernetes' types are repeated many times. */
function shared(schema: Json, key: string): Json {
  const counts = new Map<string, number>();
  const count = (at: Json): void => {
    const text = JSON.stringify(at);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (counts.get(text) === 1) {
      children(at).forEach(([, child]) => count(child));
    }
  };
  count(schema);
  const names = new Map<string, string>();
  const share = (at: Json, name: string): Json => {
    const text = JSON.stringify(at);
    if (at.properties && counts.get(text)! > 1) {
      if (!names.has(text)) {
        const free = [
          name, ...Array.from({ length: 99 }, (_, i) => `${name}${i + 2}`),
        ].find(candidate => !(candidate in definitions))!;
        names.set(text, free);
        definitions[free] = {};
        definitions[free] = withChildren(at, share);
      }
      return { $ref: `#/$defs/${names.get(text)}` };
    }
    return withChildren(at, share);
  };
  definitions[key] = {};
  definitions[key] = withChildren(schema, share);
  return { $ref: `#/$defs/${key}` };
}

function children(at: Json): Array<[string, Json]> {
  return [
    ...Object.entries<Json>(at.properties ?? {}),
    ...at.items ? [['items', at.items] as [string, Json]] : [],
    ...at.additionalProperties ? [['values', at.additionalProperties] as [string, Json]] : [],
  ];
}

function withChildren(at: Json, map: (child: Json, name: string) => Json): Json {
  return {
    ...at,
    ...at.properties && {
      properties:
        Object.fromEntries(Object.entries<Json>(at.properties).map(([name, child]) => [name, map(child, name)])),
    },
    ...at.items && { items: map(at.items, 'item') },
    ...at.additionalProperties && { additionalProperties: map(at.additionalProperties, 'entry') },
  };
}

/**
 * The schema of one of Istio's types, found by its name: that of the CRD's path to it, without the lists on the way.
 */
function ofIstioType(name: string): Json {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = letters(name);
  const find = (at: Json, path: string, pointer: string): string | undefined => {
    const target = at.$ref ? definitions[at.$ref.split('/').pop()!] : at;
    const here = at.$ref ?? pointer;
    if (path === wanted) {
      return target.items ? target.items.$ref ?? `${here}/items` : here; // a type of a list is that of its entries
    }
    if (target.items) {
      return find(target.items, path, `${here}/items`);
    }
    for (const [key, child] of Object.entries<Json>(target.properties ?? {})) {
      const below = path + letters(key);
      const found = wanted.startsWith(below) ? find(child, below, `${here}/properties/${key}`) : undefined;
      if (found) {
        return found;
      }
    }
    return undefined;
  };
  const pointer = find({ $ref: '#/$defs/IstioOperatorSpec' }, letters('IstioOperatorSpec'), '');
  if (!pointer) {
    throw new Error(`the CRD has nothing at the type ${name}`);
  }
  return { $ref: pointer };
}

function ofType(type: Json): Json {
  if (type.primitive) {
    return type.primitive === 'any' ? {} : { type: type.primitive };
  }
  if (type.collection) {
    const element = ofType(type.collection.elementtype);
    return type.collection.kind === 'array' ? { type: 'array', items: element }
      : { type: 'object', additionalProperties: element };
  }
  const name = type.fqn.slice(ASSEMBLY.length + 1);
  if (name.startsWith('istio.')) {
    return ofIstioType(name.slice('istio.'.length));
  }
  if (!(name in definitions)) {
    definitions[name] = {};
    definitions[name] = ofNamedType(types[type.fqn], name);
  }
  return { $ref: `#/$defs/${name}` };
}

function ofNamedType(type: Json, name: string): Json {
  switch (type.kind) {
    case 'enum': return { enum: type.members.map((member: Json) => library[name][member.name]) };
    case 'class': return { 'x-provider': name, 'anyOf': factories(type).flatMap(ofFactory) };
    default: return ofStruct(type);
  }
}

function factories(type: Json): Json[] {
  return inOrder(type.methods).filter(method => method.static && method.returns?.type.fqn === type.fqn);
}

/**
 * A factory accepts nothing, one scalar, one provider, one map or one struct; in a file, nothing instead of a struct
 * for code.
 */
function ofFactory(method: Json): Json[] {
  const [parameter, ...more] = (method.parameters ?? []).filter(({ type }: Json) => !isCodeOnly(types[type.fqn]));
  if (more.length > 0) {
    throw new Error(`factory ${method.name} takes more than one argument, for which a file has no form`);
  }
  return [
    ...!parameter || parameter.optional ? [{ const: method.name, description: method.docs.summary }] : [],
    ...parameter ? [{
      type: 'object',
      description: method.docs.summary,
      properties: { [method.name]: ofType(parameter.type) },
      required: [method.name],
      additionalProperties: false,
    }] : [],
  ];
}

function isCodeOnly(type?: Json): boolean {
  return type?.kind === 'interface' && structProperties(type).every(({ name }) => CODE_ONLY.includes(name));
}

function ofStruct(type: Json): Json {
  const properties = structProperties(type).filter(property => !CODE_ONLY.includes(property.name));
  const required = properties.filter(property => !property.optional).map(property => property.name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(property => [property.name, {
      ...ofType(property.type),
      description: [
        property.docs.summary, property.docs.remarks, property.docs.default && `Default: ${property.docs.default}`,
      ].filter(Boolean).join('\n\n'),
    }])),
    ...required.length > 0 && { required },
    additionalProperties: false,
  };
}

shared(ofCrd(spec), 'IstioOperatorSpec');
const definition = ofStruct(types[DEFINITION]);
ofType({ fqn: `${ASSEMBLY}.ClusterSettings` });
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A multi-primary Istio mesh',
  ...definition,
  $defs: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a < b ? -1 : 1)),
};
writeFileSync(join(ROOT, 'src', 'mesh.schema.json'), `${JSON.stringify(schema, undefined, 1)}\n`);
