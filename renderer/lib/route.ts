import { useSyncExternalStore } from 'react';

/** The wizard's steps, in order. */
export const SETUP_STEPS = ['found', 'review', 'apply', 'report', 'done'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** Every place of the app. The whole of it is in the address, so that reload and tray links land where they should. */
export type Route =
  /** `compare`: the exchange beside the first one, in its comparison. */
  | { screen: 'traffic'; filter: string; exchange: number | null; compare?: number }
  | { screen: 'latency' }
  | { screen: 'servers'; server: string | null }
  | { screen: 'clients' }
  | { screen: 'settings' }
  | { screen: 'setup'; step: SetupStep; clients: string[] };
export type Screen = Route['screen'];

/** Reads a location hash; anything unknown is the traffic screen. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const query = new URLSearchParams(search);
  switch (path) {
    case 'latency':
    case 'clients':
    case 'settings':
      return { screen: path };
    case 'servers':
      return { screen: 'servers', server: query.get('server') };
    case 'setup': {
      const step = SETUP_STEPS.find((name) => name === query.get('step')) ?? 'found';
      return { screen: 'setup', step, clients: query.getAll('client') };
    }
    default: {
      const exchange = exchangeIn(query, 'exchange');
      const compare = exchange === null ? null : exchangeIn(query, 'compare');
      const filter = query.get('filter') ?? '';
      return { screen: 'traffic', filter, exchange, ...(compare === null ? {} : { compare }) };
    }
  }
}

function exchangeIn(query: URLSearchParams, name: string): number | null {
  const id = Number(query.get(name) ?? Number.NaN);
  return Number.isSafeInteger(id) ? id : null;
}

/** The hash of a route, `#` included. */
export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.screen === 'traffic' && route.filter) query.set('filter', route.filter);
  if (route.screen === 'traffic' && route.exchange !== null) query.set('exchange', String(route.exchange));
  if (route.screen === 'traffic' && route.compare !== undefined) query.set('compare', String(route.compare));
  if (route.screen === 'servers' && route.server !== null) query.set('server', route.server);
  if (route.screen === 'setup') {
    query.set('step', route.step);
    for (const client of route.clients) query.append('client', client);
  }
  const search = query.toString();
  return `#/${route.screen}${search && `?${search}`}`;
}

const ROUTE_CHANGE = 'patchbay:route';

/** Goes to a route; `replace` leaves no entry in the history, for what changes while typing. */
export function navigate(route: Route, { replace = false } = {}): void {
  if (!replace) {
    window.location.hash = formatRoute(route);
    return;
  }
  window.history.replaceState(null, '', formatRoute(route));
  // replaceState fires no event of its own.
  window.dispatchEvent(new Event(ROUTE_CHANGE));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  window.addEventListener(ROUTE_CHANGE, listener);
  return () => {
    window.removeEventListener('hashchange', listener);
    window.removeEventListener(ROUTE_CHANGE, listener);
  };
}

let last = { hash: '', route: parseRoute('') };

function currentRoute(): Route {
  const { hash } = window.location;
  if (hash !== last.hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

/** The current route; the same object as long as the address stays. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute);
