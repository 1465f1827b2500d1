/** What istiod of some versions does when the token of a peer changes. */
interface KnownBug {
  readonly symptom: string;
  readonly see: string;
  /** The first version of each minor that has the mend; older minors have none. */
  readonly mended: readonly string[];
}

const BUGS: readonly KnownBug[] = [
  { symptom: 'can come to a stop', see: 'https://github.com/istio/istio/issues/60612', mended: ['1.29.6', '1.30.3'] },
  { symptom: 'can lose the endpoints of the cluster', see: 'https://github.com/istio/istio/issues/61043', mended: ['1.29.7', '1.30.4'] },
  { symptom: 'can lose gateways of other clusters', see: 'https://github.com/istio/istio/issues/60920', mended: ['1.29.7', '1.30.4'] },
];

/** What to fear of a rotation where istiod has this version: a sentence, or undefined. */
export function rotationWarning(cluster: string, version: string): string | undefined {
  const bugs = BUGS.filter(({ mended }) => !mended.some(one => isAtLeast(version, one)) && isBefore(version, mended[mended.length - 1]));
  return bugs.length === 0 ? undefined
    : `istiod ${version} of '${cluster}' ${bugs.map(({ symptom, see }) => `${symptom} (${see})`).join(', ')} when a token changes; upgrade it first`;
}

/** Of the same minor version, and not older. */
function isAtLeast(version: string, mended: string): boolean {
  const [[major, minor, patch], [ofMajor, ofMinor, ofPatch]] = [numbers(version), numbers(mended)];
  return major === ofMajor && minor === ofMinor && patch >= ofPatch;
}

function isBefore(version: string, other: string): boolean {
  const [[major, minor, patch], [ofMajor, ofMinor, ofPatch]] = [numbers(version), numbers(other)];
  return major !== ofMajor ? major < ofMajor : minor !== ofMinor ? minor < ofMinor : patch < ofPatch;
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
