const UNITS: { readonly [unit: string]: number } = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

const DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/;

/** Seconds of a duration as Go writes it, e.g. `2160h` or `1h30m`; undefined when it is none. */
export function goSeconds(duration: string): number | undefined {
  return DURATION.test(duration) ? [...duration.matchAll(/([\d.]+)([a-zµ]+)/g)].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0) : undefined;
}

/** Why a duration is none, or undefined when it is one. */
export function goDurationProblem(field: string, duration: string | undefined): string | undefined {
  if (duration === undefined || goSeconds(duration) !== undefined) {
    return undefined;
  }
  const [, days] = /^(\d+)d$/.exec(duration) ?? [];
  return `${field} '${duration}' is no duration of hours (h), minutes (m) and seconds (s), and longer units are refused; write ${days ? `'${24 * Number(days)}h'` : 'e.g. \'2160h\''}`;
}
