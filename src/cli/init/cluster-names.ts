import { RESERVED_DIRECTORIES } from '../../istio/names';

/** What kinds of contexts are called, each with the name of the cluster, and with what tells it from others of that name. */
const KINDS: ReadonlyArray<readonly [pattern: RegExp, ...names: string[]]> = [
  [/^gke_([^_]+)_([^_]+)_(.+)$/, '$3', '$3-$2', '$3-$2-$1'],
  [/^arn:[^:]*:eks:([^:]*):([^:]*):cluster\/(.+)$/, '$3', '$3-$1', '$3-$1-$2'],
  [/^(?:[^@]*@)([^.@]+)\.([^.@]+)\.eksctl\.io$/, '$1', '$1-$2'], // eksctl
  [/^([^/]*)\/([^/]+?)(?::\d+)?\/([^/]*)$/, '$2'], // oc: namespace/server/user
  [/^(?:kind|k3d)-(.+)$/, '$1', '$&'],
  [/^(.+)@([^@]+)$/, '$2', '$2-$1'],
  [/^(.+)-admin$/, '$1', '$&'], // az aks get-credentials --admin
];

/** Names for the clusters that contexts lead to: DNS labels that differ, short where the short ones differ. */
export function proposedNames(contexts: readonly string[], taken: readonly string[] = []): string[] {
  const candidates = contexts.map(candidatesFor);
  const chosen = candidates.map(([shortest]) => shortest);
  for (let level = 1; level < 4; level++) {
    const counts = countsOf([...chosen, ...taken]);
    candidates.forEach((names, i) => {
      chosen[i] = counts.get(chosen[i])! > 1 ? names[Math.min(level, names.length - 1)] : chosen[i];
    });
  }
  const used = new Set([...taken, ...RESERVED]);
  return chosen.map(name => {
    const free = numbered(name, used);
    used.add(free);
    return free;
  });
}

/** Names that no cluster may have. */
const RESERVED = [...RESERVED_DIRECTORIES, 'constructor'];

/** From the shortest to the whole context. */
function candidatesFor(context: string): string[] {
  const kind = KINDS.find(([pattern]) => pattern.test(context));
  const names = kind ? kind.slice(1).map(name => context.replace(kind[0], name as string)) : [];
  return [...names, context].map(label);
}

const MAX_LENGTH = 63;

function label(text: string): string {
  const letters = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
  return letters.slice(0, MAX_LENGTH).replace(/-+$/, '') || 'cluster';
}

/** The name, with a number behind it where it is used already. */
function numbered(name: string, used: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name.slice(0, MAX_LENGTH - 1 - String(i).length)}-${i}`;
    if (!used.has(candidate)) {
      return candidate;
    }
  }
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  names.forEach(name => counts.set(name, (counts.get(name) ?? 0) + 1));
  return counts;
}
