import type { ApplyProgress, ApplyResult } from './migration-service.ts';
import type { Report } from './settle/migration-run.ts';

/**
 * Hands a run's reports on as they come, then its result. A listener that leaves does not stop a run that has begun
 * to write: leaving only sets the signal, and settles when the run has, so that nothing outlives it.
 */
export async function* streamOf(
  run: (report: Report, unwanted: AbortSignal) => Promise<ApplyResult>,
): AsyncGenerator<ApplyProgress> {
  const waiting: ApplyProgress[] = [];
  let wake = (): void => {};
  const unwanted = new AbortController();
  let over = false;
  const report: Report = (step, state, detail, client) => {
    waiting.push({ type: 'step', step, state, detail, ...(client && { client }) });
    wake();
  };
  const running = run(report, unwanted.signal).finally(() => {
    over = true;
    wake();
  });
  // Told by the await below; without a handler now, a listener that has left would make it an unhandled rejection.
  running.catch(() => {});
  try {
    for (;;) {
      const more = new Promise<void>((resolve) => (wake = resolve));
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      if (over) break;
      await more;
    }
    yield { type: 'result', result: await running };
  } finally {
    unwanted.abort();
    await running.catch(() => {});
  }
}
