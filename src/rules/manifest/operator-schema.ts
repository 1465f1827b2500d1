import { distance } from 'fastest-levenshtein';
import type { ClusterManifests, Manifest } from './manifests';
import { manifestOf, operatorsOf, Part } from './parts';
import type { Violation } from '../../core/rule';
import { type Schema, resolved, schemaAt, withoutAbsent } from '../../core/schema';
import { type SchemaDiagnostic, schemaDiagnostics } from '../../core/schema-diagnostics';
import type { Path } from '../../util/path';

const SPEC = '#/$defs/IstioOperatorSpec';

/** A kind of schema violation: a key that resembles a known one, another unknown key, or a value of the wrong type. */
export type Fault = 'misspelled' | 'unknown' | 'mistyped';

/** The violations of Istio's schema in the IstioOperators of a cluster. */
export function schemaFindings(cluster: ClusterManifests, fault: Fault): Violation[] {
  return operatorsOf(cluster).flatMap(operator => {
    // three rules need the diagnostics, and many clusters have the same file
    const diagnostics = cluster.memo.once(validate, operator.value, manifestOf(cluster, operator).source);
    return diagnostics.filter(({ place }) => faultAt(place.path) === fault)
      .flatMap(({ place, message, suggestion }) => operator.at('spec', ...place.path).found({ message, suggestion }));
  });
}

function validate(operator: unknown, source: Manifest['source']): SchemaDiagnostic[] {
  const spec = new Part([], operator).at('spec');
  const found = spec.isPresent
    ? schemaDiagnostics(SPEC, withoutAbsent({ $ref: SPEC }, spec.value), path => source(['spec', ...path])) : [];
  return found.filter(({ place }) => !isAccepted(spec.at(...place.path)));
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
