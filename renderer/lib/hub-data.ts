import type { Alert, AlertRule } from '../../shared/model/alert.ts';
import type { ClientView } from '../../shared/model/client.ts';
import type { ConfigVersion } from '../../shared/model/config-version.ts';
import type { ErrorInfo } from '../../shared/model/error.ts';
import type { Annotation } from '../../shared/model/exchange.ts';
import type { Finding } from '../../shared/model/guardian.ts';
import type { HubStatus, HubTopic } from '../../shared/model/hub.ts';
import type { HistoryItem, MigrationRun } from '../../shared/model/migration.ts';
import type { SavedFilter } from '../../shared/model/saved-filter.ts';
import type { ServerView } from '../../shared/model/server.ts';
import type { ToolFinding } from '../../shared/model/server-tools.ts';
import type { SessionView } from '../../shared/model/session.ts';
import type { HubSettings } from '../../shared/model/settings.ts';
import type { SharingAdvice } from '../../shared/model/sharing.ts';
import { errorInfoOf } from './error-info.ts';
import type { HubClient, HubLink } from './hub-link.ts';

/** What the hub announces changes of, by topic. */
export interface HubResources {
  status: HubStatus;
  servers: ServerView[];
  sessions: SessionView[];
  clients: ClientView[];
  history: HistoryItem[];
  migration: MigrationRun | null;
  settings: HubSettings;
  configs: ConfigVersion[];
  guardian: Finding[];
  annotations: Annotation[];
  filters: SavedFilter[];
  alerts: AlertsView;
  sharing: SharingAdvice[];
  tools: ToolFinding[];
}

/** The rules and what they found. */
export interface AlertsView {
  rules: AlertRule[];
  alerts: Alert[];
}

/** Last known value of one resource; `data` outlives both errors and lost connections. */
export interface ResourceState<T> {
  data: T | null;
  error: ErrorInfo | null;
}

type Fetchers = { [K in HubTopic]: (client: HubClient) => Promise<HubResources[K]> };

const FETCHERS: Fetchers = {
  status: (client) => client.hub.status(),
  servers: (client) => client.servers.list(),
  sessions: (client) => client.sessions.list(),
  clients: (client) => client.clients.list(),
  history: (client) => client.migration.history(),
  migration: (client) => client.migration.run(),
  settings: (client) => client.settings.get(),
  configs: (client) => client.configs.versions({}),
  guardian: (client) => client.guardian.findings(),
  annotations: (client) => client.traffic.annotations(),
  filters: (client) => client.filters.list(),
  alerts: async (client) => {
    const [rules, alerts] = await Promise.all([client.alerts.rules(), client.alerts.list()]);
    return { rules, alerts };
  },
  sharing: (client) => client.sharing.advice(),
  tools: (client) => client.servers.toolFindings(),
};

const WATCH_RETRY_MS = 1_000;
/** Counts change with every call and by time alone, which no event announces. */
const STATUS_EVERY_MS = 5_000;

/**
 * Keeps every watched resource current: one `hub.watch` stream says what changed, and only what somebody looks at
 * is asked for again. One request per resource is in flight at a time; changes meanwhile lead to one more.
 */
export class HubData {
  readonly #link: HubLink;
  readonly #states = new Map<HubTopic, ResourceState<unknown>>();
  readonly #listeners = new Map<HubTopic, Set<() => void>>();
  readonly #inFlight = new Map<HubTopic, { again: boolean }>();
  #connection: { client: HubClient; abort: AbortController } | null = null;
  readonly #unsubscribe: () => void;
  readonly #ticker: ReturnType<typeof setInterval>;

  constructor(link: HubLink) {
    this.#link = link;
    this.#unsubscribe = link.subscribe(() => this.#onLink());
    this.#ticker = setInterval(() => {
      if (document.visibilityState === 'visible') this.refresh('status');
    }, STATUS_EVERY_MS);
    this.#onLink();
  }

  /** The same object until the resource changes, so that React can compare by identity. */
  read<K extends HubTopic>(topic: K): ResourceState<HubResources[K]> {
    // The map is keyed by topic and only #load writes it, with the fetcher of that very topic.
    return (this.#states.get(topic) ?? EMPTY) as ResourceState<HubResources[K]>;
  }

  subscribe(topic: HubTopic, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    if (listeners.size === 1) this.refresh(topic);
    return () => listeners.delete(listener);
  }

  /** Asks for a resource again, if anybody looks at it. */
  refresh(topic: HubTopic): void {
    if (this.#connection === null || !this.#listeners.get(topic)?.size) return;
    const running = this.#inFlight.get(topic);
    if (running) running.again = true;
    else void this.#load(topic, this.#connection.client);
  }

  dispose(): void {
    clearInterval(this.#ticker);
    this.#unsubscribe();
    this.#connection?.abort.abort();
    this.#connection = null;
  }

  #onLink(): void {
    const state = this.#link.state();
    const client = state.phase === 'connected' ? state.client : null;
    if (client === (this.#connection?.client ?? null)) return;
    this.#connection?.abort.abort();
    this.#connection = client && { client, abort: new AbortController() };
    this.#inFlight.clear();
    if (!this.#connection) return;
    // The stream names every topic once at its start: that loads whatever is being looked at.
    void this.#watch(this.#connection.client, this.#connection.abort.signal);
  }

  async #watch(client: HubClient, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const { topic } of await client.hub.watch(undefined, { signal })) this.refresh(topic);
      } catch {
        // A failed stream is healed by asking again; a lost connection aborts the signal.
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, WATCH_RETRY_MS));
    }
  }

  async #load(topic: HubTopic, client: HubClient): Promise<void> {
    const run = { again: false };
    this.#inFlight.set(topic, run);
    const previous = this.read(topic);
    let next: ResourceState<unknown>;
    try {
      next = { data: await FETCHERS[topic](client), error: null };
    } catch (error) {
      next = { data: previous.data, error: errorInfoOf(error) };
    }
    if (this.#connection?.client !== client) return;
    this.#inFlight.delete(topic);
    this.#states.set(topic, next);
    for (const listener of this.#listeners.get(topic) ?? []) listener();
    if (run.again) this.refresh(topic);
  }
}

const EMPTY: ResourceState<never> = { data: null, error: null };
