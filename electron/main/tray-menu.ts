import type { MenuItemConstructorOptions } from 'electron';
import { type ClientId, type ClientView, type Routing, routingOf } from '../../shared/model/client.ts';
import type { HubStatus } from '../../shared/model/hub.ts';
import type { HubView } from './hub-follower.ts';
import type { HubState } from './hub-process.ts';

export interface TrayState {
  hub: HubState;
  view: HubView;
  /** A routing change is under way: no second one may be started. */
  isBusy: boolean;
  /** Null where the system has no such setting for this installation. */
  openAtLogin: boolean | null;
}

/** What the items do. Routes are those of the UI, `#` left out. */
export interface TrayActions {
  open: (route?: string) => void;
  setRouting: (clients: ClientId[], routed: boolean) => void;
  rollBackAll: () => void;
  startHub: () => void;
  openLog: () => void;
  setOpenAtLogin: (openAtLogin: boolean) => void;
  quit: () => void;
}

export type TrayIcon = 'normal' | 'attention' | 'off';

const ROUTING_WORDS: Record<Routing, string> = {
  direct: 'direct',
  partly: 'partly routed',
  routed: 'routed',
  none: 'no servers to route',
};

/** Room for one line of a menu on every system. */
const MAX_LABEL = 64;

/**
 * Text from outside as a menu label: one line, bounded, and `&` doubled because menus underline the letter after a
 * single one.
 */
function label(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  const short = line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL - 1)}…` : line;
  return short.replaceAll('&', '&&');
}

const count = (n: number, one: string, many = `${one}s`): string =>
  `${n === 0 ? 'No' : n} ${n === 1 ? one : many}`;

/** The state of the hub in words: the menu's first line and the icon's tooltip. */
export function statusInWords({ hub, view }: Pick<TrayState, 'hub' | 'view'>): string {
  switch (hub.phase) {
    case 'starting':
      return 'Starting…';
    case 'restarting':
      return 'The hub crashed and is starting again…';
    case 'failed':
      return `Not running: ${hub.error.message}`;
    case 'stopped':
      return 'Stopped';
    case 'ready':
      return view.status ? `Running, ${count(view.status.sessions, 'session').toLowerCase()}` : 'Running';
  }
}

/** `attention`: a person should look. `off`: nothing is routed now, because no hub runs. */
export function trayIcon({ hub, view }: Pick<TrayState, 'hub' | 'view'>): TrayIcon {
  if (hub.phase === 'failed') return 'attention';
  if (hub.phase !== 'ready') return 'off';
  const { status } = view;
  const isAiling =
    status && (status.catalogError !== null || status.servers.some((server) => server.state === 'failed'));
  return isAiling ? 'attention' : 'normal';
}

/** The tray's whole menu, from state alone. */
export function trayMenu(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  return [
    ...statusItems(state, actions),
    { type: 'separator' },
    ...routingItems(state, actions),
    { type: 'separator' },
    ...serverItems(state.view.status, actions),
    { id: 'open', label: 'Open Patchbay', click: () => actions.open() },
    { id: 'traffic', label: 'Live Traffic', click: () => actions.open('/traffic') },
    {
      id: 'roll-back',
      label: 'Roll Back All Clients…',
      enabled: canRoute(state) && routable(state).some((client) => routingOf(client) !== 'direct'),
      click: actions.rollBackAll,
    },
    { type: 'separator' },
    ...loginItems(state, actions),
    { id: 'quit', label: 'Quit Patchbay', click: actions.quit },
  ];
}

function statusItems(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  const { hub, view } = state;
  const items: MenuItemConstructorOptions[] = [
    { id: 'status', label: label(statusInWords(state)), enabled: false },
  ];
  if (hub.phase === 'failed' || hub.phase === 'stopped') {
    items.push({
      id: 'start-hub',
      label: hub.phase === 'failed' ? 'Restart the Hub' : 'Start the Hub',
      click: actions.startHub,
    });
  }
  if (hub.phase === 'failed') items.push({ id: 'log', label: 'Open the Log', click: actions.openLog });
  if (view.status?.catalogError) {
    items.push({
      id: 'catalog-error',
      label: 'The server catalog has an error',
      click: () => actions.open('/servers'),
    });
  }
  if (view.status) {
    const filter = new URLSearchParams({ filter: 'status:error since:1h' });
    items.push({
      id: 'errors',
      label: `${count(view.status.errorsLastHour, 'error')} in the last hour`,
      click: () => actions.open(`/traffic?${filter.toString()}`),
    });
  }
  return items;
}

/** Clients with something to route, and installed ones without. */
const shown = ({ view }: TrayState): ClientView[] =>
  (view.clients ?? []).filter((client) => client.installed || routingOf(client) !== 'none');

const routable = (state: TrayState): ClientView[] =>
  shown(state).filter((client) => routingOf(client) !== 'none');

const canRoute = (state: TrayState): boolean => state.hub.phase === 'ready' && !state.isBusy;

function routingItems(state: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  if (state.view.clients === null)
    return [{ id: 'no-clients', label: 'Clients are not known yet', enabled: false }];
  const clients = routable(state);
  const isEnabled = canRoute(state);
  const areAllRouted = clients.length > 0 && clients.every((client) => routingOf(client) === 'routed');
  return [
    {
      id: 'route-all',
      type: 'checkbox',
      label: 'Route All Clients Through Patchbay',
      checked: areAllRouted,
      enabled: isEnabled && clients.length > 0,
      click: () =>
        actions.setRouting(
          clients.map((client) => client.id),
          !areAllRouted,
        ),
    },
    ...shown(state).map((client): MenuItemConstructorOptions => {
      const routing = routingOf(client);
      return {
        id: `route:${client.id}`,
        type: 'checkbox',
        label: label(`${client.name}: ${ROUTING_WORDS[routing]}`),
        checked: routing === 'routed',
        enabled: isEnabled && routing !== 'none',
        click: () => actions.setRouting([client.id], routing !== 'routed'),
      };
    }),
  ];
}

function serverItems(status: HubStatus | null, actions: TrayActions): MenuItemConstructorOptions[] {
  if (!status) return [];
  const running = status.servers.filter((server) => server.state === 'running').length;
  const failed = status.servers.filter((server) => server.state === 'failed').length;
  const summary = [running && `${running} running`, failed && `${failed} failed`].filter(Boolean).join(', ');
  return [
    {
      id: 'servers',
      label: `${count(status.servers.length, 'Server')}${summary && ` (${summary})`}`,
      enabled: status.servers.length > 0,
      submenu: status.servers.map((server) => ({
        id: `server:${server.name}`,
        label: label(
          `${server.name}: ${server.state}${server.instances > 1 ? ` (${server.instances})` : ''}`,
        ),
        click: () => actions.open(`/servers?${new URLSearchParams({ server: server.name }).toString()}`),
      })),
    },
    { type: 'separator' },
  ];
}

function loginItems({ openAtLogin }: TrayState, actions: TrayActions): MenuItemConstructorOptions[] {
  if (openAtLogin === null) return [];
  return [
    {
      id: 'open-at-login',
      type: 'checkbox',
      label: 'Start at Login',
      checked: openAtLogin,
      click: () => actions.setOpenAtLogin(!openAtLogin),
    },
  ];
}
