import type { MigrationProgress } from '../../shared/model/migration.ts';
import type { MigrationService } from './migration/migration-service.ts';

/** As long as a migration with slow servers may take; after that the journal takes over at the next start. */
const FINISH_MS = 120_000;

export interface WatchedMigration {
  service: MigrationService;
  /** Resolves when nothing is being changed or tried, at most 2 min from now. */
  idle(): Promise<void>;
}

/**
 * Knows what the engine is doing. A hub must not end under a migration: the witness starts servers through it, and
 * shims without a hub would start another.
 */
export function watchMigration(service: MigrationService): WatchedMigration {
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const forget = (): void => void running.delete(work);
    work.then(forget, forget);
    return work;
  };
  async function* apply(
    options: Parameters<MigrationService['apply']>[0],
  ): AsyncGenerator<MigrationProgress> {
    let finish = (): void => {};
    void track(new Promise<void>((resolve) => (finish = resolve)));
    try {
      yield* service.apply(options);
    } finally {
      finish();
    }
  }
  return {
    service: {
      ...service,
      apply,
      verify: (options) => track(service.verify(options)),
      rollback: (options) => track(service.rollback(options)),
    },
    async idle() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FINISH_MS)));
      await Promise.race([Promise.allSettled(running), late]);
      clearTimeout(timer);
    },
  };
}
