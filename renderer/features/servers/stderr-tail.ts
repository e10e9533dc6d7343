import type { StderrLine } from '../../../shared/model/server.ts';

/**
 * How many lines were written after the last one of a frozen view. The hub keeps a bounded number of lines, so the
 * frozen ones may be gone from it; then all are new.
 */
export function linesSince(frozen: readonly StderrLine[], lines: readonly StderrLine[]): number {
  const last = frozen.at(-1);
  if (!last) return lines.length;
  const index = lines.findLastIndex(
    ({ at, instanceId, text }) => at === last.at && instanceId === last.instanceId && text === last.text,
  );
  return lines.length - 1 - index;
}
