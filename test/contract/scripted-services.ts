import { createChanges } from '../../electron/hub/changes.ts';
import type { HubServices } from '../../electron/hub/api/hub-services.ts';
import { PatchbayError } from '../../shared/model/error.ts';
import type { ServerDefinition } from '../../shared/model/server.ts';
import type { SessionView } from '../../shared/model/session.ts';
import { HubSettings } from '../../shared/model/settings.ts';

export interface ScriptedServices extends HubServices {
  /** How many live streams are being read. */
  liveReaders(): number;
  /** How often the hub was asked to end. */
  stops(): number;
  /** One session more; its id. */
  openSession(): string;
  /** Queries of traffic.list, servers added and servers switched, as they arrived. */
  readonly asked: unknown[];
  /** Names under which work was done. */
  readonly ran: string[];
  readonly added: { name: string; definition: ServerDefinition }[];
  readonly switched: { name: string; enabled: boolean }[];
}

const session = (id: string): SessionView => ({
  id,
  client: 'claude-code',
  server: 'github',
  transport: 'shim',
  era: null,
  pid: 1,
  cwd: '/project',
  openedAt: 0,
  resumed: 0,
});

/** Fixed answers behind the real router: the subject is how they travel, not what they say. */
export function scriptedServices(): ScriptedServices {
  const sessions = new Map<string, SessionView>([['s 1/ü', session('s 1/ü')]]);
  const asked: unknown[] = [];
  const ran: string[] = [];
  const added: { name: string; definition: ServerDefinition }[] = [];
  const switched: { name: string; enabled: boolean }[] = [];
  let readers = 0;
  let stopped = 0;
  const nothing = (): never => {
    throw new Error('not scripted');
  };
  return {
    changes: createChanges(),
    liveReaders: () => readers,
    stops: () => stopped,
    asked,
    added,
    switched,
    openSession() {
      const id = `s${sessions.size}`;
      sessions.set(id, session(id));
      return id;
    },
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
    timeMachine: {
      list: async () => [],
      read: nothing,
      diff: nothing,
      restore: nothing,
      write: nothing,
      see: nothing,
      noteAuthor: nothing,
      onVersion: () => () => {},
      tidy: async () => {},
    },
    guardian: {
      start: nothing,
      check: nothing,
      findings: async () => [],
      mergeBack: nothing,
      accept: nothing,
      remove: nothing,
      followWrite: nothing,
      followed: () => [],
      clientConnected: nothing,
      onFinding: () => () => {},
      close: nothing,
    },
    traffic: {
      tap: { openSession: nothing, openCalls: nothing },
      list: async (query) => {
        asked.push(query);
        if (query.filter === 'dur:soon') throw new PatchbayError('FILTER_INVALID', 'dur: takes a time.');
        return { exchanges: [], more: false };
      },
      get: async (id) => {
        throw new PatchbayError('NOT_FOUND', `There is no exchange ${id}.`);
      },
      search: nothing,
      context: nothing,
      histogram: nothing,
      annotations: async () => [],
      annotate: nothing,
      distribution: async () => ({
        boundsMs: [],
        counts: [],
        slices: [],
        hub: { p50Ms: 0, p90Ms: 0, p99Ms: 0 },
        total: { count: 0, errors: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 },
      }),
      took: nothing,
      latency: async () => [],
      async *live(_filter, signal) {
        readers += 1;
        try {
          while (!signal.aborted) {
            yield { rows: [], dropped: 0, feed: 'a', number: 1 };
            await new Promise<void>((resolve) => {
              signal.addEventListener('abort', () => resolve(), { once: true });
            });
          }
        } finally {
          readers -= 1;
        }
      },
      totals: { exchanges: nothing, durations: nothing, tools: nothing },
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
      add: async (name, definition) => void added.push({ name, definition }),
      remove: nothing,
      setEnabled: async (name, enabled) => void switched.push({ name, enabled }),
      change: nothing,
      settings: nothing,
      import: nothing,
      restart: async () => {
        throw new Error('kaput');
      },
    },
    logins: { begin: nothing, cancel: nothing, logout: nothing },
    exports: { file: nothing, sendSpans: nothing },
    replay: { send: nothing },
    alerts: {
      rules: () => [],
      save: nothing,
      remove: nothing,
      list: () => [],
      prometheus: () => 'groups: []',
      close: nothing,
    },
    savedFilters: { list: () => [], save: nothing, remove: nothing },
    questions: { ask: nothing },
    toolWatch: { findings: () => [], changes: nothing, accept: nothing },
    sharing: { advice: async () => [], try: nothing, takeBack: nothing, keep: nothing },
    sessions: () => [...sessions.values()],
    session: (id) => sessions.get(id) ?? null,
    endSession: async (id) => sessions.delete(id),
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
      report: nothing,
    },
    migrationRun: () => null,
    settings: { get: () => HubSettings.parse({}), set: nothing },
    demo: nothing,
    loop: {
      during(what, work) {
        ran.push(what);
        return work();
      },
    },
    ran,
  };
}
