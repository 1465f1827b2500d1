import { type Problem, type RuleText, problemText, Severity } from './rule';
import { type Path, pathText } from '../util/path';
import { inOneLine } from '../util/text';

/** Where a diagnostic applies; each field only where it is known. */
export interface Place {
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
  /** Paths of the constructs that created the objects. */
  readonly constructs?: readonly string[];
  /** Kind and name of the object in the file, e.g. `Secret 'cacerts'`. */
  readonly object?: string;
  /** Keys in the definition or in the object. */
  readonly path?: Path;
}

/** A rule, at least by its code. */
export type RuleReference = Pick<RuleText, 'code'> & Partial<RuleText>;

/** One thing that is wrong, or worth a warning; data until it is printed. */
export interface Diagnostic extends Problem {
  readonly severity: Severity;
  /** The rule that is violated; none e.g. for a file that cannot be read. */
  readonly rule?: RuleReference;
  readonly place: Place;
  /** Names of the clusters that it concerns; empty for the whole mesh. */
  readonly clusters: readonly string[];
}

/** An error without a rule, e.g. about a command's arguments. */
export function errorDiagnostic(problem: Problem, place: Place = {}): Diagnostic {
  return { severity: Severity.ERROR, place, ...problem, clusters: [] };
}

/** The file of a place with line and column, as terminals make a link of it. */
function filePosition({ file, line, column }: Place): string | undefined {
  return file === undefined || line === undefined ? file : `${file}:${line}:${column}`;
}

/** What a place is within its file: the object and the keys. */
export function placeInFile({ object, path = [] }: Place): string {
  return [...object === undefined ? [] : [object], ...path.length > 0 ? [pathText(path)] : []].join(': ');
}

/** A place in one line: `file:line:column: Kind 'name': path`. */
export function placeText(place: Place): string {
  return [filePosition(place), placeInFile(place)].filter(Boolean).join(': ');
}

/** The clusters, the message, the suggestion and the code. */
export function diagnosticSentence(diagnostic: Diagnostic): string {
  const { clusters, rule } = diagnostic;
  const names = listed(clusters.map(name => `'${name}'`), MAX_CLUSTERS);
  const place = clusters.length === 0 ? '' : `${clusters.length === 1 ? 'cluster' : 'clusters'} ${names}: `;
  return place + problemText(diagnostic) + (rule ? ` (${rule.code})` : '');
}

/** A diagnostic in one line, its place first; control characters are escaped. */
export function diagnosticLine(diagnostic: Diagnostic): string {
  const { place } = diagnostic;
  const constructs = place.constructs ? `[${listed(place.constructs, MAX_CONSTRUCTS)}] ` : '';
  return inOneLine(constructs + [placeText(place), diagnosticSentence(diagnostic)].filter(Boolean).join(': '));
}

/** The most names that one line lists. */
const MAX_CLUSTERS = 3;
const MAX_CONSTRUCTS = 3;

function listed(names: readonly string[], max: number): string {
  const rest = names.length > max ? ` and ${names.length - max} more` : '';
  return names.slice(0, max).join(', ') + rest;
}

/** Diagnostics that differ only by their cluster or construct, each as one at the place of the first. */
export function foldEqual(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { rule, severity, message, suggestion, place } = diagnostic;
    const isFoldable = diagnostic.clusters.length > 0 || place.constructs !== undefined;
    const identity = [rule?.code, severity, message, suggestion, place.object, keysInCluster(place.path)];
    const key = JSON.stringify([...identity, isFoldable || groups.size]);
    groups.set(key, [...groups.get(key) ?? [], diagnostic]);
  }
  return [...groups.values()].map(merged);
}

function merged(all: readonly Diagnostic[]): Diagnostic {
  const [first] = all;
  const constructs = [...new Set(all.flatMap(({ place }) => place.constructs ?? []))];
  return {
    ...first,
    clusters: [...new Set(all.flatMap(({ clusters }) => clusters))],
    place: { ...first.place, ...constructs.length > 0 && { constructs } },
  };
}

/** A path without the cluster that it starts with. */
function keysInCluster(path: Path | undefined): Path | undefined {
  return path?.[0] === 'clusters' ? path.slice(2) : path;
}
