import { distance } from 'fastest-levenshtein';
import type { ClusterManifests } from './manifests';
import { type Part, manifestOf, operatorsOf } from './parts';
import type { Violation } from '../../core/rule';
import { type Schema, resolved, schemaAt, withoutAbsent } from '../../core/schema';
import { type SchemaDiagnostic, schemaDiagnostics } from '../../core/schema-diagnostics';
import type { Path } from '../../util/path';

const SPEC = '#/$defs/IstioOperatorSpec';

/** A kind of schema violation: a key that resembles a known one, another unknown key, or a value of the wrong type. */
export type Fault = 'misspelled' | 'unknown' | 'mistyped';

/** The violations of Istio's schema in the IstioOperators of a cluster. */
export function schemaFindings(cluster: ClusterManifests, fault: Fault): Violation[] {
  return operatorsOf(cluster).flatMap(operator => problemsOf(cluster, operator)
    .filter(({ place }) => faultAt(place.path) === fault)
    .map(({ place, message }) => ({ path: [...operator.at('spec').path, ...place.path], message })));
}

/** Problems of each IstioOperator: three rules need them, and many clusters have the same file. */
const PROBLEMS = new WeakMap<object, SchemaDiagnostic[]>();

function problemsOf(cluster: ClusterManifests, operator: Part): SchemaDiagnostic[] {
  const key = operator.value as object;
  let problems = PROBLEMS.get(key);
  if (!problems) {
    problems = validate(cluster, operator).filter(({ place }) => !isAccepted(operator.at('spec', ...place.path)));
    PROBLEMS.set(key, problems);
  }
  return problems;
}

function validate(cluster: ClusterManifests, operator: Part): SchemaDiagnostic[] {
  const spec = operator.at('spec');
  if (!spec.isPresent) {
    return [];
  }
  const { source } = manifestOf(cluster, operator);
  return schemaDiagnostics(SPEC, withoutAbsent({ $ref: SPEC }, spec.value), path => source(['spec', ...path]));
}

/** Whether istioctl accepts a value in spite of its schema: null, or a tag that is a whole number. */
function isAccepted({ value, key }: Part): boolean {
  return value === null || (key === 'tag' && Number.isInteger(value));
}

function faultAt(path: Path): Fault {
  const parent = path.slice(0, -1).reduce<Schema | undefined>((schema, key) => schemaAt(schema, key), { $ref: SPEC });
  const key = path[path.length - 1];
  if (!parent || typeof key !== 'string' || schemaAt(parent, key) !== undefined) {
    return 'mistyped';
  }
  const keys = Object.keys(resolved(parent).properties ?? {});
  return keys.some(known => isMisspelling(key, known)) ? 'misspelled' : 'unknown';
}

/** Whether a word resembles a known one so much that it is not a new key of another Istio version. */
export function isMisspelling(word: string, known: string): boolean {
  return distance(word.toLowerCase(), known.toLowerCase()) <= (known.length < 5 ? 1 : 2);
}
