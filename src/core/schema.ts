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

/** A schema with its reference followed. */
export function resolved(schema: Schema): Schema {
  if (!schema.$ref) {
    return schema;
  }
  const target = schema.$ref.replace(/^#\//, '').split('/').reduce((at: any, key) => at[key], meshSchema());
  return resolved(target);
}

/** The schema of what stands under a key, or undefined where anything may stand. */
export function schemaAt(schema: Schema | undefined, key: string | number): Schema | undefined {
  const { properties, additionalProperties, items } = schema ? resolved(schema) : {} as Schema;
  return typeof key === 'number' ? items : properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties || undefined;
}

/**
 * The same data in the file's and Istio's own spelling: `meshId`, as TypeScript has it, becomes `meshID` where Istio says so.
 *
 * A key that the schema does not know stays as it is, for the check to refuse.
 */
export function inOwnSpelling(schema: Schema | undefined, value: unknown): unknown {
  const spellings = new Map<Schema, Map<string, string>>();
  return mapped(schema, value, (key, known) => {
    if (!known?.properties || Object.hasOwn(known.properties, key)) {
      return key;
    }
    let ofSchema = spellings.get(known);
    if (!ofSchema) {
      ofSchema = new Map(Object.keys(known.properties).map(own => [letters(own), own]));
      spellings.set(known, ofSchema);
    }
    return ofSchema.get(letters(key)) ?? key;
  });
}

/**
 * The same data without what says nothing: `values:` with nothing after it. Where a string or a number belongs, it stays for the check.
 */
export function withoutAbsent(schema: Schema | undefined, value: unknown): unknown {
  return mapped(schema, value, key => key);
}

/**
 * The same data in one of its forms, so that it is the same text in whatever order and language somebody wrote it: keys in the order of the schema,
 * those of maps in that of the alphabet, and a provider without an argument as its kind alone, where Python gives it an empty map.
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
    const isNothing = isMap(argument) && Object.keys(argument).length === 0 && known.anyOf!.some(form => form.const === kind);
    return isNothing ? kind : { [kind]: inOneForm(argumentSchema(known, kind), argument) };
  }
  const keys = new Set([...Object.keys(known?.properties ?? {}).filter(key => Object.hasOwn(value, key)), ...Object.keys(value).sort()]);
  return Object.fromEntries([...keys].map(key => [key, inOneForm(schemaAt(known, key), value[key])]));
}

function mapped(schema: Schema | undefined, value: unknown, spelling: (key: string, schema?: Schema) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((entry, i) => mapped(schemaAt(schema, i), entry, spelling));
  }
  if (!isMap(value)) {
    return value;
  }
  const known = schema && resolved(schema);
  return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => {
    const own = spelling(key, known);
    const below = schemaAt(known, own);
    return isAbsent(entry, below) ? [] : [[own, mapped(below, entry, spelling)]];
  }));
}

function isAbsent(value: unknown, schema: Schema | undefined): boolean {
  return value === undefined || (value === null && schema !== undefined && !SCALARS.includes(String(resolved(schema).type)));
}

const SCALARS = ['string', 'number', 'integer', 'boolean'];

function letters(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The schema of the argument of a provider, if its factory accepts one. */
export function argumentSchema(provider: Schema, kind: string): Schema | undefined {
  return provider.anyOf!.find(form => form.properties && Object.hasOwn(form.properties, kind))?.properties![kind];
}
