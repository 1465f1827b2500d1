import { Fields } from './installer/istio-operator';
import { pathText } from './problems';
import { inOwnSpelling, resolved, schemaAt, schemaProblems, Schema } from './schema';

/** Settings in Istio's own spelling, and what Istio would refuse of them. */
export interface IstioFields {
  readonly fields?: Fields;
  readonly problems: string[];
}

/**
 * Typed settings in Istio's own spelling: what IstioOperator does not have is a problem, never dropped.
 *
 * @param field path of the settings inside the `spec` of an IstioOperator, through lists
 */
export function istioFields(field: string, settings: object | undefined): IstioFields {
  if (settings === undefined) {
    return { problems: [] };
  }
  const schema = schemaOf(field);
  const fields = inOwnSpelling(schema, settings) as Fields;
  const problems = schemaProblems(schema, fields).map(({ path, message }) => `${pathText([field.split('.').pop()!, ...path])}: ${message}`);
  return { fields, problems };
}

function schemaOf(field: string): Schema {
  return field.split('.').reduce<Schema>((schema, key) => {
    const below = schemaAt(schema, key)!;
    return resolved(below).items ?? below;
  }, { $ref: '#/$defs/IstioOperatorSpec' });
}
