import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ErrorInfo } from '../../shared/model/error.ts';
import type { HubTopic } from '../../shared/model/hub.ts';
import { errorInfoOf } from './error-info.ts';
import type { HubData, HubResources, ResourceState } from './hub-data.ts';
import type { HubClient, HubLink, LinkState } from './hub-link.ts';
import type { TrafficFeed } from './traffic-feed.ts';

/** Everything that outlives screens; made once in main.tsx. */
export interface HubServices {
  link: HubLink;
  data: HubData;
  traffic: TrafficFeed;
}

const HubContext = createContext<HubServices | null>(null);

/** Gives the services to the screens below. */
export const HubProvider = HubContext.Provider;

/** The services; throws when used outside of the provider, which is a programming error. */
export function useHub(): HubServices {
  const services = useContext(HubContext);
  if (!services) throw new Error('HubProvider is missing.');
  return services;
}

export function useLinkState(): LinkState {
  const { link } = useHub();
  return useSyncExternalStore(link.subscribe, link.state);
}

/** The hub's procedures, or null while there is no connection. */
export function useHubClient(): HubClient | null {
  const state = useLinkState();
  return state.phase === 'connected' ? state.client : null;
}

/** A resource the hub announces changes of; `data` is null until it first arrived. */
export function useResource<K extends HubTopic>(topic: K): ResourceState<HubResources[K]> {
  const { data } = useHub();
  const subscribe = useCallback((listener: () => void) => data.subscribe(topic, listener), [data, topic]);
  return useSyncExternalStore(subscribe, () => data.read(topic));
}

/** Result of one call with parameters. */
export interface HubQuery<T> {
  data: T | null;
  error: ErrorInfo | null;
  isLoading: boolean;
  reload(): void;
}

interface Settled<T> {
  key: string;
  data: T | null;
  error: ErrorInfo | null;
}

/**
 * Runs a call whenever `key` or the connection changes, and every `everyMs` while the page is visible. A failed
 * repeat keeps the data it had, so a screen never empties itself.
 */
export function useHubQuery<T>(
  key: string,
  run: (client: HubClient, signal: AbortSignal) => Promise<T>,
  { everyMs }: { everyMs?: number } = {},
): HubQuery<T> {
  const client = useHubClient();
  const [settled, setSettled] = useState<Settled<T> | null>(null);
  const [turn, setTurn] = useState(0);
  const call = useEffectEvent(run);

  useEffect(() => {
    if (client === null) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      try {
        const data = await call(client, abort.signal);
        if (!abort.signal.aborted) setSettled({ key, data, error: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        setSettled((old) => ({ key, data: old?.key === key ? old.data : null, error: errorInfoOf(error) }));
      }
      if (everyMs !== undefined && !abort.signal.aborted) timer = setTimeout(() => void tick(), everyMs);
    };
    const tick = async (): Promise<void> => {
      if (document.visibilityState === 'visible') await load();
      else timer = setTimeout(() => void tick(), everyMs);
    };
    void load();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client, key, everyMs, turn]);

  const current = settled?.key === key ? settled : null;
  return {
    data: current?.data ?? null,
    error: current?.error ?? null,
    isLoading: current === null,
    reload: useCallback(() => setTurn((value) => value + 1), []),
  };
}
