import { createChanges } from '../../electron/hub/changes.ts';
import type { HubServices } from '../../electron/hub/api/hub-services.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import { HubSettings } from '../../shared/model/settings.ts';

export interface ScriptedServices extends HubServices {
  /** How many live streams are being read. */
  liveReaders(): number;
  /** How often the hub was asked to end. */
  stops(): number;
}

/** Fixed answers behind the real router: the subject is how they travel, not what they say. */
export function scriptedServices(): ScriptedServices {
  let readers = 0;
  let stopped = 0;
  const nothing = (): never => {
    throw new Error('not scripted');
  };
  return {
    changes: createChanges(),
    liveReaders: () => readers,
    stops: () => stopped,
    stop: () => void (stopped += 1),
    status: () => ({
      running: true,
      pid: 1,
      port: 12_009,
      url: 'http://127.0.0.1:12009/',
      version: '0.0.0',
      host: 'headless',
      startedAt: 0,
      dataDir: '/data',
      servers: [{ name: '__proto__', state: 'idle', instances: 0 }],
      sessions: 0,
      droppedExchanges: 0,
      trafficStore: null,
      errorsLastHour: 0,
      bypasses: [],
      catalogError: null,
    }),
    traffic: {
      tap: { openSession: nothing },
      list: async () => ({ exchanges: [], more: false }),
      get: nothing,
      stats: async () => [],
      async *live(_filter, signal) {
        readers += 1;
        try {
          while (!signal.aborted) {
            yield { rows: [], dropped: 0 };
            await new Promise<void>((resolve) => {
              signal.addEventListener('abort', () => resolve(), { once: true });
            });
          }
        } finally {
          readers -= 1;
        }
      },
      countsLastHour: () => new Map(),
      dropped: 0,
      storeError: null,
      storeWarning: null,
      ignored: { notMessages: 0, strayAnswers: 0 },
      applySettings: nothing,
      close: async () => {},
    },
    servers: {
      list: () => [],
      stderr: (name) => {
        throw new PatchbayError('SERVER_UNKNOWN', `There is no server ${JSON.stringify(name)}.`, {
          hint: 'Look again.',
        });
      },
      add: nothing,
      remove: nothing,
      setEnabled: nothing,
      restart: async () => {
        throw new Error('kaput');
      },
    },
    sessions: () => [],
    migration: {
      recover: async () => [],
      clients: async () => [],
      plan: nothing,
      async *apply() {
        yield { type: 'step', step: 'backup', state: 'started', detail: 'saving' };
        throw new PatchbayError('PLAN_STALE', 'The file has changed.');
      },
      verify: nothing,
      rollback: nothing,
      history: async () => [],
    },
    settings: { get: () => HubSettings.parse({}), set: nothing },
    demo: nothing,
  };
}
