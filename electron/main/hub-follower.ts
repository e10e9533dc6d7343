import type { ClientView } from '../../shared/model/client.ts';
import type { HubStatus, HubTopic } from '../../shared/model/hub.ts';
import type { Logger } from '../hub/log.ts';
import type { HubApi, HubLink } from '../hub/api/hub-link.ts';
import type { HubProcess } from './hub-process.ts';

/** What the tray shows of the hub; null while it is not known. */
export interface HubView {
  status: HubStatus | null;
  clients: ClientView[] | null;
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

/** Main needs no more of its link. */
type MainLink = Pick<HubLink, 'api' | 'close'>;

const NOTHING: HubView = { status: null, clients: null };

/** Which part of the view a topic touches. */
const PART_OF: Record<HubTopic, keyof HubView | null> = {
  status: 'status',
  servers: 'status',
  sessions: 'status',
  clients: 'clients',
  history: 'clients',
  migration: null,
  settings: null,
  configs: null,
  guardian: null,
  annotations: null,
  filters: null,
  alerts: null,
  sharing: null,
};

export function createHubFollower(
  hub: Pick<HubProcess, 'state' | 'onChange'>,
  connect: () => MainLink | null,
  logger: Logger,
): HubFollower {
  const listeners = new Set<() => void>();
  let view = NOTHING;
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
    if (view !== NOTHING) show(NOTHING);
  }

  async function follow(current: MainLink): Promise<void> {
    const { api: client } = current;
    const isCurrent = (): boolean => connection === current;
    const refresh = {
      status: singleFlight(async () => {
        const status = await client.hub.status();
        if (isCurrent()) show({ ...view, status });
      }),
      clients: singleFlight(async () => {
        const clients = await client.clients.list();
        if (isCurrent()) show({ ...view, clients });
      }),
    };
    const update = (part: keyof HubView): void => {
      refresh[part]().catch((error: unknown) => complain(part, error));
    };
    ticker = setInterval(() => update('status'), STATUS_EVERY_MS).unref();
    try {
      for await (const { topic } of await client.hub.watch()) {
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

  const update = (): void => {
    drop();
    if (hub.state.phase !== 'ready') return;
    connection = connect();
    if (connection) void follow(connection);
  };
  const unsubscribe = hub.onChange(update);
  update();

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
