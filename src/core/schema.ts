import { readMeshSchema } from '../util/host/schemas';
import { isMap } from '../util/map';

/** The part of JSON Schema that the generated schema uses. */
export interface Schema {
  readonly '$ref'?: string;
  readonly 'type'?: string | readonly string[];
  readonly 'properties'?: { readonly [key: string]: Schema };
  readonly 'additionalProperties'?: false | Schema;
  readonly 'required'?: readonly string[];
  readonly 'items'?: Schema;
  readonly 'enum'?: readonly string[];
  readonly 'const'?: string;
  readonly 'anyOf'?: readonly Schema[];
  /** Name of the abstract class whose factories create the value. */
  readonly 'x-provider'?: string;
}

let root: Schema | undefined;

/** The schema of a mesh definition, generated from the properties of `Mesh` and from Istio's own types. */
export function meshSchema(): Schema {
  root ??= readMeshSchema() as Schema;
  return root;
}

/** Follows the reference of a schema. */
export function resolved(schema: Schema): Schema {
  if (!schema.$ref) {
    return schema;
  }
  const target = schema.$ref.replace(/^#\//, '').split('/').reduce((at: any, key) => at[key], meshSchema());
  return resolved(target);
}

/** The schema of the value of a key; undefined if any value is valid. */
export function schemaAt(schema: Schema | undefined, key: string | number): Schema | undefined {
  const { properties, additionalProperties, items } = schema ? resolved(schema) : {} as Schema;
  if (typeof key === 'number') {
    return items;
  }
  return properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties || undefined;
}

/**
 * The same data in the spelling of mesh.yaml and of Istio: `meshId` of TypeScript becomes `meshID`.
 *
 * Unknown keys stay as they are, so that validation rejects them.
 */
export function inOwnSpelling(schema: Schema | undefined, value: unknown): unknown {
  const spellings = new Map<Schema, Map<string, string>>();
  return mapped(schema, value, (key, known) => {
    if (!known?.properties || Object.hasOwn(known.properties, key)) {
      return key;
    }
    let keysByLetters = spellings.get(known);
    if (!keysByLetters) {
      keysByLetters = new Map(Object.keys(known.properties).map(name => [letters(name), name]));
      spellings.set(known, keysByLetters);
    }
    return keysByLetters.get(letters(key)) ?? key;
  });
}

/**
 * The same data without keys that have no value, such as `values:`.
 *
 * If the value must be a string or a number, the key stays, so that validation reports it.
 */
export function withoutAbsent(schema: Schema | undefined, value: unknown): unknown {
  return mapped(schema, value, key => key);
}

/**
 * The same data in one form, so that the text does not depend on the language or the order of the definition.
 *
 * Keys are in the order of the schema, those of maps in alphabetical order. A provider without an argument is only its
 * kind; Python passes an empty map.
 */
export function inOneForm(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, i) => inOneForm(schemaAt(schema, i), entry));
  }
  if (!isMap(value)) {
    return value;
  }
  const known = schema && resolved(schema);
  if (known?.['x-provider']) {
    const [[kind, argument]] = Object.entries(value);
    const isEmpty = isMap(argument) && Object.keys(argument).length === 0;
    return isEmpty && known.anyOf!.some(form => form.const === kind) ? kind
      : { [kind]: inOneForm(argumentSchema(known, kind), argument) };
  }
  const schemaKeys = Object.keys(known?.properties ?? {}).filter(key => Object.hasOwn(value, key));
  const keys = new Set([...schemaKeys, ...Object.keys(value).sort()]);
  return Object.fromEntries([...keys].map(key => [key, inOneForm(schemaAt(known, key), value[key])]));
}

function mapped(
  schema: Schema | undefined, value: unknown, spelling: (key: string, schema?: Schema) => string,
): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, i) => mapped(schemaAt(schema, i), entry, spelling));
  }
  if (!isMap(value)) {
    return value;
  }
  const known = schema && resolved(schema);
  return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => {
    const name = spelling(key, known);
    const entrySchema = schemaAt(known, name);
    return isAbsent(entry, entrySchema) ? [] : [[name, mapped(entrySchema, entry, spelling)]];
  }));
}

function isAbsent(value: unknown, schema: Schema | undefined): boolean {
  return value === undefined
    || (value === null && schema !== undefined && !SCALARS.includes(String(resolved(schema).type)));
}

const SCALARS = ['string', 'number', 'integer', 'boolean'];

function letters(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The schema of the argument of a provider, if its factory accepts one. */
export function argumentSchema(provider: Schema, kind: string): Schema | undefined {
  return provider.anyOf!.find(form => form.properties && Object.hasOwn(form.properties, kind))?.properties![kind];
}
