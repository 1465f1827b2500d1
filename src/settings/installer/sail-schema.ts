import type { Violation } from '../../core/rule';
import type { Schema } from '../../core/schema';
import { schemaProblem } from '../../core/schema-messages';
import { readSailSchemas } from '../../util/host/schemas';
import { jsonschema } from '../../util/libraries';

/** Kinds of the Sail operator. */
export type SailKind = 'Istio' | 'IstioCNI' | 'IstioRevisionTag';

let schemas: { readonly [kind in SailKind]: Schema } | undefined;

/**
 * Fields of a `spec` that the Sail API does not know: an API server drops them, or rejects the object.
 */
export function sailProblems(kind: SailKind, spec: object): Violation[] {
  schemas ??= readSailSchemas() as { [kind in SailKind]: Schema };
  const { Validator } = jsonschema();
  return new Validator().validate(spec, schemas[kind] as object).errors.map(error => ({
    path: ['additionalProperties', 'required'].includes(error.name) ? [...error.path, error.argument] : error.path,
    ...schemaProblem(error, { data: error.instance, mayBeSecret: false }),
  }));
}
