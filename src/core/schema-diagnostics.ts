import type { CustomProperty, Options, SchemaContext, Validator, ValidatorResult } from 'jsonschema';
import type { Diagnostic, Place } from './diagnostic';
import { ruleError } from './evaluate';
import { type RuleText, Severity } from './rule';
import { type Schema, argumentSchema, meshSchema } from './schema';
import { schemaProblem } from './schema-messages';
import { jsonschema } from '../util/libraries';
import { isMap } from '../util/map';
import type { Path } from '../util/path';

/** The rule that the schema enforces, before there is a mesh for the other rules. */
export const SCHEMA_RULE: RuleText = {
  code: 'IM001',
  severity: Severity.ERROR,
  title: 'a definition has keys that there are, with values of their types',
  symptom: 'a misspelt setting has no effect, and a name that looks like a number is another name in YAML',
  fix: 'use the key or the value that the message names; write in quotes what must stay a string',
  see: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
};

/** Data that violates the schema, at a path in the data. */
export interface SchemaDiagnostic extends Diagnostic {
  readonly rule: RuleText;
  readonly place: Place & { readonly path: Path };
  /** The setting that it is about; for a missing one, the path that it would have. */
  readonly about: Path;
}

/**
 * What is wrong with data according to its schema, one diagnostic for each place.
 *
 * @param pointer the part of the mesh's schema that applies, `#` for all of it
 * @param source returns the text of a scalar as its author wrote it, if there is one
 */
export function schemaDiagnostics(
  pointer: string, data: unknown, source: (path: Path) => string | undefined = () => undefined,
): SchemaDiagnostic[] {
  return validator().validate(data, { $ref: `${MESH}${pointer}` }).errors.map(error => {
    const key = [...error.path, error.argument];
    const path = error.name === 'additionalProperties' ? key : error.path;
    const wrong = { data: error.instance, text: source(path), mayBeSecret: path.includes(CREDENTIALS) };
    const about = error.name === 'required' ? key : path;
    return { ...ruleError(SCHEMA_RULE, schemaProblem(error, wrong)), rule: SCHEMA_RULE, place: { path }, about };
  });
}

/** Below this key, even a value in the wrong place may be a secret. */
const CREDENTIALS = 'remoteCredentials';

const MESH = 'istio-mesh:/mesh';

// absolute: newer URL parsers reject a relative base
let theValidator: Validator | undefined;

function validator(): Validator {
  if (!theValidator) {
    const { Validator: JsonSchemaValidator } = jsonschema();
    theValidator = new JsonSchemaValidator();
    theValidator.addSchema(meshSchema() as object, MESH);
    theValidator.attributes['x-provider'] = providerAttribute;
    theValidator.attributes.additionalProperties = ownKeysAttribute(theValidator.attributes.additionalProperties);
    theValidator.attributes.anyOf = () => undefined!; // x-provider validates it, for the sake of the message
  }
  return theValidator;
}

/** Validates keys like the library's own attribute, which accepts keys that every object inherits: `constructor`. */
function ownKeysAttribute(original: CustomProperty): CustomProperty {
  return function (this: unknown, data, schema, options, context) {
    const { properties = {}, additionalProperties } = schema as Schema;
    if (additionalProperties !== false || !isMap(data)) {
      return original.call(this, data, schema, options, context);
    }
    const result = new (jsonschema().ValidatorResult)(data, schema, options, context);
    for (const key of Object.keys(data).filter(name => !Object.hasOwn(properties, name))) {
      result.addError({ name: 'additionalProperties', argument: key, message: 'is not known' });
    }
    return result;
  };
}

/** A method of the library that its types lack. */
interface UntypedValidator extends Validator {
  validateSchema(data: unknown, schema: Schema, options: Options, context: SchemaContext): ValidatorResult;
}

/** Validates a provider by the argument of its kind. */
const providerAttribute: CustomProperty = (data, schema, options, context) => {
  const result = new (jsonschema().ValidatorResult)(data, schema, options, context);
  const provider = schema as Schema;
  const [[kind, value] = [], ...more] = isMap(data) ? Object.entries(data) : [];
  const argument = more.length === 0 && kind !== undefined && argumentSchema(provider, kind);
  if (argument) {
    const within = context.makeChild(argument as object, kind);
    result.errors.push(...(theValidator as UntypedValidator).validateSchema(value, argument, options, within).errors);
  } else if (data !== undefined && !provider.anyOf!.some(form => form.const === data)) {
    result.addError({ name: 'x-provider', message: 'is not a known provider', argument: data });
  }
  return result;
};
