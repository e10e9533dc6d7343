import { parseTime } from '../../../shared/filter/filter-values.ts';
import { formatDay, formatMoment } from '../../lib/format.ts';
import { messages } from '../../messages/messages.ts';
import type { TimeSpan } from './filter-terms.ts';

const isToday = (epochMs: number, nowMs: number): boolean => formatDay(epochMs) === formatDay(nowMs);

/** A value of time as people read it: dates in their own zone, ages as written. */
export function momentWords(value: string, nowMs: number = Date.now()): string {
  const time = parseTime(value);
  if (time === null || !('at' in time)) return value;
  return formatMoment(time.at, isToday(time.at, nowMs) ? 0 : Infinity);
}

/** A span in words, for the button that changes it. */
export function spanWords({ since, until }: TimeSpan, nowMs: number = Date.now()): string {
  const text = messages.traffic.time;
  if (since === null && until === null) return text.any;
  if (until === null) {
    const age = parseTime(since!);
    return age && 'agoMs' in age ? text.last(since!) : text.from(momentWords(since!, nowMs));
  }
  if (since === null) return text.until(momentWords(until, nowMs));
  return text.between(momentWords(since, nowMs), momentWords(until, nowMs));
}
