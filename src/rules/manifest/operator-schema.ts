import { distance } from 'fastest-levenshtein';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { manifestOf, operatorsOf } from './parts';
import type { Finding } from '../../core/rule';
import type { Schema } from '../../core/schema';
import { resolved, schemaAt, withoutAbsent } from '../../core/schema';
import type { SchemaDiagnostic } from '../../core/schema-diagnostics';
import { schemaDiagnostics } from '../../core/schema-diagnostics';
import type { Path } from '../../util/path';

const SPEC = '#/$defs/IstioOperatorSpec';

/** What is wrong at some place: a key that resembles one of Istio's, another key, or a value of the wrong type. */
export type Fault = 'misspelt' | 'unknown' | 'mistyped';

/** What Istio's schema finds wrong with the IstioOperators of a cluster. */
export function schemaFindings(cluster: ClusterManifests, fault: Fault): Finding[] {
  return operatorsOf(cluster).flatMap(operator => problemsOf(cluster, operator)
    .filter(({ place }) => faultAt(place.path) === fault)
    .map(({ place, message }) => ({ path: [...operator.at('spec').path, ...place.path], message })));
}

/** Problems of operators that were judged: three rules ask, and the same text stands for many clusters. */
const JUDGED = new WeakMap<object, SchemaDiagnostic[]>();

function problemsOf(cluster: ClusterManifests, operator: Part): SchemaDiagnostic[] {
  const key = operator.value as object;
  let problems = JUDGED.get(key);
  if (!problems) {
    const spec = operator.at('spec');
    const data = withoutAbsent({ $ref: SPEC }, spec.value);
    const found = spec.isThere ? schemaDiagnostics(SPEC, data, path => manifestOf(cluster, operator).source(['spec', ...path])) : [];
    problems = found.filter(({ place }) => !isTaken(spec.at(...place.path)));
    JUDGED.set(key, problems);
  }
  return problems;
}

/** What istioctl takes all the same: nothing at all, and a tag that is a whole number. */
function isTaken({ value, key }: Part): boolean {
  return value === null || (key === 'tag' && Number.isInteger(value));
}

function faultAt(path: Path): Fault {
  const parent = path.slice(0, -1).reduce<Schema | undefined>((schema, key) => schemaAt(schema, key), { $ref: SPEC });
  const key = path[path.length - 1];
  if (!parent || typeof key !== 'string' || schemaAt(parent, key) !== undefined) {
    return 'mistyped';
  }
  return Object.keys(resolved(parent).properties ?? {}).some(right => isMisspelling(key, right)) ? 'misspelt' : 'unknown';
}

/** A key of another Istio version may resemble one of this version, but not by that much. */
export function isMisspelling(word: string, right: string): boolean {
  return distance(word.toLowerCase(), right.toLowerCase()) <= (right.length < 5 ? 1 : 2);
}
