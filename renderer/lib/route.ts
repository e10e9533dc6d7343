import { useSyncExternalStore } from 'react';
import { readChoices, type SetupChoices, writeChoices } from './setup-choices.ts';

/** The wizard's steps, in order. */
export const SETUP_STEPS = ['found', 'choose', 'review', 'apply', 'report', 'done'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** How far back the latency screen looks; the first is what it starts with. */
export const LATENCY_PERIODS = ['1h', '15m', '24h', '7d'] as const;
export type LatencyPeriod = (typeof LATENCY_PERIODS)[number];

/** What the servers screen shows beside its list. */
export const SERVER_VIEWS = ['tools', 'settings', 'sharing'] as const;
export type ServerViewName = (typeof SERVER_VIEWS)[number];

/** A step of the wizard, with all it takes to come back to it. */
export interface SetupRoute {
  screen: 'setup';
  step: SetupStep;
  /** None named: all. */
  clients: string[];
  /** Absent: as little change as possible. */
  choices?: SetupChoices;
  /** When the migration was begun that `apply` shows, in epoch milliseconds. */
  since?: number;
  /** The migration that `report` and `done` are about. */
  migration?: string;
}

/** Every place of the app. The whole of it is in the address, so that reload and tray links land where they should. */
export type Route =
  /** `compare`: the exchange beside the first one, in its comparison. */
  | { screen: 'traffic'; filter: string; exchange: number | null; compare?: number }
  | {
      screen: 'latency';
      /** Absent: the table of tools. */
      tab?: 'alerts';
      filter?: string;
      period?: LatencyPeriod;
      /** The row whose detail is open. */
      row?: { server: string; tool: string };
    }
  /** Without a view: the server itself; `sharing` without a server: all of them. */
  | { screen: 'servers'; server: string | null; view?: ServerViewName }
  /** `config`: the path of the file whose versions are shown; empty for the first there is. */
  | { screen: 'clients'; config?: string }
  | { screen: 'settings' }
  | SetupRoute;
export type Screen = Route['screen'];

/** Reads a location hash; anything unknown is the traffic screen. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const query = new URLSearchParams(search);
  switch (path) {
    case 'latency':
      return readLatency(query);
    case 'clients': {
      const config = query.get('config');
      return { screen: path, ...(config !== null && { config }) };
    }
    case 'settings':
      return { screen: path };
    case 'servers': {
      const view = SERVER_VIEWS.find((name) => name === query.get('view'));
      return { screen: 'servers', server: query.get('server'), ...(view && { view }) };
    }
    case 'setup': {
      const step = SETUP_STEPS.find((name) => name === query.get('step')) ?? 'found';
      const since = Number(query.get('since') ?? Number.NaN);
      const migration = query.get('migration');
      return {
        screen: 'setup',
        step,
        clients: query.getAll('client'),
        choices: readChoices(query),
        ...(Number.isSafeInteger(since) && { since }),
        ...(migration !== null && { migration }),
      };
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

function readLatency(query: URLSearchParams): Route {
  const [server, tool] = [query.get('server'), query.get('tool')];
  const period = LATENCY_PERIODS.find((name) => name === query.get('period'));
  const filter = query.get('filter');
  return {
    screen: 'latency',
    ...(query.get('tab') === 'alerts' && { tab: 'alerts' as const }),
    ...(filter && { filter }),
    ...(period && { period }),
    ...(server !== null && tool !== null && { row: { server, tool } }),
  };
}

/** The hash of a route, `#` included. */
export function formatRoute(route: Route): string {
  const query = new URLSearchParams();
  if (route.screen === 'traffic' && route.filter) query.set('filter', route.filter);
  if (route.screen === 'traffic' && route.exchange !== null) query.set('exchange', String(route.exchange));
  if (route.screen === 'traffic' && route.compare !== undefined) query.set('compare', String(route.compare));
  if (route.screen === 'latency') {
    if (route.tab) query.set('tab', route.tab);
    if (route.filter) query.set('filter', route.filter);
    if (route.period) query.set('period', route.period);
    if (route.row) {
      query.set('server', route.row.server);
      query.set('tool', route.row.tool);
    }
  }
  if (route.screen === 'servers') {
    if (route.server !== null) query.set('server', route.server);
    if (route.view) query.set('view', route.view);
  }
  if (route.screen === 'clients' && route.config !== undefined) query.set('config', route.config);
  if (route.screen === 'setup') {
    query.set('step', route.step);
    for (const client of route.clients) query.append('client', client);
    if (route.choices) writeChoices(query, route.choices);
    if (route.since !== undefined) query.set('since', String(route.since));
    if (route.migration !== undefined) query.set('migration', route.migration);
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
