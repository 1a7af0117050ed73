/** The clock, and time spans. */

/** The system clock: whole seconds since 1970. */
export const clock = (): number => Math.floor(Date.now() / 1000);

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const YEAR = 365.25 * DAY;

/** The units of the package `ms`, which `jsonwebtoken` reads time spans with. */
const UNITS: ReadonlyMap<string, number> = new Map(
  (
    [
      [0.001, 'milliseconds', 'millisecond', 'msecs', 'msec', 'ms'],
      [SECOND, 'seconds', 'second', 'secs', 'sec', 's'],
      [MINUTE, 'minutes', 'minute', 'mins', 'min', 'm'],
      [HOUR, 'hours', 'hour', 'hrs', 'hr', 'h'],
      [DAY, 'days', 'day', 'd'],
      [WEEK, 'weeks', 'week', 'w'],
      [YEAR, 'years', 'year', 'yrs', 'yr', 'y'],
    ] as const
  ).flatMap(([seconds, ...names]) => names.map((name): [string, number] => [name, seconds])),
);

/**
 * A time span in seconds: a number as it is, text as `1h`, `2.5 days` or `-30s`. Text without a
 * unit is refused, since `'3600'` means milliseconds to `jsonwebtoken` and seconds to most readers.
 *
 * @returns undefined where it is neither
 */
export function timeSpan(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length > 100) return undefined;
  const [, number, unit] = /^(-?\d*\.?\d+) *([a-z]+)$/i.exec(value) ?? [];
  const seconds = unit === undefined ? undefined : UNITS.get(unit.toLowerCase());
  return seconds === undefined ? undefined : Number(number) * seconds;
}
