import type { Diagnostic } from './diagnostic';
import { inOwnSpelling, resolved, schemaAt } from './schema';
import { schemaDiagnostics } from './schema-diagnostics';
import type { Fields } from '../util/map';

/** Settings in Istio's own spelling, and the problems that Istio would report. */
export interface IstioFields {
  readonly fields?: Fields;
  readonly errors: Diagnostic[];
}

/**
 * Converts typed settings to Istio's own spelling; unknown fields become problems and are never dropped.
 *
 * @param field path of the settings inside the `spec` of an IstioOperator, through lists
 */
export function istioFields(field: string, settings: object | undefined): IstioFields {
  if (settings === undefined) {
    return { errors: [] };
  }
  const pointer = pointerOf(field);
  const fields = inOwnSpelling({ $ref: pointer }, settings) as Fields;
  const key = field.split('.').pop()!;
  const errors = schemaDiagnostics(pointer, fields)
    .map((diagnostic): Diagnostic => ({ ...diagnostic, place: { path: [key, ...diagnostic.place.path] } }));
  return { fields, errors };
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
