import { PatchbayError, toErrorInfo } from '../../shared/model/error.ts';
import type { MigrationRun } from '../../shared/model/migration.ts';
import { streamOf } from './migration/apply-stream.ts';
import type { ApplyOptions, ApplyResult, MigrationService } from './migration/migration-service.ts';
import type { Report } from './migration/settle/migration-run.ts';

/** As long as a migration with slow servers may take; after that the journal takes over at the next start. */
const FINISH_MS = 120_000;
/** More than two clients with a retry of every step need. */
const MAX_STEPS = 500;

export interface WatchedMigration {
  service: MigrationService;
  /** The run that goes on, else the last one; null where this hub has made none. */
  run(): MigrationRun | null;
  /** Resolves when nothing is being changed or tried, at most 2 min from now. */
  idle(): Promise<void>;
}

/**
 * Knows what the engine is doing: for windows that were reloaded in the middle of it, and because a hub must not end
 * under a migration: the witness starts servers through it, and shims without a hub would start another.
 * `onProgress` is told of every step.
 */
export function watchMigration(service: MigrationService, onProgress: () => void): WatchedMigration {
  const running = new Set<Promise<unknown>>();
  let latest: MigrationRun | null = null;
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const forget = (): void => void running.delete(work);
    work.then(forget, forget);
    return work;
  };
  /** Reads a run to its end, whether or not anybody listens. */
  async function follow(options: ApplyOptions, report: Report, unwanted: AbortSignal): Promise<ApplyResult> {
    const own: MigrationRun = {
      startedAt: Date.now(),
      ...(options.clients && { clients: options.clients }),
      steps: [],
      outcome: { kind: 'running' },
    };
    // A second call while one goes on is refused by the data lock: it must not hide the one that has it.
    const show = (): void => {
      if (latest?.outcome.kind !== 'running') latest = own;
      if (latest === own) onProgress();
    };
    show();
    try {
      for await (const progress of service.apply({ ...options, unwanted })) {
        if (progress.type === 'result') {
          own.outcome = { kind: 'done', migration: progress.result.id };
          return progress.result;
        }
        const { type: _, ...step } = progress;
        own.steps = [...own.steps, step].slice(-MAX_STEPS);
        report(step.step, step.state, step.detail, step.client);
        show();
      }
      throw new PatchbayError('INTERNAL', 'The migration ended without a result.');
    } catch (error) {
      const isStopped = unwanted.aborted && own.steps.every(({ step }) => step === 'baseline');
      own.outcome = isStopped ? { kind: 'stopped' } : { kind: 'failed', error: toErrorInfo(error) };
      throw error;
    } finally {
      show();
    }
  }
  return {
    service: {
      ...service,
      apply: (options) => streamOf((report, unwanted) => track(follow(options, report, unwanted))),
      verify: (options) => track(service.verify(options)),
      rollback: (options) => track(service.rollback(options)),
    },
    run: () => latest,
    async idle() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FINISH_MS)));
      await Promise.race([Promise.allSettled(running), late]);
      clearTimeout(timer);
    },
  };
}
