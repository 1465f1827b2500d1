import { isNewer } from '../../istio/versions';

/** A bug of some istiod versions that a token change triggers. */
interface KnownBug {
  /** The predicate of a sentence about istiod. */
  readonly symptom: string;
  readonly see: string;
  /** The first fixed version of each minor version; older minor versions have no fix. */
  readonly fixedIn: readonly string[];
}

const BUGS: readonly KnownBug[] = [
  { symptom: 'can hang', see: 'https://github.com/istio/istio/issues/60612', fixedIn: ['1.29.6', '1.30.3'] },
  {
    symptom: 'can lose the endpoints of the cluster',
    see: 'https://github.com/istio/istio/issues/61043',
    fixedIn: ['1.29.7', '1.30.4'],
  },
  {
    symptom: 'can lose gateways of other clusters',
    see: 'https://github.com/istio/istio/issues/60920',
    fixedIn: ['1.29.7', '1.30.4'],
  },
];

/** A warning about known bugs of an istiod version during a rotation; undefined if there are none. */
export function rotationWarning(cluster: string, version: string): string | undefined {
  const symptoms = BUGS.filter(bug => hasBug(version, bug)).map(({ symptom, see }) => `${symptom} (${see})`);
  return symptoms.length === 0 ? undefined
    : `istiod ${version} of '${cluster}' ${symptoms.join(', ')} when a token changes; upgrade it first`;
}

function hasBug(version: string, { fixedIn }: KnownBug): boolean {
  const minor = version.replace(/\d+$/, '');
  const fixed = fixedIn.find(one => one.startsWith(minor)) ?? fixedIn[fixedIn.length - 1];
  return isNewer(fixed, version);
}
