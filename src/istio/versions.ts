/** The release whose settings are typed here, and the newest that a new mesh is written for. */
export const NEWEST_ISTIO = '1.31.0';

/** The newer of two versions `x.y.z`; one with a suffix comes before the one without. */
export function newest(one: string, other: string): string {
  const [core, otherCore] = [one, other].map(version => version.split('-')[0]);
  const order = core.localeCompare(otherCore, 'en', { numeric: true });
  return order > 0 || (order === 0 && other.includes('-')) ? one : other;
}

/** Whether a version `x.y.z` is newer than another; any is newer than none. */
export function isNewer(version = '', than = ''): boolean {
  return version !== than && newest(version, than) === version;
}
