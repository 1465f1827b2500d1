import { coded } from './rule';
import { inOwnSpelling, resolved, schemaAt } from './schema';
import { schemaProblems } from './schema-problems';
import type { Fields } from '../util/map';
import { pathText } from '../util/path';

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
  const pointer = pointerOf(field);
  const fields = inOwnSpelling({ $ref: pointer }, settings) as Fields;
  const problems = schemaProblems(pointer, fields).map(({ path, message, rule }) => `${pathText([field.split('.').pop()!, ...path])}: ${coded(message, rule)}`);
  return { fields, problems };
}

const SPEC = '#/$defs/IstioOperatorSpec';

function pointerOf(field: string): string {
  return field.split('.').reduce((pointer, key) => {
    const below = schemaAt({ $ref: pointer }, key)!;
    const here = below.$ref ?? `${pointer}/properties/${key}`;
    const { items } = resolved(below);
    return items ? items.$ref ?? `${here}/items` : here;
  }, SPEC);
}
