import { RESERVED_DIRECTORIES } from '../../istio/names';
import { groupBy } from '../../util/map';

/**
 * Formats of context names, each with the names to propose for the cluster: the shortest first, then longer ones that
 * distinguish clusters of the same name.
 */
const CONTEXT_FORMATS: ReadonlyArray<readonly [pattern: RegExp, ...names: string[]]> = [
  [/^gke_([^_]+)_([^_]+)_(.+)$/, '$3', '$3-$2', '$3-$2-$1'],
  [/^arn:[^:]*:eks:([^:]*):([^:]*):cluster\/(.+)$/, '$3', '$3-$1', '$3-$1-$2'],
  [/^(?:[^@]*@)([^.@]+)\.([^.@]+)\.eksctl\.io$/, '$1', '$1-$2'], // eksctl
  [/^([^/]*)\/([^/]+?)(?::\d+)?\/([^/]*)$/, '$2'], // oc: namespace/server/user
  [/^(?:kind|k3d)-(.+)$/, '$1', '$&'],
  [/^(.+)@([^@]+)$/, '$2', '$2-$1'],
  [/^(.+)-admin$/, '$1', '$&'], // az aks get-credentials --admin
];

/** Proposes unique DNS labels as names for the clusters of some contexts, as short as possible. */
export function proposedNames(contexts: readonly string[], taken: readonly string[] = []): string[] {
  const candidates = contexts.map(candidateNames);
  const proposed = candidates.map(([shortest]) => shortest);
  for (let level = 1; level < 4; level++) {
    const uses = groupBy([...proposed, ...taken], name => name);
    candidates.forEach((names, i) => {
      proposed[i] = uses.get(proposed[i])!.length > 1 ? names[Math.min(level, names.length - 1)] : proposed[i];
    });
  }
  const used = new Set([...taken, ...RESERVED]);
  return proposed.map(name => {
    const unused = withUnusedNumber(name, used);
    used.add(unused);
    return unused;
  });
}

/** Names that a cluster cannot have. */
const RESERVED = [...RESERVED_DIRECTORIES, 'constructor'];

/** Names for the cluster of a context, from the shortest to the whole context. */
function candidateNames(context: string): string[] {
  const format = CONTEXT_FORMATS.find(([pattern]) => pattern.test(context));
  const names = format ? format.slice(1).map(name => context.replace(format[0], name as string)) : [];
  return [...names, context].map(toDnsLabel);
}

const MAX_LENGTH = 63;

function toDnsLabel(text: string): string {
  const label = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
  return label.slice(0, MAX_LENGTH).replace(/-+$/, '') || 'cluster';
}

/** The name itself if it is not used, or else the name with a number at its end. */
function withUnusedNumber(name: string, used: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name.slice(0, MAX_LENGTH - 1 - String(i).length)}-${i}`;
    if (!used.has(candidate)) {
      return candidate;
    }
  }
}
