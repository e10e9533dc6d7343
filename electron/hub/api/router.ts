import { PatchbayError } from '../../../shared/model/error.ts';
import type { RollbackResult } from '../../../shared/model/migration.ts';
import { HubTopic } from '../../../shared/model/hub.ts';
import { needsLocal, needsOwner } from './call-context.ts';
import { withCallErrors } from './call-errors.ts';
import type { HubServices } from './hub-services.ts';
import { implementContract } from './implement-contract.ts';
import { serverRoutes } from './server-routes.ts';
import { trafficRoutes } from './traffic-routes.ts';

export type { CallContext } from './call-context.ts';

export type HubRouter = ReturnType<typeof createRouter>;

/** Implements the contract over the hub's services; every failure leaves as an ErrorInfo in `error.data`. */
export function createRouter(services: HubServices) {
  const { status, changes, migration, settings, demo, timeMachine, guardian } = services;
  const os = implementContract(services);

  const configsChanged = (): void => {
    changes.emit('clients');
    changes.emit('history');
  };
  async function* thenChanged<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
    try {
      yield* source;
    } finally {
      configsChanged();
    }
  }

  return os.router({
    hub: {
      status: os.hub.status.handler(() => status()),
      watch: os.hub.watch.handler(async function* ({ signal }) {
        yield* watchTopics(changes, signal);
      }),
      stop: os.hub.stop.handler(({ context }) => {
        needsLocal(context);
        services.stop();
        return { ok: true as const };
      }),
    },
    ...trafficRoutes(os, services),
    ...serverRoutes(os, services),
    sessions: {
      list: os.sessions.list.handler(() => services.sessions()),
      get: os.sessions.get.handler(({ input }) => services.session(input.id) ?? unknownSession(input.id)),
      end: os.sessions.end.handler(async ({ input }) => {
        if (!(await services.endSession(input.id))) unknownSession(input.id);
        return { ok: true as const };
      }),
    },
    clients: { list: os.clients.list.handler(() => migration.clients()) },
    migration: {
      plan: os.migration.plan.handler(({ input }) => migration.plan(input)),
      apply: os.migration.apply.handler(({ input, context }) => {
        needsOwner(context);
        return thenChanged(withCallErrors(migration.apply({ ...input, witness: true })));
      }),
      verify: os.migration.verify.handler(({ input }) => migration.verify(input)),
      rollback: os.migration.rollback.handler(async ({ input, context }) => {
        needsOwner(context);
        const result = await migration.rollback(input);
        if (!input.dryRun) followRollback(guardian, result);
        configsChanged();
        return result;
      }),
      history: os.migration.history.handler(() => migration.history()),
      run: os.migration.run.handler(() => services.migrationRun()),
      report: os.migration.report.handler(({ input }) => migration.report(input.id)),
    },
    configs: {
      versions: os.configs.versions.handler(({ input }) => timeMachine.list(input.path)),
      diff: os.configs.diff.handler(({ input }) => timeMachine.diff(input.from, input.to)),
      restore: os.configs.restore.handler(({ input: { path, version, ...options }, context }) => {
        needsOwner(context);
        return timeMachine.restore(path, version, options);
      }),
    },
    guardian: {
      findings: os.guardian.findings.handler(() => guardian.findings()),
      mergeBack: os.guardian.mergeBack.handler(({ input: { id, ...options }, context }) => {
        needsOwner(context);
        return guardian.mergeBack(id, options);
      }),
      accept: os.guardian.accept.handler(({ input, context }) => {
        needsOwner(context);
        return guardian.accept(input.id);
      }),
      remove: os.guardian.remove.handler(({ input: { id, ...options }, context }) => {
        needsOwner(context);
        return guardian.remove(id, options);
      }),
    },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(({ input }) => settings.set(input)),
    },
    demo: { start: os.demo.start.handler(() => demo()) },
  });
}

function unknownSession(id: string): never {
  throw new PatchbayError('SESSION_UNKNOWN', `There is no session ${JSON.stringify(id)}.`, {
    hint: 'See: patchbay sessions',
  });
}

const TOPICS: readonly HubTopic[] = HubTopic.options;

/** Each topic at most once per 100 ms, whatever happens below. */
async function* watchTopics(
  changes: HubServices['changes'],
  signal?: AbortSignal,
): AsyncGenerator<{ topic: HubTopic }> {
  const COALESCE_MS = 100;
  const waiting = new Set<HubTopic>(TOPICS);
  let wake: (() => void) | null = null;
  const ring = (): void => wake?.();
  const unsubscribe = changes.subscribe((topic) => {
    waiting.add(topic);
    ring();
  });
  signal?.addEventListener('abort', ring);
  try {
    while (!signal?.aborted) {
      for (const topic of waiting) {
        waiting.delete(topic);
        yield { topic };
      }
      if (waiting.size === 0 && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await new Promise((resolve) => setTimeout(resolve, COALESCE_MS).unref());
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', ring);
  }
}

/** What we took back ourselves is no news; whether it stays is. */
function followRollback(guardian: HubServices['guardian'], { files }: RollbackResult): void {
  for (const { path, result, sha256, migration } of files) {
    if (sha256 === null || (result !== 'exact' && result !== 'merged')) continue;
    void guardian.followWrite(path, sha256, { kind: 'patchbay', action: 'rollback', migration });
  }
}
