import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../../shared/contract/contract.ts';
import { toErrorInfo } from '../../../shared/model/error.ts';
import type { HubTopic } from '../../../shared/model/hub.ts';
import { PatchbayError } from '../../../shared/model/error.ts';
import type { HubServices } from './hub-services.ts';

/** Who calls: the local socket and the desktop may end the hub, a browser may not. */
export interface CallContext {
  isLocal: boolean;
}

/** Implements the contract over the hub's services; every failure leaves as an ErrorInfo in `error.data`. */
export function createRouter(services: HubServices) {
  const { status, changes, traffic, servers, sessions, migration, settings, demo } = services;
  const os = implement(contract)
    .$context<CallContext>()
    .use(async ({ next }) => {
      try {
        return await next();
      } catch (error) {
        throw asCallError(error);
      }
    });

  return os.router({
    hub: {
      status: os.hub.status.handler(() => status()),
      watch: os.hub.watch.handler(async function* ({ signal }) {
        yield* watchTopics(changes, signal);
      }),
      stop: os.hub.stop.handler(({ context }) => {
        if (!context.isLocal)
          throw new PatchbayError('FORBIDDEN', 'Only this computer’s own programs may end the hub.');
        services.stop();
        return { ok: true as const };
      }),
    },
    traffic: {
      list: os.traffic.list.handler(({ input }) => traffic.list(input)),
      live: os.traffic.live.handler(async function* ({ input, signal }) {
        yield* withCallErrors(traffic.live(input.filter, signal ?? new AbortController().signal));
      }),
      get: os.traffic.get.handler(({ input }) => traffic.get(input.id)),
      stats: os.traffic.stats.handler(({ input }) => traffic.stats(input)),
    },
    servers: {
      list: os.servers.list.handler(() => servers.list()),
      stderr: os.servers.stderr.handler(({ input }) => servers.stderr(input.name)),
      add: os.servers.add.handler(async ({ input }) => {
        await servers.add(input.name, input.definition);
        return { ok: true as const };
      }),
      remove: os.servers.remove.handler(async ({ input }) => {
        await servers.remove(input.name);
        return { ok: true as const };
      }),
      setEnabled: os.servers.setEnabled.handler(async ({ input }) => {
        await servers.setEnabled(input.name, input.enabled);
        return { ok: true as const };
      }),
      restart: os.servers.restart.handler(async ({ input }) => {
        await servers.restart(input.name);
        return { ok: true as const };
      }),
    },
    sessions: { list: os.sessions.list.handler(() => sessions()) },
    clients: { list: os.clients.list.handler(() => migration.clients()) },
    migration: {
      plan: os.migration.plan.handler(({ input }) => migration.plan(input)),
      apply: os.migration.apply.handler(async function* ({ input }) {
        try {
          yield* withCallErrors(migration.apply({ ...input, witness: true }));
        } finally {
          changes.emit('clients');
          changes.emit('history');
        }
      }),
      verify: os.migration.verify.handler(({ input }) => migration.verify(input)),
      rollback: os.migration.rollback.handler(async ({ input }) => {
        const result = await migration.rollback(input);
        changes.emit('clients');
        changes.emit('history');
        return result;
      }),
      history: os.migration.history.handler(() => migration.history()),
    },
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(({ input }) => settings.set(input)),
    },
    demo: { start: os.demo.start.handler(() => demo()) },
  });
}

function asCallError(error: unknown): unknown {
  // The library's own errors (bad input, unknown procedure) are complete.
  if (error instanceof ORPCError) return error;
  const info = toErrorInfo(error);
  return new ORPCError(info.code, { message: info.message, data: info, status: 400 });
}

/** Errors inside a stream do not pass the middleware. */
async function* withCallErrors<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw asCallError(error);
  }
}

const TOPICS: HubTopic[] = ['status', 'servers', 'sessions', 'clients', 'history', 'settings'];

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
