import type { Alert } from '../../shared/model/alert.ts';
import type { ClientView } from '../../shared/model/client.ts';
import type { Exchange } from '../../shared/model/exchange.ts';
import type { Finding } from '../../shared/model/guardian.ts';
import type { HubStatus, HubTopic } from '../../shared/model/hub.ts';
import type { ToolFinding } from '../../shared/model/server-tools.ts';
import type { HubApi, HubLink } from '../hub/api/hub-link.ts';
import type { Logger } from '../hub/log.ts';
import type { HubProcess } from './hub-process.ts';

/** What the tray shows of the hub; null while it is not known. */
export interface HubView {
  status: HubStatus | null;
  clients: ClientView[] | null;
  /** The newest failed exchanges of the last hour. */
  failures: Exchange[] | null;
  findings: Finding[] | null;
  alerts: Alert[] | null;
  toolFindings: ToolFinding[] | null;
}

/** Keeps a view of the hub as fresh as the hub's own notices, over a connection that follows its restarts. */
export interface HubFollower {
  readonly view: HubView;
  /** The current connection's procedures; null while no hub is ready. */
  readonly client: HubApi | null;
  onChange(listener: () => void): () => void;
  dispose(): void;
}

/** Counts of calls and errors change with every call and by time alone, which no notice announces. */
const STATUS_EVERY_MS = 15_000;

/** What the tray lists and counts as failures. */
export const FAILURE_FILTER = 'status:error since:1h';
const MAX_FAILURES = 5;

/** Main needs no more of its link. */
type MainLink = Pick<HubLink, 'api' | 'close'>;

export const NOTHING_KNOWN: HubView = {
  status: null,
  clients: null,
  failures: null,
  findings: null,
  alerts: null,
  toolFindings: null,
};

/** Which part of the view a topic touches. */
const PART_OF: Record<HubTopic, keyof HubView | null> = {
  status: 'status',
  servers: 'status',
  sessions: 'status',
  clients: 'clients',
  history: 'clients',
  migration: null,
  guardian: 'findings',
  alerts: 'alerts',
  settings: null,
  configs: null,
  annotations: null,
  filters: null,
  sharing: null,
  tools: 'toolFindings',
};

/** How each part is read. */
const READ: { [Part in keyof HubView]: (api: HubApi) => Promise<HubView[Part]> } = {
  status: (api) => api.hub.status(),
  clients: (api) => api.clients.list(),
  failures: async (api) =>
    (await api.traffic.list({ filter: FAILURE_FILTER, limit: MAX_FAILURES })).exchanges,
  findings: (api) => api.guardian.findings(),
  alerts: (api) => api.alerts.list(),
  toolFindings: (api) => api.servers.toolFindings(),
};

export function createHubFollower(
  hub: Pick<HubProcess, 'state' | 'onChange'>,
  connect: () => MainLink | null,
  logger: Logger,
): HubFollower {
  const listeners = new Set<() => void>();
  let view = NOTHING_KNOWN;
  let connection: MainLink | null = null;
  let ticker: NodeJS.Timeout | undefined;

  function show(next: HubView): void {
    view = next;
    for (const listener of listeners) listener();
  }

  function drop(): void {
    clearInterval(ticker);
    connection?.close();
    connection = null;
    if (view !== NOTHING_KNOWN) show(NOTHING_KNOWN);
  }

  async function follow(current: MainLink): Promise<void> {
    const isCurrent = (): boolean => connection === current;
    const reader = <Part extends keyof HubView>(part: Part): (() => Promise<void>) =>
      singleFlight(async () => {
        const value = await READ[part](current.api);
        if (!isCurrent()) return;
        const errorsBefore = view.status?.errorsLastHour;
        show({ ...view, [part]: value });
        // Traffic has no topic of its own, which would come with every call.
        if (part === 'status' && view.status?.errorsLastHour !== errorsBefore) update('failures');
      });
    const refresh: Record<keyof HubView, () => Promise<void>> = {
      status: reader('status'),
      clients: reader('clients'),
      failures: reader('failures'),
      findings: reader('findings'),
      alerts: reader('alerts'),
      toolFindings: reader('toolFindings'),
    };
    function update(part: keyof HubView): void {
      refresh[part]().catch((error: unknown) => complain(part, error));
    }
    ticker = setInterval(() => update('status'), STATUS_EVERY_MS).unref();
    try {
      for await (const { topic } of await current.api.hub.watch()) {
        const part = PART_OF[topic];
        if (part) update(part);
      }
    } catch (error) {
      complain('watch', error);
    }

    function complain(what: string, error: unknown): void {
      // A connection that closed under a call is no news: the hub's state tells why.
      if (isCurrent()) logger.log('warn', 'hub.follow-failed', { what, problem: String(error) });
    }
  }

  const restart = (): void => {
    drop();
    if (hub.state.phase !== 'ready') return;
    connection = connect();
    if (connection) void follow(connection);
  };
  const unsubscribe = hub.onChange(restart);
  restart();

  return {
    get view() {
      return view;
    },
    get client() {
      return connection?.api ?? null;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      unsubscribe();
      drop();
    },
  };
}

/** Runs one call at a time; calls made meanwhile become a single further one, so the last result is fresh. */
function singleFlight(load: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await load();
    } while (again);
  };
  return () => {
    again = running !== null;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}
