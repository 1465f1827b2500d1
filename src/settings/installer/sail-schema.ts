import { readFileSync } from 'fs';
import { join } from 'path';
import type { Schema } from '../../core/schema';
import { sentence } from '../../core/schema-sentences';
import { jsonschema } from '../../util/libraries';
import type { SettingProblem } from '../setting-problem';

/** Kinds of the Sail operator. */
export type SailKind = 'Istio' | 'IstioCNI' | 'IstioRevisionTag';

let schemas: { readonly [kind in SailKind]: Schema } | undefined;

/**
 * Fields of a `spec` that the Sail API does not know: an API server drops them, or rejects the object.
 */
export function sailProblems(kind: SailKind, spec: object): SettingProblem[] {
  schemas ??= JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'imports', 'sailoperator.io.schema.json'), 'utf-8')) as { [kind in SailKind]: Schema };
  const { Validator } = jsonschema();
  return new Validator().validate(spec, schemas[kind] as object).errors.map(error => ({
    path: ['additionalProperties', 'required'].includes(error.name) ? [...error.path, error.argument] : error.path,
    message: sentence(error, { data: error.instance, mayBeSecret: false }),
  }));
}
