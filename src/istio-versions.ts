/** The newer of two versions `x.y.z`; one with a suffix comes before the one without. */
export function newest(one: string, other: string): string {
  const [core, otherCore] = [one, other].map(version => version.split('-')[0]);
  const order = core.localeCompare(otherCore, 'en', { numeric: true });
  return order > 0 || (order === 0 && other.includes('-')) ? one : other;
}
