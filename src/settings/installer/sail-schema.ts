import type { Schema } from '../../core/schema';
import { sentence } from '../../core/schema-messages';
import { readSailSchemas } from '../../util/host/schemas';
import { jsonschema } from '../../util/libraries';
import type { Path } from '../../util/path';

/** Kinds of the Sail operator. */
export type SailKind = 'Istio' | 'IstioCNI' | 'IstioRevisionTag';

/** Where Sail's API has something else, and what to write. */
export interface SailProblem {
  readonly path: Path;
  readonly message: string;
}

let schemas: { readonly [kind in SailKind]: Schema } | undefined;

/**
 * What the API of the Sail operator has not of the `spec` of an object: an API server drops it, or refuses the object.
 */
export function sailProblems(kind: SailKind, spec: object): SailProblem[] {
  schemas ??= readSailSchemas() as { [kind in SailKind]: Schema };
  const { Validator } = jsonschema();
  return new Validator().validate(spec, schemas[kind] as object).errors.map(error => ({
    path: error.name === 'additionalProperties' || error.name === 'required' ? [...error.path, error.argument] : error.path,
    message: sentence(error, { data: error.instance, mayBeSecret: false }),
  }));
}
