/** The Istio release whose settings are typed in this library, and the default version of a new mesh. */
export const NEWEST_ISTIO = '1.31.0';

/** The newer of two versions `x.y.z`; a version with a suffix precedes the one without. */
export function newest(one: string, other: string): string {
  const [core, otherCore] = [one, other].map(version => version.split('-')[0]);
  const order = core.localeCompare(otherCore, 'en', { numeric: true });
  return order > 0 || (order === 0 && other.includes('-')) ? one : other;
}

/** Whether a version `x.y.z` is newer than another one; any version is newer than a missing one. */
export function isNewer(version = '', than = ''): boolean {
  return version !== than && newest(version, than) === version;
}
