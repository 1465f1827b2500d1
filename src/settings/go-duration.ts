import { type MaybeProblem, problem } from '../core/rule';
const UNITS: { readonly [unit: string]: number } = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

const DURATION = /^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/;

/** Seconds of a duration in Go's syntax, e.g. `2160h` or `1h30m`; undefined when it is not valid. */
export function goSeconds(duration: string): number | undefined {
  const parts = DURATION.test(duration) ? [...duration.matchAll(/([\d.]+)([a-zµ]+)/g)] : undefined;
  return parts?.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}

/**
 * What is wrong with a duration; undefined if it is valid or absent.
 *
 * @param unsupported matches a unit that the program does not support
 */
export function goDurationProblem(
  field: string, duration: string | undefined, example = '2160h', unsupported = /$^/,
): MaybeProblem {
  if (duration === undefined || (goSeconds(duration) !== undefined && !unsupported.test(duration))) {
    return undefined;
  }
  const [, days] = /^(\d+)d$/.exec(duration) ?? [];
  const fix = days ? `'${24 * Number(days)}h'` : `e.g. '${example}'`;
  return problem(`${field} '${duration}' is not a valid duration of hours (h), minutes (m) and seconds (s)`,
    `write ${fix}`);
}
