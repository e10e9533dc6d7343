import type { ParityRow } from '../../../../shared/model/migration.ts';

/** When a slower answer counts as a loss: worse than both of these. */
export interface LatencyTrigger {
  /** More than before. */
  percent: number;
  /** More than before, in milliseconds. */
  ms: number;
}

/** Less is not felt by a person, and is what a busy machine does by itself. */
export const DEFAULT_TRIGGER: LatencyTrigger = { percent: 50, ms: 25 };

/** Whether the median of a real answer got slower than the trigger allows. Not measured is not slower. */
export function isTooSlow(
  { latencyBeforeMs, latencyAfterMs }: Pick<ParityRow, 'latencyBeforeMs' | 'latencyAfterMs'>,
  { percent, ms }: LatencyTrigger,
): boolean {
  if (latencyBeforeMs === null || latencyAfterMs === null) return false;
  const more = latencyAfterMs - latencyBeforeMs;
  return more > ms && more > (latencyBeforeMs * percent) / 100;
}
