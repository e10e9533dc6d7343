import { quantitiesIn } from '../../shared/language/quantities-in.ts';
import { language as locale } from './language.ts';

const quantities = quantitiesIn(locale);
const upToThree = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
const time = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const dateTime = new Intl.DateTimeFormat(locale, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const dayAndClock = new Intl.DateTimeFormat(locale, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** `1,234` */
export const formatCount = quantities.count;

/** `14:03:07.042`, in the reader's own time zone. */
export const formatTime = (epochMs: number): string => time.format(epochMs);

/** `Nov 21, 2026, 14:03:07` */
export const formatDateTime = (epochMs: number): string => dateTime.format(epochMs);

/** `Nov 21, 2026` */
export const formatDay = (epochMs: number): string => day.format(epochMs);

/** `14:03`; with the day (`Nov 21, 14:03`) where the moments that stand together are more than a day apart. */
export const formatMoment = (epochMs: number, spanMs: number): string =>
  spanMs > 86_400_000 ? dayAndClock.format(epochMs) : quantities.clock(epochMs);

/** A share as `4.2%`; below a tenth of a percent `<0.1%`. */
export const formatShare = quantities.share;

/** `842 ms`, `1.24 s`, `2 min 5 s`; below a tenth of a millisecond `<0.1 ms`. */
export const formatDuration = quantities.duration;

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `640 B`, `12.4 kB`, in steps of 1000. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${upToThree.format(value)} ${BYTE_UNITS[unit]}`;
}

const RELATIVE_STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** `5 minutes ago`, `now`. */
export function formatAgo(epochMs: number, nowMs: number): string {
  const distance = epochMs - nowMs;
  const [unit, size] =
    RELATIVE_STEPS.find(([, ms]) => Math.abs(distance) >= ms) ?? (['second', 1_000] as const);
  return relative.format(Math.trunc(distance / size), unit);
}

/** `a, b, and c` */
export const formatList = quantities.list;

/** The form that fits the number, with `#` replaced by it: `plural(2, {one: '# call', other: '# calls'})`. */
export const plural = quantities.plural;
